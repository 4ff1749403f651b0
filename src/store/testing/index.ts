// Stores for the tests of every room.

export { runCrashRounds, type CrashRounds } from './crash-rounds.ts'
export { openTestStore, type TestStoreOptions } from './open-test-store.ts'
export { runOwnerRounds, type OwnerRounds } from './owner-rounds.ts'
export {
  needsPostgres,
  openPostgresTestStore,
  postgresAvailable,
  sharedPostgres,
  startPostgres,
  type PostgresServer,
  type PostgresStoreOptions,
} from './postgres.ts'
