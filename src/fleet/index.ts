// The door of the fleet room: where processes run.

export { renewLease } from './lease.ts'
export { createLocalDriver } from './local-driver.ts'
export type { LocalDriver } from './local-driver.ts'
