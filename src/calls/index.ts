// The door of the calls room.

export { createCalls } from './calls.ts'
export type { Calls, CallsDeps } from './calls.ts'
export { AuditEntry } from './audit.ts'
export type { AuditReport, AuditRow } from './audit.ts'
export { callsMigrations } from './migrations.ts'
export { createPolicy } from './policy.ts'
export type { Decision, Policy } from './policy.ts'
