// The audit log as tools.

import { z } from 'zod'
import { type AnyTool, defineTool } from '#src/core/index.ts'
import type { Audit } from './audit.ts'
import { AuditFilter, AuditPage, AuditReport } from './contract.ts'

export interface AuditToolsDeps {
  readonly audit: Audit
}

export function auditTools({ audit }: AuditToolsDeps): AnyTool[] {
  return [
    defineTool({
      name: 'audit_list',
      title: 'Read the audit log',
      description:
        'Every change and every refusal, newest first: who, which tool, what it touched, how it was decided and ended. Never the values of an input.',
      effect: 'read',
      scope: 'audit:read',
      input: z.object({
        ...AuditFilter.shape,
        limit: z.int().min(1).max(500).default(100),
        before: z.int().positive().optional(),
      }),
      output: AuditPage,
      http: { method: 'get', path: '/audit' },
      subject: () => [],
      run: async (_ctx, { limit, before, ...filter }) =>
        audit.page(filter, { limit, ...(before === undefined ? {} : { before }) }),
    }),
    defineTool({
      name: 'audit_verify',
      title: 'Check the audit log',
      description: 'Goes through the whole chain and names the first row that was changed, removed or cut off.',
      effect: 'read',
      scope: 'audit:read',
      input: z.object({}),
      output: AuditReport,
      http: { method: 'post', path: '/audit/verify' },
      subject: () => [],
      run: () => audit.verify(),
    }),
  ]
}
