// The door of the store.

export { createFolder, readTextIfExists, syncFolder, writeFileAtomic } from './atomic-file.ts'
export { createDisk, type Disk } from './disk.ts'
export { isUniqueViolation } from './guarded-dialect.ts'
export { openStore, type StoreOptions } from './open-store.ts'
export { acquireOwnerLock, readOwner, type OwnerInfo, type OwnerLock } from './owner-lock.ts'
export type { Jobs, Migration, RoomMigrations, Secrets, Store } from './types.ts'
