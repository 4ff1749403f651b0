import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import type { EmbeddedDatabase } from './database.ts'
import { migrate, pendingMigrations } from './migrate.ts'
import { openTestDatabase } from './testing/open-test-store.ts'
import type { Migration, RoomMigrations } from './types.ts'

let database: EmbeddedDatabase
before(async () => {
  database = await openTestDatabase()
})
beforeEach(() => database.pglite.exec('drop schema public cascade; create schema public'))
after(() => database.close())

const step = (id: string, ...statements: string[]): Migration => ({ id, sql: statements })
const room = (name: string, ...migrations: Migration[]): RoomMigrations => ({ room: name, migrations })
const run = (...rooms: RoomMigrations[]) => migrate(database.root, rooms, { nowMs: () => 1_000 })
const exists = async (table: string) =>
  (await sql<{ name: string | null }>`select to_regclass(${table})::text as name`.execute(database.root)).rows[0]
    ?.name !== null

test('runs the steps of a room by id, rooms in the order given, each once', async () => {
  const a = room(
    'a',
    step('002', 'insert into t values (2)'),
    step('001', 'create table t (n integer)', 'insert into t values (1)'),
  )
  const b = room('b', step('001', 'insert into t select 3 from t where n = 2'))
  assert.deepEqual(await run(a, b), ['a/001', 'a/002', 'b/001'])
  assert.deepEqual(await run(a, b), [])
  const { rows } = await sql<{ n: number }>`select n from t order by n`.execute(database.root)
  assert.deepEqual(
    rows.map(({ n }) => n),
    [1, 2, 3],
  )
})

test('a step that fails is undone as a whole; those before it stay and are not run again', async () => {
  const good = step('001', 'create table t (n integer)')
  await assert.rejects(
    run(room('a', good, step('002', 'create table half (n integer)', 'select no_such_function()'))),
    {
      code: 'internal',
      message: /a\/002 failed and was undone: .*no_such_function/,
    },
  )
  assert.equal(await exists('t'), true)
  assert.equal(await exists('half'), false)
  assert.deepEqual(await run(room('a', good, step('002', 'create table half (n integer)'))), ['a/002'])
})

test('refuses a database that a newer version has changed, naming the steps, and runs nothing', async () => {
  await run(
    room('a', step('001', 'create table t (n integer)'), step('002', 'select 1')),
    room('b', step('001', 'select 1')),
  )
  await assert.rejects(run(room('a', step('001', 'select 1'), step('003', 'create table late (n integer)'))), {
    code: 'unsupported',
    message: /it has a\/002, b\/001, which/,
  })
  assert.equal(await exists('late'), false)
})

test('tells of a change only when the database has steps already', async () => {
  const first = room('a', step('001', 'select 1'))
  assert.equal((await pendingMigrations(database.root, [first])).isNew, true)
  await run(first)
  const told: string[][] = []
  const beforeFirst = async (pending: readonly { id: string }[]) => {
    told.push(pending.map(({ id }) => id))
  }
  await migrate(database.root, [first], { nowMs: () => 0, beforeFirst })
  assert.deepEqual(told, [])
  await migrate(database.root, [room('a', step('001'), step('002', 'select 1'), step('003', 'select 1'))], {
    nowMs: () => 0,
    beforeFirst,
  })
  assert.deepEqual(told, [['002', '003']])
})
