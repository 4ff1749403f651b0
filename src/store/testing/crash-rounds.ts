// Rounds of kill -9 while the store opens and while it writes, then the count: every acknowledged row must be
// there, no transaction torn, no page or index damaged.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { amcheck } from '@electric-sql/pglite/contrib/amcheck'
import { PGlite } from '@electric-sql/pglite'
import { openPglite, pgFolder, pgliteOptions } from '../pglite-open.ts'
import type { RoomMigrations } from '../types.ts'

export const crashMigrations: readonly RoomMigrations[] = [
  {
    room: 'crash',
    migrations: [
      {
        id: '001_rows',
        sql: ['create table crash_rows (id integer, half integer, text text not null, primary key (id, half))'],
      },
    ],
  },
]

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))

export interface CrashRounds {
  readonly rounds: number
  /** Rounds that were killed before the store was open. */
  readonly killedWhileOpening: number
  readonly acknowledged: number
  readonly lost: number
  readonly torn: number
  /** What the checks of heap and index found. */
  readonly damage: number
  /** How the rounds ended that nobody killed: there must be none. */
  readonly failures: readonly string[]
}

/** @param random 0 to 1, decides when to kill; a seeded one repeats a series */
export async function runCrashRounds(rounds: number, random: () => number = Math.random): Promise<CrashRounds> {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-crash-'))
  const acknowledged = new Set<number>()
  const failures: string[] = []
  let killedWhileOpening = 0
  let openMs = 500
  let next = 0
  try {
    // The first database is made in peace; killing that moment is a matter of initialise.ts.
    await (await openPglite(dataDir)).close()
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      const running = spawn(process.execPath, ['--liftoff-only', child, dataDir, String(next)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const ended = once(running, 'exit')
      let said = ''
      running.stderr.on('data', (bytes: Buffer) => (said = `${said}${bytes.toString()}`.slice(-2_000)))
      const kill = () => running.kill('SIGKILL')
      // Two of three rounds are killed while the store opens, as far as can be foreseen; the others some writes later.
      const whileOpening = round % 3 !== 2
      let timer = whileOpening ? setTimeout(kill, openMs * (0.3 + 0.8 * random())) : undefined
      let isOpen = false
      for await (const line of createInterface({ input: running.stdout })) {
        if (line !== 'open') {
          acknowledged.add(Number(line))
          next = Math.max(next, Number(line) + 1)
          continue
        }
        isOpen = true
        openMs = performance.now() - startedAt
        timer ??= setTimeout(kill, 50 + 250 * random())
      }
      clearTimeout(timer)
      const [, signal] = (await ended) as [number | null, NodeJS.Signals | null]
      if (signal !== 'SIGKILL') failures.push(said.trim() || 'ended by itself')
      if (!isOpen) killedWhileOpening++
      // The last row may have been committed without its acknowledgement being read.
      next += 1
    }
    return {
      rounds,
      killedWhileOpening,
      acknowledged: acknowledged.size,
      failures,
      ...(await inspect(dataDir, acknowledged)),
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function inspect(
  dataDir: string,
  acknowledged: ReadonlySet<number>,
): Promise<{ lost: number; torn: number; damage: number }> {
  await (await openPglite(dataDir)).close()
  const database = await PGlite.create({ ...pgliteOptions(), dataDir: pgFolder(dataDir), extensions: { amcheck } })
  try {
    const { rows: exists } = await database.query<{ name: string | null }>(
      `select to_regclass('crash_rows')::text as name`,
    )
    if (exists[0]?.name == null) return { lost: acknowledged.size, torn: 0, damage: 0 }
    const { rows } = await database.query<{ id: number; halves: number }>(
      'select id, count(*)::int as halves from crash_rows group by id',
    )
    const found = new Map(rows.map(({ id, halves }) => [id, halves]))
    await database.exec('create extension if not exists amcheck')
    const heap = await database.query(`select * from verify_heapam('crash_rows')`)
    await database.query(`select bt_index_check('crash_rows_pkey', true)`)
    return {
      lost: [...acknowledged].filter((id) => !found.has(id)).length,
      torn: [...found.values()].filter((halves) => halves !== 2).length,
      damage: heap.rows.length,
    }
  } finally {
    await database.close()
  }
}
