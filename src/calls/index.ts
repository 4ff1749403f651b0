// The door of the calls room.

export { type Calls, createCalls } from './calls.ts'
export { callsMigrations } from './migrations.ts'
export { createPolicy } from './policy.ts'
