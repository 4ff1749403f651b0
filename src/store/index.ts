// The door of the store.

export { readTextIfExists, syncFolder, writeFileAtomic } from './atomic-file.ts'
export { isUniqueViolation } from './guarded-dialect.ts'
export { openStore, type StoreOptions } from './open-store.ts'
export type { Jobs, Migration, RoomMigrations, Secrets, Store } from './types.ts'
export { acquireOwnerLock, OwnerInfo, readOwner, type OwnerLock } from './owner-lock.ts'
