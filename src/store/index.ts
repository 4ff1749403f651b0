// The door of the store.

export { readTextIfExists, syncFolder, writeFileAtomic } from './atomic-file.ts'
export { openStore } from './open-store.ts'
export { acquireOwnerLock, readOwner } from './owner-lock.ts'
export type { RoomMigrations, Secrets, Store } from './types.ts'
