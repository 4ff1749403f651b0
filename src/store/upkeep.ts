// What a PostgreSQL server does in the background and the embedded one never does, since it runs as a single
// process: checkpoints (else its log on disk only grows) and vacuum (else dead rows stay and plans go stale).

import type { EmbeddedDatabase } from './database.ts'
import type { Log } from '#src/core/index.ts'

export interface UpkeepLimits {
  readonly everyMs: number
  /** Log written since the last checkpoint. */
  readonly walBytes: number
  /** Dead rows of one table before it is vacuumed. */
  readonly deadRows: number
}

const defaults: UpkeepLimits = { everyMs: 60_000, walBytes: 32 * 2 ** 20, deadRows: 2_000 }

export function startUpkeep(database: EmbeddedDatabase, log: Log, limits: UpkeepLimits = defaults): AsyncDisposable {
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        await runUpkeep(database, limits)
      } catch (error) {
        log.warn({ err: error }, 'upkeep of the database failed; it is tried again')
      }
    })
  }, limits.everyMs)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

/** One pass. Returns what it did. */
export async function runUpkeep({ pglite, gate }: EmbeddedDatabase, limits: UpkeepLimits): Promise<string[]> {
  const done: string[] = []
  const { rows } = await gate.run(() =>
    pglite.query<{ bytes: string }>('select pg_current_wal_lsn() - redo_lsn as bytes from pg_control_checkpoint()'),
  )
  if (Number(rows[0]?.bytes ?? 0) > limits.walBytes) {
    await gate.run(() => pglite.exec('checkpoint'))
    done.push('checkpoint')
  }
  // Counts of changed rows are kept back for a second or more; this asks for them now.
  await gate.run(() => pglite.exec('select pg_stat_force_next_flush()'))
  const tables = await gate.run(() =>
    pglite.query<{ name: string }>(
      `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
       where n_dead_tup > greatest($1::bigint, n_live_tup / 5) or n_mod_since_analyze > greatest($1::bigint, n_live_tup / 5)`,
      [limits.deadRows],
    ),
  )
  // One table at a time: each is a pause for everybody.
  for (const { name } of tables.rows) {
    await gate.run(() => pglite.exec(`vacuum (analyze) ${name}`))
    done.push(`vacuum ${name}`)
  }
  return done
}
