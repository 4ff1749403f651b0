// Opens the store: database, schema, secrets, jobs, in this order, and closes them in reverse.

import { sql } from 'kysely'
import type { Clock, Log } from '#src/core/index.ts'
import { createFolder } from './atomic-file.ts'
import { checkPayload, checkChannel } from './bus.ts'
import { copyDatabase } from './copies.ts'
import { embeddedDatabase, serverDatabase, type Database } from './database.ts'
import { createDisk, type Disk } from './disk.ts'
import { createJobs } from './jobs.ts'
import { migrate } from './migrate.ts'
import { storeMigrations } from './migrations.ts'
import { openPglite, pgFolder } from './pglite-open.ts'
import { openSecrets } from './secrets.ts'
import type { RoomMigrations, Store } from './types.ts'
import { startUpkeep } from './upkeep.ts'
import { withinMs } from './within.ts'

export interface StoreOptions {
  /** Where the embedded database, the key and the copies live. Its owner lock must be held (owner-lock.ts). */
  readonly dataDir: string
  /** A PostgreSQL server instead of the embedded database. */
  readonly databaseUrl?: string | undefined
  /** Of every room but the store itself, in the order of their dependencies. */
  readonly migrations: readonly RoomMigrations[]
  readonly log: Log
  readonly clock: Clock
  readonly diskReserveMb: number
  /** `MAESTRO_SECRET_KEY`: 32 bytes in base64, the same on every node. Default: `<dataDir>/secret.key`. */
  readonly secretKey?: string | undefined
  /** The embedded database cannot go on in this process: end it at once, without closing anything. */
  readonly onBroken?: (error: unknown) => void
}

/**
 * @throws `corrupt_data`, `unsupported` (other PostgreSQL major, or a newer schema), `storage_full`,
 *         `unavailable` (the server does not answer), `conflict` (another secret key), `forbidden` (key file readable)
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataDir, databaseUrl, log, clock } = options
  await createFolder(dataDir)
  const database =
    databaseUrl === undefined
      ? embeddedDatabase(
          await openPglite(dataDir, options.onBroken === undefined ? {} : { onBroken: options.onBroken }),
          log,
        )
      : await serverDatabase(databaseUrl, log, clock)
  return assembleStore(database, options)
}

/** The store over a database that is already open; owns it from now on. */
export async function assembleStore(database: Database, options: StoreOptions): Promise<Store> {
  const { dataDir, log, clock } = options
  await using opening = new AsyncDisposableStack()
  opening.defer(() => database.close())
  const disk = createDisk(dataDir, options.diskReserveMb)

  const ran = await migrate(database.root, [storeMigrations, ...options.migrations], {
    nowMs: () => clock.now(),
    beforeFirst: () => copyBefore(database, disk, options),
  })
  if (ran.length > 0) log.debug({ steps: ran }, 'the database schema is up to date')

  const secrets = opening.use(await openSecrets({ database, dataDir, givenKey: options.secretKey, log, clock }))
  const jobs = opening.use(createJobs(database, log, clock))
  if (database.kind === 'pglite') opening.use(startUpkeep(database, log))
  const { scopes, bus } = database
  const open = opening.move()

  return {
    kind: database.kind,
    dataDir,
    db: scopes.db,
    tx: scopes.tx,
    afterCommit: scopes.afterCommit,
    async notify(channel, payload) {
      checkChannel(channel)
      checkPayload(channel, payload)
      await sql`select pg_notify(${channel}, ${payload})`.execute(scopes.db())
    },
    listen: bus.listen,
    jobs,
    secrets,
    assertSpace: disk.assertSpace,
    async health() {
      const freeBytes = await disk.freeBytes()
      const { reserveBytes } = disk
      try {
        await withinMs(
          scopes.outside(() => sql`select 1`.execute(database.root)),
          2_000,
        )
        const detail = freeBytes < reserveBytes ? 'less than the reserve is free on the disk' : null
        return { database: 'ok', freeBytes, reserveBytes, detail }
      } catch (error) {
        return {
          database: 'down',
          freeBytes,
          reserveBytes,
          detail: error instanceof Error ? error.message : String(error),
        }
      }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

async function copyBefore(database: Database, disk: Disk, { dataDir, clock, log }: StoreOptions): Promise<void> {
  if (database.kind === 'postgres') {
    log.warn({}, 'the database schema is about to change; have a backup of the PostgreSQL database')
    return
  }
  // The migration holds the only session, so nothing writes while the files are copied.
  await database.pglite.exec('checkpoint')
  const copy = await copyDatabase({
    folder: pgFolder(dataDir),
    dataDir,
    nowMs: clock.now(),
    freeBytes: await disk.freeBytes(),
    reserveBytes: disk.reserveBytes,
  })
  log.info({ copy }, 'copied the database before its schema changes')
}
