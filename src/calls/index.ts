// The door of the calls room.

export { type Approvals, createApprovals } from './approvals.ts'
export { createAudit } from './audit.ts'
export { type Calls, createCalls } from './calls.ts'
export { type Control, createControl, type PolicyPart } from './control.ts'
export { createElicitedApprovals } from './elicited.ts'
export { callsMigrations } from './migrations.ts'
export { createPolicy } from './policy.ts'
export { callsTools } from './tools.ts'
