// The door of the fleet room: where processes run.

export * from './contract.ts'
export { createHosts } from './host.ts'
export type { CommandDriver, Host, Hosts, HostShell } from './host.ts'
export { renewLease } from './lease.ts'
export { createLocalDriver } from './local-driver.ts'
export type { LocalDriver } from './local-driver.ts'
export { createLocalHost, localHostName } from './local-host.ts'
