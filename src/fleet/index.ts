// The door of the fleet room: where processes run.

export { renewLease } from './lease.ts'
export { createLocalDriver } from './local-driver.ts'
export type { LocalDriver, LocalDriverOptions } from './local-driver.ts'
export { quotePosix } from './quote.ts'
