// Stores for the tests of every room.

export { runCrashRounds, type CrashRounds } from './crash-rounds.ts'
export { memorySecrets } from './memory-secrets.ts'
export { openTestStore } from './open-test-store.ts'
export { runOwnerRounds } from './owner-rounds.ts'
export { needsPostgres, openPostgresTestStore, startPostgres, type PostgresServer } from './postgres.ts'
