// Schema steps, room by room, forward only. Each step and the record that it ran are one transaction, so a
// crash between two steps is continued at the next start.

import { sql, type Kysely } from 'kysely'
import { MaestroError } from '#src/core/index.ts'
import type { RoomMigrations } from './types.ts'

interface MigrationTables {
  store_migrations: { room: string; id: string; applied_at: number }
}

export interface PendingStep {
  readonly room: string
  readonly id: string
  readonly sql: readonly string[]
}

/** Any number, the same in every node: one migrates, the others wait and find nothing left to do. */
const advisoryLock = 7_236_218_391

/**
 * What has to run, in order.
 * @throws `unsupported` when the database has steps this version does not know (a downgrade).
 */
export async function pendingMigrations(
  db: Kysely<unknown>,
  rooms: readonly RoomMigrations[],
): Promise<{ pending: PendingStep[]; isNew: boolean }> {
  const known = rooms.flatMap(({ room, migrations }) =>
    [...migrations].sort((a, b) => (a.id < b.id ? -1 : 1)).map((step) => ({ room, id: step.id, sql: step.sql })),
  )
  const exists = await sql<{ name: string | null }>`select to_regclass('store_migrations')::text as name`.execute(db)
  if (exists.rows[0]?.name == null) return { pending: known, isNew: true }
  const rows = await tables(db)
    .selectFrom('store_migrations')
    .select(['room', 'id'])
    .orderBy('room')
    .orderBy('id')
    .execute()
  const keys = new Set(known.map(keyOf))
  const unknown = rows.map(keyOf).filter((key) => !keys.has(key))
  if (unknown.length > 0) {
    throw new MaestroError(
      'unsupported',
      `the database was written by a newer Maestro: it has ${unknown.join(', ')}, which this version does not know`,
      {
        hint: 'start the newer version again, or restore a copy from before the update (backups/ in the data folder)',
        details: { unknown },
      },
    )
  }
  const done = new Set(rows.map(keyOf))
  return { pending: known.filter((step) => !done.has(keyOf(step))), isNew: rows.length === 0 }
}

/**
 * Runs what is pending while holding a lock that spans all nodes.
 * @param beforeFirst is called when something will run on a database that already has steps
 */
export async function migrate(
  root: Kysely<unknown>,
  rooms: readonly RoomMigrations[],
  options: { nowMs: () => number; beforeFirst?: (pending: readonly PendingStep[]) => Promise<void> },
): Promise<string[]> {
  return root.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${sql.lit(advisoryLock)})`.execute(connection)
    try {
      const { pending, isNew } = await pendingMigrations(connection, rooms)
      if (pending.length > 0 && !isNew) await options.beforeFirst?.(pending)
      await sql`create table if not exists store_migrations (
        room text not null, id text not null, applied_at bigint not null, primary key (room, id))`.execute(connection)
      for (const step of pending) await runStep(connection, step, options.nowMs())
      return pending.map(keyOf)
    } finally {
      await sql`select pg_advisory_unlock(${sql.lit(advisoryLock)})`.execute(connection)
    }
  })
}

async function runStep(connection: Kysely<unknown>, step: PendingStep, nowMs: number): Promise<void> {
  try {
    await connection.transaction().execute(async (trx) => {
      for (const statement of step.sql) await sql.raw(statement).execute(trx)
      await tables(trx)
        .insertInto('store_migrations')
        .values({ room: step.room, id: step.id, applied_at: nowMs })
        .execute()
    })
  } catch (error) {
    if (error instanceof MaestroError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new MaestroError('internal', `schema step ${keyOf(step)} failed and was undone: ${reason}`, { cause: error })
  }
}

const keyOf = ({ room, id }: { room: string; id: string }): string => `${room}/${id}`

function tables(db: Kysely<unknown>): Kysely<MigrationTables> {
  return db
}
