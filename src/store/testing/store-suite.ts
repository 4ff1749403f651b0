// The promises of `Store`, run against each database. A difference between the two is a defect.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { RoomMigrations, Store } from '../types.ts'

interface Tables {
  suite_rows: { id: number; text: string | null; bytes: Uint8Array | null; at: number | null }
}

export const suiteMigrations: readonly RoomMigrations[] = [
  {
    room: 'suite',
    migrations: [
      {
        id: '001_rows',
        sql: ['create table suite_rows (id integer primary key, text text, bytes bytea, at bigint)'],
      },
    ],
  },
]

export interface SuiteStore {
  readonly name: string
  readonly skip: string | false
  open(migrations: readonly RoomMigrations[]): Promise<Store>
}

/** One store for the whole suite, emptied before each test. */
export function storeSuite({ name, skip, open }: SuiteStore): void {
  describe(name, { skip, timeout: 60_000 }, () => {
    let store: Store
    before(async () => {
      store = await open(suiteMigrations)
    })
    beforeEach(() => sql`truncate suite_rows, store_secrets`.execute(store.db()))
    after(() => store[Symbol.asyncDispose]())
    cases((title, work) => {
      void test(title, () => work(store))
    })
  })
}

function cases(check: (title: string, work: (store: Store) => Promise<void>) => void): void {
  const rows = (store: Store) => store.db<Tables>()
  const insert = (store: Store, id: number) => rows(store).insertInto('suite_rows').values({ id }).execute()
  const ids = async (store: Store) =>
    (await rows(store).selectFrom('suite_rows').select('id').orderBy('id').execute()).map(({ id }) => id)

  check('gives back numbers, bytes, nulls and counts in the same JavaScript types', async (store) => {
    const at = Date.UTC(2026, 0, 2)
    await rows(store)
      .insertInto('suite_rows')
      .values({ id: 1, text: 'ü "quoted"\n', bytes: Uint8Array.of(0, 1, 255), at })
      .execute()
    const row = await rows(store).selectFrom('suite_rows').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual(row, { id: 1, text: 'ü "quoted"\n', bytes: Uint8Array.of(0, 1, 255), at })
    const count = await rows(store)
      .selectFrom('suite_rows')
      .select((from) => from.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    assert.deepEqual(count, { n: 1 })
    const json = await sql<{ value: unknown }>`select '{"a":[1,null]}'::jsonb as value`.execute(rows(store))
    assert.deepEqual(json.rows[0]?.value, { a: [1, null] })
  })

  check('says how many rows an update and a delete touched', async (store) => {
    await insert(store, 1)
    await insert(store, 2)
    const updated = await rows(store).updateTable('suite_rows').set({ text: 'x' }).executeTakeFirst()
    assert.equal(updated.numUpdatedRows, 2n)
    const deleted = await rows(store).deleteFrom('suite_rows').where('id', '=', 3).executeTakeFirst()
    assert.equal(deleted.numDeletedRows, 0n)
  })

  check('a transaction commits all or nothing', async (store) => {
    await store.tx(() => insert(store, 1))
    await assert.rejects(
      store.tx(async () => {
        await insert(store, 2)
        throw new Error('no')
      }),
      /^Error: no$/,
    )
    assert.deepEqual(await ids(store), [1])
  })

  check('a nested transaction joins the outer one, and its failure undoes both', async (store) => {
    await assert.rejects(
      store.tx(async () => {
        await insert(store, 1)
        await store.tx(() => insert(store, 2))
        assert.deepEqual(await ids(store), [1, 2])
        throw new Error('outer')
      }),
    )
    assert.deepEqual(await ids(store), [])
  })

  check(
    'a transaction whose statement failed is not reported as committed, even when the error was swallowed',
    async (store) => {
      await insert(store, 1)
      await assert.rejects(
        store.tx(async () => {
          await insert(store, 2)
          await insert(store, 1).catch(() => undefined)
        }),
      )
      assert.deepEqual(await ids(store), [1])
    },
  )

  check('refuses a handle kept from outside, instead of hanging or running outside the transaction', async (store) => {
    const kept = rows(store)
    await store.tx(async () => {
      await assert.rejects(kept.selectFrom('suite_rows').selectAll().execute(), {
        code: 'internal',
        message: /kept from outside/,
      })
      await insert(store, 1)
    })
    await kept.selectFrom('suite_rows').selectAll().execute()
    assert.deepEqual(await ids(store), [1])
  })

  check('refuses a transaction handle kept past its end', async (store) => {
    const kept = await store.tx(async () => ({ db: rows(store) }))
    await assert.rejects(kept.db.selectFrom('suite_rows').selectAll().execute())
  })

  check('code that outlives the transaction it was started in is not in it any more', async (store) => {
    const { promise: later, resolve } = Promise.withResolvers<void>()
    let straggler: Promise<unknown> = Promise.resolve()
    await store.tx(async () => {
      straggler = later.then(() => insert(store, 1))
    })
    resolve()
    await straggler
    assert.deepEqual(await ids(store), [1])
  })

  check(
    'a query of somebody else waits for a transaction or sees the state before it, and never joins it',
    async (store) => {
      const { promise: inside, resolve: isInside } = Promise.withResolvers<void>()
      const { promise: goOn, resolve: letGoOn } = Promise.withResolvers<void>()
      const transaction = store.tx(async () => {
        await insert(store, 1)
        isInside()
        await goOn
        throw new Error('undone')
      })
      const undone = assert.rejects(transaction, /undone/)
      await inside
      const outsider = insert(store, 2)
      letGoOn()
      await undone
      await outsider
      assert.deepEqual(await ids(store), [2])
    },
  )

  check('twenty transactions side by side all commit', async (store) => {
    await Promise.all(
      Array.from({ length: 20 }, (_, id) =>
        store.tx(async () => {
          await insert(store, id)
          await rows(store)
            .updateTable('suite_rows')
            .set({ text: String(id) })
            .where('id', '=', id)
            .execute()
        }),
      ),
    )
    assert.equal((await ids(store)).length, 20)
  })

  check('effects run after the outermost commit, outside of it, in order; not after a rollback', async (store) => {
    const seen: string[] = []
    await store.tx(async () => {
      store.afterCommit(() => seen.push('first'))
      await store.tx(async () => {
        store.afterCommit(() => seen.push('second'))
      })
      assert.deepEqual(seen, [])
    })
    assert.deepEqual(seen, ['first', 'second'])
    await assert.rejects(
      store.tx(async () => {
        store.afterCommit(() => seen.push('never'))
        throw new Error('no')
      }),
    )
    store.afterCommit(() => seen.push('at once'))
    assert.deepEqual(seen, ['first', 'second', 'at once'])
  })

  check('an effect that throws does not make its transaction fail', async (store) => {
    await store.tx(async () => {
      await insert(store, 1)
      store.afterCommit(() => {
        throw new Error('effect')
      })
    })
    assert.deepEqual(await ids(store), [1])
  })

  check('a notification arrives after the commit, and not after a rollback', async (store) => {
    const got = collect<string>()
    await using _ = await store.listen('suite_channel', got.push)
    await assert.rejects(
      store.tx(async () => {
        await store.notify('suite_channel', 'undone')
        throw new Error('no')
      }),
    )
    await store.tx(async () => {
      await store.notify('suite_channel', 'one')
      await insert(store, 1)
      assert.deepEqual(got.items, [])
    })
    await store.notify('suite_channel', 'two')
    await got.reach(2)
    assert.deepEqual(got.items, ['one', 'two'])
  })

  check("a listener is called outside the sender's transaction, and no more once it was disposed", async (store) => {
    const got = collect<string>()
    const listening = await store.listen('suite_inside', (payload) => {
      void insert(store, 7).then(() => got.push(payload))
    })
    await store.tx(() => store.notify('suite_inside', 'go'))
    await got.reach(1)
    await listening[Symbol.asyncDispose]()
    const other = collect<string>()
    await using _ = await store.listen('suite_inside', other.push)
    await store.notify('suite_inside', 'again')
    await other.reach(1)
    assert.deepEqual(got.items, ['go'])
    assert.deepEqual(await ids(store), [7])
  })

  check('refuses a message that is too long and a channel name that is none', async (store) => {
    await store.notify('suite_long', 'x'.repeat(7_000))
    await assert.rejects(store.notify('suite_long', 'ü'.repeat(3_501)), {
      code: 'invalid_input',
      message: /7002 bytes/,
    })
    await assert.rejects(store.notify('Robert"; drop', 'x'), { code: 'invalid_input' })
    await assert.rejects(
      store.listen('x'.repeat(61), () => undefined),
      { code: 'invalid_input' },
    )
  })

  check('a job sent before anybody works is kept, and is handed over once somebody does', async (store) => {
    const got = collect<unknown>()
    await store.tx(() => store.jobs.send('suite_early', { n: 1 }))
    await store.jobs.work('suite_early', async (data) => got.push(data))
    await got.reach(1)
    assert.deepEqual(got.items, [{ n: 1 }])
  })

  check('a job goes with its transaction: sent on commit, not sent on rollback', async (store) => {
    const got = collect<unknown>()
    await store.jobs.work('suite_tx', async (data) => got.push(data))
    await assert.rejects(
      store.tx(async () => {
        await store.jobs.send('suite_tx', { n: 'undone' })
        throw new Error('no')
      }),
    )
    await store.tx(async () => {
      await store.jobs.send('suite_tx', { n: 'done' })
      await insert(store, 1)
    })
    await store.jobs.send('suite_tx', { n: 'alone' })
    await got.reach(2)
    assert.deepEqual(got.items.map((data) => (data as { n: string }).n).toSorted(), ['alone', 'done'])
  })

  check('many jobs of a queue all arrive, and no slow one holds up the others', async (store) => {
    const got = collect<number>()
    const { promise: slow, resolve } = Promise.withResolvers<void>()
    await store.jobs.work('suite_many', async (data) => {
      const { n } = data as { n: number }
      if (n === 0) await slow
      got.push(n)
    })
    for (let n = 0; n < 30; n++) await store.jobs.send('suite_many', { n })
    await got.reach(29)
    assert.ok(!got.items.includes(0))
    resolve()
    await got.reach(30)
    assert.equal(new Set(got.items).size, 30)
  })

  check('a delayed job arrives when it is due, not before', async (store) => {
    const got = collect<number>()
    await store.jobs.work('suite_late', async () => got.push(Date.now()))
    const sentAt = Date.now()
    await store.jobs.send('suite_late', {}, { afterMs: 250 })
    await got.reach(1)
    const tookMs = (got.items[0] ?? 0) - sentAt
    assert.ok(tookMs >= 240, `after ${tookMs} ms`)
  })

  check('of jobs with one key only one waits, at the earliest of their times', async (store) => {
    const got = collect<unknown>()
    await store.jobs.work('suite_key', async (data) => got.push(data))
    const hour = 3_600_000
    await store.jobs.send('suite_key', { n: 1 }, { singletonKey: 'a', afterMs: hour })
    await store.jobs.send('suite_key', { n: 2 }, { singletonKey: 'a', afterMs: 2 * hour })
    await store.jobs.send('suite_key', { n: 3 }, { singletonKey: 'b', afterMs: hour })
    await store.jobs.send('suite_key', { n: 4 }, { singletonKey: 'a' })
    await got.reach(1)
    await store.jobs.send('suite_key', { n: 5 })
    await got.reach(2)
    assert.deepEqual(got.items, [{ n: 1 }, { n: 5 }])
  })

  check('refuses a queue name that is none, before it can stand in the way of others', async (store) => {
    await assert.rejects(store.jobs.send('Not a queue!', {}), {
      code: 'invalid_input',
      message: /"Not a queue!" is not a queue/,
    })
    await assert.rejects(
      store.jobs.work('', async () => undefined),
      { code: 'invalid_input' },
    )
  })

  check('a job whose handler throws is tried again', async (store) => {
    const got = collect<number>()
    await store.jobs.work('suite_retry', async () => {
      got.push(got.items.length)
      if (got.items.length === 1) throw new Error('first try')
    })
    await store.jobs.send('suite_retry', {})
    await got.reach(2)
  })

  check('keeps secrets encrypted, lists them without their values, and forgets them', async (store) => {
    const { secrets } = store
    const canary = 'canary-4f1d2c3b-value'
    await secrets.set('API_KEY', canary)
    await secrets.set('SHORT', 'abc')
    assert.equal(await secrets.reveal('API_KEY'), canary)
    assert.equal(await secrets.reveal('MISSING'), undefined)
    const list = await secrets.list()
    assert.deepEqual(
      list.map(({ name: key, hint }) => ({ key, hint })),
      [
        { key: 'API_KEY', hint: 'alue' },
        { key: 'SHORT', hint: null },
      ],
    )
    const raw = await sql<{ sealed: Uint8Array }>`select sealed from store_secrets`.execute(rows(store))
    for (const { sealed } of raw.rows) assert.ok(!Buffer.from(sealed).includes(canary.slice(3, 12)))
    assert.ok(secrets.values().includes(canary))
    assert.equal(await secrets.delete('API_KEY'), true)
    assert.equal(await secrets.delete('API_KEY'), false)
    assert.equal(await secrets.reveal('API_KEY'), undefined)
  })

  check('the redactor still knows a value that was replaced', async (store) => {
    await store.secrets.set('K', 'the-old-value')
    await store.secrets.set('K', 'the-new-value')
    assert.ok(store.secrets.values().includes('the-old-value'))
    assert.ok(store.secrets.values().includes('the-new-value'))
    assert.equal(await store.secrets.reveal('K'), 'the-new-value')
  })

  check('sealed bytes open again, and not after one bit has changed', async (store) => {
    const plain = new TextEncoder().encode('a checkpoint')
    const sealed = store.secrets.seal(plain)
    assert.deepEqual(store.secrets.open(sealed), plain)
    assert.notDeepEqual(store.secrets.seal(plain), sealed)
    assert.equal(store.secrets.derive('a purpose').length, 32)
    assert.deepEqual(store.secrets.derive('a purpose'), store.secrets.derive('a purpose'))
    assert.notDeepEqual(store.secrets.derive('a purpose'), store.secrets.derive('another'))
    for (const at of [0, 1, 15, sealed.length - 1]) {
      const changed = sealed.map((byte, index) => (index === at ? byte ^ 1 : byte))
      assert.throws(() => store.secrets.open(changed), { code: at === 0 ? 'unsupported' : 'corrupt_data' })
    }
    assert.throws(() => store.secrets.open(sealed.slice(0, 10)), { code: 'corrupt_data' })
  })

  check('a secret sealed under one name does not open under another', async (store) => {
    await store.secrets.set('A', 'value-of-a')
    await sql`insert into store_secrets (name, sealed, updated_at) select 'B', sealed, 0 from store_secrets where name = 'A'`.execute(
      rows(store),
    )
    await assert.rejects(store.secrets.reveal('B'), { code: 'corrupt_data' })
  })

  check('reports that it is well', async (store) => {
    const { database, detail, freeBytes } = await store.health()
    assert.deepEqual({ database, detail }, { database: 'ok', detail: null })
    assert.ok(freeBytes > 0)
    await store.assertSpace()
  })
}

/** Items as they come, and a promise for having `n` of them. */
export function collect<T>() {
  const items: T[] = []
  let waiting: { n: number; resolve: () => void }[] = []
  return {
    items,
    push: (item: T): void => {
      items.push(item)
      for (const { n, resolve } of waiting) if (items.length >= n) resolve()
      waiting = waiting.filter(({ n }) => items.length < n)
    },
    reach(n: number): Promise<void> {
      if (items.length >= n) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ n, resolve })
      return promise
    },
  }
}
