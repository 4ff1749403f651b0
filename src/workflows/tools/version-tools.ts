// Saved states of workflows as tools.

import { type AnyTool, defineTool, listOf, Slug } from '#src/core/index.ts'
import { z } from 'zod'
import { Workflow, WorkflowDiff, WorkflowVersion } from '../contract.ts'
import type { Versions } from '../versions/versions.ts'

const VersionName = z.string().min(1).max(64)
const subject = ({ workflowId }: { workflowId: string }) => [`workflow:${workflowId}`]

export function versionTools(versions: Versions): AnyTool[] {
  return [
    defineTool({
      name: 'workflow_versions',
      title: 'List the versions of a workflow',
      description:
        'Every saved state, newest first, with who saved it and what changed; a hand edit has no one. ' +
        'Of a deleted workflow too, for 30 days.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({ workflowId: Slug }),
      output: listOf(WorkflowVersion),
      http: { method: 'get', path: '/workflows/{workflowId}/versions' },
      subject,
      run: async (_ctx, { workflowId }) => ({ items: await versions.list(workflowId) }),
    }),
    defineTool({
      name: 'workflow_version_get',
      title: 'Get a version of a workflow',
      description: 'A workflow as it was at one of its versions.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({ workflowId: Slug, version: VersionName }),
      output: Workflow,
      http: { method: 'get', path: '/workflows/{workflowId}/versions/{version}' },
      subject,
      run: async (_ctx, { workflowId, version }) => versions.get(workflowId, version),
    }),
    defineTool({
      name: 'workflow_diff',
      title: 'Compare two versions of a workflow',
      description:
        'What differs between two versions: fields as values, prompts as lines. Without `to`: the stored one.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({ workflowId: Slug, from: VersionName, to: VersionName.optional() }),
      output: WorkflowDiff,
      http: { method: 'get', path: '/workflows/{workflowId}/diff' },
      subject,
      run: async (_ctx, { workflowId, from, to }) => versions.diff(workflowId, from, to),
    }),
    defineTool({
      name: 'workflow_restore',
      title: 'Restore a version of a workflow',
      description:
        'Saves an older version as the newest; what is there now stays a version. Brings a deleted workflow back. ' +
        'With `ifVersion` only if that is still the stored one.',
      effect: 'write',
      scope: 'workflows:write',
      input: z.object({ workflowId: Slug, version: VersionName, ifVersion: z.string().optional() }),
      output: Workflow,
      http: { method: 'post', path: '/workflows/{workflowId}/versions/{version}/restore' },
      subject,
      run: async (ctx, { workflowId, version, ifVersion }) =>
        versions.restore(workflowId, version, ifVersion, ctx.actor),
    }),
  ]
}
