// The calls room as tools: rules, approvals, audit log and brakes.

import type { AnyTool } from '#src/core/index.ts'
import { approvalTools, type ApprovalToolsDeps } from './approval-tools.ts'
import { type AuditToolsDeps, auditTools } from './audit-tools.ts'
import { brakeTools, type BrakeToolsDeps } from './brake-tools.ts'
import { ruleTools, type RuleToolsDeps } from './rule-tools.ts'

export function callsTools(deps: RuleToolsDeps & ApprovalToolsDeps & AuditToolsDeps & BrakeToolsDeps): AnyTool[] {
  return [...ruleTools(deps), ...approvalTools(deps), ...auditTools(deps), ...brakeTools(deps)]
}
