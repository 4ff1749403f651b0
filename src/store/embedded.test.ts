// What only the embedded database needs: a fair event loop, checkpoints and vacuum.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { EmbeddedDatabase } from './database.ts'
import { createGate, createTurns } from './gate.ts'
import { openTestDatabase } from './testing/open-test-store.ts'
import { runUpkeep } from './upkeep.ts'

let database: EmbeddedDatabase
before(async () => {
  database = await openTestDatabase()
  await database.pglite.exec('create table bulk (id integer primary key, text text)')
})
after(() => database.close())

test('timers and sockets have their turn during a long loop of queries', async () => {
  let turns = 0
  let running = true
  const count = () => {
    turns++
    if (running) setImmediate(count)
  }
  setImmediate(count)
  const startedAt = performance.now()
  let queries = 0
  while (performance.now() - startedAt < 400) {
    await sql`insert into bulk (id) values (${queries++})`.execute(database.root)
  }
  running = false
  assert.ok(turns >= 5, `${turns} turns of the event loop in 400 ms and ${queries} queries`)
})

test('a long transaction lets the event loop turn as well', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await database.scopes.tx(async () => {
    const startedAt = performance.now()
    while (performance.now() - startedAt < 200) await sql`select 1`.execute(database.scopes.db())
  })
  clearInterval(timer)
  assert.ok(turns >= 3, `${turns} turns`)
})

test('upkeep writes a checkpoint when the log has grown, and only then', async () => {
  const limits = { everyMs: 0, walBytes: 64 * 1_024, deadRows: 10 ** 9 }
  await database.pglite.exec('checkpoint')
  assert.deepEqual(await runUpkeep(database, limits), [])
  await sql`insert into bulk select n, repeat('x', 100) from generate_series(1000000, 1005000) as n`.execute(
    database.root,
  )
  assert.deepEqual(await runUpkeep(database, limits), ['checkpoint'])
  assert.deepEqual(await runUpkeep(database, limits), [])
})

test('upkeep vacuums a table with many dead rows', async () => {
  await database.pglite.exec(
    'create table churn (id integer primary key); insert into churn select generate_series(1, 3000)',
  )
  await database.pglite.exec('update churn set id = -id')
  const done = await runUpkeep(database, { everyMs: 0, walBytes: 2 ** 40, deadRows: 1_000 })
  assert.ok(done.includes('vacuum public.churn'), done.join(', '))
  const { rows } = await sql<{
    n: number
  }>`select n_dead_tup as n from pg_stat_user_tables where relname = 'churn'`.execute(database.root)
  assert.equal(rows[0]?.n, 0)
  assert.ok(
    !(await runUpkeep(database, { everyMs: 0, walBytes: 2 ** 40, deadRows: 1_000 })).includes('vacuum public.churn'),
  )
})

test('the gate lets everybody in, in the order they came, also after a failure', async () => {
  const gate = createGate()
  const seen: number[] = []
  const all = [1, 2, 3].map((n) =>
    gate.run(async () => {
      seen.push(n)
      if (n === 2) throw new Error('two')
    }),
  )
  await Promise.allSettled(all)
  assert.deepEqual(seen, [1, 2, 3])
})

test('a turn is taken only after the time without one', async () => {
  let now = 0
  const turn = createTurns(20, () => now)
  assert.equal(turn(), undefined)
  now = 21
  const waiting = turn()
  assert.ok(waiting)
  assert.equal(turn(), waiting, 'everybody waits for the same turn')
  await waiting
  assert.equal(turn(), undefined)
})
