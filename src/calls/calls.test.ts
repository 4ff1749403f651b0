// The order of a call and what it leaves behind, against a real embedded database.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { MaestroError, defineTool, silentLog } from '#src/core/index.ts'
import type { Actor, AnyTool, Ctx, ErrorCode, Log } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import type { Calls, CallsDeps } from './calls.ts'
import { callsMigrations } from './migrations.ts'
import { testCalls } from './testing/index.ts'

const failsWith = (code: ErrorCode) => (error: unknown) => error instanceof MaestroError && error.code === code

const owner: Actor = { kind: 'owner', via: 'socket' }
const token = (tokenId: string): Actor => ({ kind: 'token', tokenId, name: tokenId })
const contextOf = (actor: Actor, signal = new AbortController().signal): Ctx => ({
  actor,
  signal,
  traceId: 'req_1',
  log: silentLog,
})

const itemRead = defineTool({
  name: 'item_read',
  title: 'Read an item',
  description: 'One item.',
  effect: 'read',
  scope: 'items:read',
  input: z.object({ id: z.string() }),
  output: z.object({ id: z.string() }),
  subject: ({ id }) => [`item:${id}`],
  run: (_ctx, { id }) => Promise.resolve({ id }),
})

const itemWrite = defineTool({
  name: 'item_write',
  title: 'Write an item',
  description: 'Writes.',
  effect: 'write',
  scope: 'items:write',
  input: z.object({ id: z.string(), text: z.string().max(10), count: z.int().optional() }),
  output: z.object({ saved: z.boolean() }),
  subject: ({ id }) => [`item:${id}`],
  run: (_ctx, { id }) => {
    if (id === 'missing') return Promise.reject(new MaestroError('not_found', 'no such item'))
    if (id === 'broken') return Promise.resolve({ saved: 'perhaps' } as unknown as { saved: boolean })
    return Promise.resolve({ saved: true })
  },
})

const tokenCreate = defineTool({ ...itemRead, name: 'token_create', effect: 'write', scope: 'tokens:write' })
const sessionLink = defineTool({ ...itemRead, name: 'session_link', effect: 'write', scope: 'session:write' })
const sneaky = defineTool({ ...itemWrite, name: 'item_sneak', scope: 'items:read' })
const big = defineTool({ ...itemRead, name: 'item_big', run: () => Promise.resolve({ id: 'x'.repeat(2_000) }) })

const scopes: Record<string, readonly string[]> = {
  all: [],
  reader: ['items:read'],
  everywhere: ['*:read'],
  other: ['hosts:write'],
  tokens: ['tokens:write'],
  session: ['session:write'],
  anything: ['*:write'],
}

