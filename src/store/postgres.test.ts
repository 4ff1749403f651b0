// What only several nodes on one PostgreSQL server can show.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { silentLog, systemClock } from '#src/core/index.ts'
import { openStore } from './open-store.ts'
import { needsPostgres, openPostgresTestStore, startPostgres, type PostgresServer } from './testing/postgres.ts'
import { collect, suiteMigrations } from './testing/store-suite.ts'
import type { Store } from './types.ts'

describe('nodes on one PostgreSQL server', { skip: needsPostgres().skip, timeout: 180_000 }, () => {
  let first: Store & { databaseUrl: string }
  let second: Store
  before(async () => {
    first = await openPostgresTestStore(suiteMigrations)
    second = await openPostgresTestStore(suiteMigrations, { databaseUrl: first.databaseUrl })
  })
  after(async () => {
    await second[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
  })

  test('four that start at once migrate once', async () => {
    const fresh = await openPostgresTestStore([])
    const nodes = await Promise.all(
      [1, 2, 3, 4].map(() => openPostgresTestStore(suiteMigrations, { databaseUrl: fresh.databaseUrl })),
    )
    assert.equal(nodes.length, 4)
    for (const node of nodes) await node[Symbol.asyncDispose]()
    await fresh[Symbol.asyncDispose]()
  })

  test('hear each other', async () => {
    const got = collect<string>()
    await using _ = await second.listen('nodes_talk', got.push)
    await first.notify('nodes_talk', 'hello')
    await got.reach(1)
    assert.deepEqual(got.items, ['hello'])
  })

  test('share the jobs of a queue, each job once', async () => {
    const got = collect<string>()
    const work = (name: string) => async (data: unknown) => {
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      got.push(`${(data as { n: number }).n} ${name}`)
    }
    await first.jobs.work('nodes_share', work('first'))
    await second.jobs.work('nodes_share', work('second'))
    for (let n = 0; n < 60; n++) await first.jobs.send('nodes_share', { n })
    await got.reach(60)
    assert.equal(new Set(got.items.map((item) => item.split(' ')[0])).size, 60)
  })

  test('a secret set on one is known to the redactor of the other', async () => {
    const got = collect<string>()
    await using _ = await second.listen('store_secrets', () => {
      setTimeout(() => got.push(''), 0)
    })
    await first.secrets.set('SHARED', 'value-of-the-first-node')
    await got.reach(1)
    // The notification is out; the other node now reads the table.
    for (let tries = 0; tries < 100 && !second.secrets.values().includes('value-of-the-first-node'); tries++)
      await second.secrets.list()
    assert.ok(second.secrets.values().includes('value-of-the-first-node'))
    assert.equal(await second.secrets.reveal('SHARED'), 'value-of-the-first-node')
  })

  test('a node with another secret key, or with none, is refused', async () => {
    const open = (secretKey: string | undefined, dataDir: string) =>
      openStore({
        dataDir,
        databaseUrl: first.databaseUrl,
        migrations: suiteMigrations,
        log: silentLog,
        clock: systemClock,
        diskReserveMb: 0,
        secretKey,
      })
    const dataDir = await mkdtemp(join(tmpdir(), 'maestro-node-'))
    try {
      await assert.rejects(open(Buffer.alloc(32, 9).toString('base64'), dataDir), {
        code: 'conflict',
        message: /MAESTRO_SECRET_KEY is not the one/,
      })
      await assert.rejects(open(undefined, dataDir), { code: 'conflict', message: /secret\.key is missing/ })
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})

describe('when the server goes away', { skip: needsPostgres().skip, timeout: 180_000 }, () => {
  let server: PostgresServer
  before(async () => {
    server = await startPostgres()
  })
  after(() => server[Symbol.asyncDispose]())

  test('queries say so, and after it is back they work, listeners are told of the gap and jobs go on', async () => {
    const databaseUrl = await server.createDatabase()
    await using store = await openPostgresTestStore(suiteMigrations, { databaseUrl })
    const got = collect<string>()
    const gaps = collect<true>()
    const jobs = collect<unknown>()
    await store.listen('away', got.push, () => {
      gaps.push(true)
    })
    await store.jobs.work('away', async (data) => jobs.push(data))
    const rows = () => store.db<{ suite_rows: { id: number } }>()

    await server.stop()
    await assert.rejects(rows().selectFrom('suite_rows').selectAll().execute(), {
      code: 'unavailable',
      message: /the database does not answer/,
    })
    assert.equal((await store.health()).database, 'down')
    await server.start()
    await gaps.reach(1)
    await store.tx(async () => {
      await rows().insertInto('suite_rows').values({ id: 1 }).execute()
      await store.notify('away', 'back')
      await store.jobs.send('away', { n: 1 })
    })
    await got.reach(1)
    await jobs.reach(1)
    assert.equal((await store.health()).database, 'ok')
  })

  test('a store that cannot reach its server does not open', async () => {
    const options = { databaseUrl: 'postgres://nobody@127.0.0.1:1/none' }
    await assert.rejects(openPostgresTestStore([], options), { code: 'unavailable', hint: /DATABASE_URL/ })
  })
})