describe('calls', () => {
  let store: Store
  let calls: Calls
  let logged: object[] = []
  const log: Log = { ...silentLog, error: (fields) => void logged.push(fields) }
  const tools: readonly AnyTool[] = [itemRead, itemWrite, sneaky, big, tokenCreate, sessionLink]
  const make = (extra: Partial<CallsDeps> = {}) =>
    testCalls(extra.store ?? store, extra.tools ?? tools, {
      scopesOf: (id) => Promise.resolve(scopes[id]),
      log,
      maxResultBytes: 1_000,
      ...extra,
    }).calls
  const rowsAfter = async (seq: number) =>
    (await calls.auditRows({ limit: 500 })).filter((row) => row.seq > seq).reverse()
  const lastSeq = async () => (await calls.auditRows({ limit: 1 }))[0]?.seq ?? 0

  before(async () => {
    store = await openTestStore([callsMigrations])
  })
  after(() => store[Symbol.asyncDispose]())
  beforeEach(() => {
    logged = []
    calls = make()
  })

  test('an unknown tool is named with its neighbours', async () => {
    await assert.rejects(calls.call(contextOf(owner), 'itm_read', {}), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'not_found')
      assert.match(error.hint ?? '', /item_read/)
      return true
    })
    await assert.rejects(calls.call(contextOf(owner), 'constructor', {}), failsWith('not_found'))
  })

  test('an input is refused with every problem at once, unknown names too, and never runs', async () => {
    const from = await lastSeq()
    await assert.rejects(
      calls.call(contextOf(owner), 'item_write', { text: 'longer than ten', count: 1.5, extra: 1 }),
      (error: unknown) => {
        assert.ok(error instanceof MaestroError)
        assert.equal(error.code, 'invalid_input')
        assert.deepEqual(error.issues?.map((issue) => issue.path).sort(), ['', 'count', 'id', 'text'])
        return true
      },
    )
    assert.deepEqual(await rowsAfter(from), [])
  })

  test('a change leaves an intent before and an outcome after, without its values', async () => {
    const from = await lastSeq()
    assert.deepEqual(await calls.call(contextOf(owner), 'item_write', { id: 'a', text: 'canary42' }), { saved: true })
    const rows = await rowsAfter(from)
    assert.deepEqual(
      rows.map((row) => [row.phase, row.outcome, row.decision]),
      [
        ['intent', null, 'allow'],
        ['outcome', 'succeeded', 'allow'],
      ],
    )
    assert.equal(rows[0]?.callId, rows[1]?.callId)
    assert.deepEqual(rows[0]?.subject, ['item:a'])
    assert.equal(rows[0].traceId, 'req_1')
    assert.ok(rows.every((row) => /^[0-9a-f]{64}$/.test(row.inputSha256)))
    assert.ok(!JSON.stringify(rows).includes('canary42'))
  })

  test('a failed change records the code of its failure', async () => {
    const from = await lastSeq()
    await assert.rejects(
      calls.call(contextOf(owner), 'item_write', { id: 'missing', text: '' }),
      failsWith('not_found'),
    )
    assert.deepEqual(
      (await rowsAfter(from)).map((row) => row.errorCode),
      [null, 'not_found'],
    )
  })

  test('an answer that breaks its own schema is not shown, even in part', async () => {
    const from = await lastSeq()
    await assert.rejects(calls.call(contextOf(owner), 'item_write', { id: 'broken', text: '' }), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'internal')
      assert.ok(!error.message.includes('perhaps'))
      return true
    })
    assert.equal(logged.length, 1)
    assert.deepEqual(
      (await rowsAfter(from)).map((row) => row.errorCode),
      [null, 'internal'],
    )
  })

  test('an answer past the limit is refused with a way out', async () => {
    await assert.rejects(calls.call(contextOf(owner), 'item_big', { id: 'x' }), failsWith('limit_exceeded'))
  })

  test('reads leave no rows unless they are denied', async () => {
    const from = await lastSeq()
    await calls.call(contextOf(token('reader')), 'item_read', { id: 'a' })
    assert.deepEqual(await rowsAfter(from), [])
    await assert.rejects(calls.call(contextOf(token('other')), 'item_read', { id: 'a' }), failsWith('forbidden'))
    assert.deepEqual(
      (await rowsAfter(from)).map((row) => [row.phase, row.decision, row.errorCode]),
      [['denied', 'deny', 'forbidden']],
    )
  })

  test('a token does what its scopes say, and a change never passes as a read', async () => {
    const tries = [
      ['all', 'item_write', true],
      ['reader', 'item_read', true],
      ['everywhere', 'item_read', true],
      ['reader', 'item_write', false],
      ['everywhere', 'item_write', false],
      ['reader', 'item_sneak', false],
      ['other', 'item_write', false],
      ['revoked', 'item_read', false],
    ] as const
    for (const [name, tool, isAllowed] of tries) {
      const input = tool === 'item_read' ? { id: 'a' } : { id: 'a', text: '' }
      const call = calls.call(contextOf(token(name)), tool, input)
      if (isAllowed) await call
      else await assert.rejects(call, failsWith('forbidden'), `${name} called ${tool}`)
    }
  })

  test('a limited token makes no token and no sign-in link, whatever its scopes; an unlimited one does', async () => {
    for (const name of ['tokens', 'session', 'anything']) {
      for (const tool of ['token_create', 'session_link']) {
        const call = calls.call(contextOf(token(name)), tool, { id: 'a' })
        await assert.rejects(call, failsWith('forbidden'), `${name} called ${tool}`)
      }
    }
    for (const tool of ['token_create', 'session_link']) await calls.call(contextOf(token('all')), tool, { id: 'a' })
    for (const tool of ['token_create', 'session_link']) await calls.call(contextOf(owner), tool, { id: 'a' })
  })

  test('a caller who went away is cancelled, not a fault', async () => {
    const gone = AbortSignal.abort(new Error('closed'))
    await assert.rejects(calls.call(contextOf(owner, gone), 'item_read', { id: 'a' }), failsWith('cancelled'))
  })

  test('a change does not begin when its intent cannot be recorded', async () => {
    let hasRun = false
    const tool = { ...itemWrite, run: () => Promise.resolve({ saved: (hasRun = true) }) } as AnyTool
    const broken = make({
      tools: [tool],
      store: {
        ...store,
        db: () => {
          throw new MaestroError('storage_full', 'the disk is full')
        },
      } as Store,
    })
    await assert.rejects(broken.call(contextOf(owner), 'item_write', { id: 'a', text: '' }), failsWith('storage_full'))
    assert.equal(hasRun, false)
  })

  test('concurrent changes make one whole chain', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => calls.call(contextOf(owner), 'item_write', { id: `c${i}`, text: '' })),
    )
    const report = await calls.verifyAudit()
    assert.deepEqual({ ...report, rows: report.rows > 80 }, { ok: true, rows: true, broken: null, unfinished: [] })
  })

  test('a call without an outcome is reported as unfinished', async () => {
    const { promise, resolve } = Promise.withResolvers<{ saved: boolean }>()
    const started = Promise.withResolvers<void>()
    const slow = make({
      tools: [{ ...itemWrite, run: () => (started.resolve(), promise) } as AnyTool],
    }).call(contextOf(owner), 'item_write', { id: 'slow', text: '' })
    await started.promise
    assert.equal((await calls.verifyAudit()).unfinished.length, 1)
    resolve({ saved: true })
    await slow
    assert.equal((await calls.verifyAudit()).unfinished.length, 0)
  })

  test('rows refuse to be changed or removed', async () => {
    const change = (statement: string) => sql.raw(statement).execute(store.db<unknown>())
    for (const statement of ['update calls_audit set body = body', 'delete from calls_audit', 'truncate calls_audit']) {
      await assert.rejects(change(statement), /append-only/)
    }
  })

  test('a changed byte, a missing row and a cut-off end are each found at their row', async () => {
    const change = (statement: string) => sql.raw(statement).execute(store.db<unknown>())
    const damage = async (statement: string) => {
      const undo = new Error('undo')
      let found: Awaited<ReturnType<Calls['verifyAudit']>> | undefined
      const work = store.tx(async () => {
        await change('alter table calls_audit disable trigger all')
        await change(statement)
        found = await calls.verifyAudit()
        throw undo
      })
      await assert.rejects(work, undo)
      return found
    }
    const last = await lastSeq()
    const changed = await damage(`update calls_audit set body = replace(body, 'item:', 'itex:') where seq = 3`)
    assert.deepEqual(changed?.broken, { seq: 3, problem: 'its content was changed' })
    const removed = await damage('delete from calls_audit where seq = 4')
    assert.equal(removed?.broken?.problem, 'row 4 is missing')
    const cut = await damage(`delete from calls_audit where seq = ${last}`)
    assert.equal(cut?.ok, false)
    assert.equal((await calls.verifyAudit()).ok, true)
  })
})
