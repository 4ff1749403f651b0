// A call that must be asked for: what a yes is good for and what it is not, for how long, for how many at once.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { z } from 'zod'
import { type Actor, type AnyTool, type Ctx, defineTool, MaestroError, MINUTE, silentLog } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { needsPostgres, openPostgresTestStore, openTestStore } from '#src/store/testing/index.ts'
import type { Approval } from './contract.ts'
import { callsMigrations } from './migrations.ts'
import { testCalls, type TestCalls } from './testing/index.ts'

const owner: Actor = { kind: 'owner', via: 'socket' }
const claude: Actor = { kind: 'client', name: 'claude' }
const ctxOf = (actor: Actor, extra: Partial<Ctx> = {}): Ctx => ({
  actor,
  signal: new AbortController().signal,
  traceId: 'req_1',
  log: silentLog,
  ...extra,
})

/** Where `/link` points now: what a symbolic link is to a path tool. */
let linkTarget = '/srv/a'
let ran: unknown[] = []
const exec = defineTool({
  name: 'maestro_exec',
  title: 'Run a command',
  description: 'Runs.',
  effect: 'destructive',
  scope: 'hosts:write',
  input: z.object({ command: z.string(), env: z.record(z.string(), z.string()).optional() }),
  output: z.object({ ok: z.boolean() }),
  subject: ({ command }) => ['host:local', `command:local:${command.slice(0, 20)}`],
  run: async (_ctx, input) => (ran.push(input), { ok: true }),
})
const write = defineTool({
  name: 'maestro_write',
  title: 'Write a file',
  description: 'Writes.',
  effect: 'write',
  scope: 'hosts:write',
  input: z.object({ path: z.string(), text: z.string() }),
  output: z.object({ ok: z.boolean() }),
  subject: ({ path }) => [`path:local:${path === '/link' ? linkTarget : path}`],
  run: async (_ctx, input) => (ran.push(input), { ok: true }),
})
const read = defineTool({ ...exec, name: 'maestro_read', effect: 'read', scope: 'hosts:read' })
const tools: AnyTool[] = [exec, write, read]

const refused = async (call: Promise<unknown>): Promise<MaestroError> =>
  call.then(
    () => assert.fail('it passed'),
    (error: unknown) => {
      assert.ok(error instanceof MaestroError, String(error))
      return error
    },
  )

const approvalOf = (error: MaestroError): string => {
  assert.equal(error.code, 'approval_required')
  assert.equal(error.details?.['executed'], 'no')
  return String(error.details['approvalId'])
}

describe('approvals', () => {
  let store: Store
  let room: TestCalls
  const time = { now: 1_800_000_000_000 }
  const clock = { now: () => time.now, sleep: () => Promise.resolve() }
  const call = (tool: string, input: object, actor: Actor = claude, extra: Partial<Ctx> = {}) =>
    room.calls.call(ctxOf(actor, extra), tool, input)
  const ask = async (tool: string, input: object, actor: Actor = claude) =>
    approvalOf(await refused(call(tool, input, actor)))
  const approve = (id: string, isApproved = true) => room.approvals.decide(owner, id, isApproved, 'page')

  before(async () => {
    store = await openTestStore([callsMigrations])
  })
  after(() => store[Symbol.asyncDispose]())
  beforeEach(async () => {
    time.now += 60 * MINUTE
    ran = []
    linkTarget = '/srv/a'
    room = testCalls(store, tools, { clock })
    for (const rule of await room.control.listRules()) await room.control.deleteRule(rule.id)
    await room.control.addRule(owner, { effect: 'ask', tool: 'maestro_*', note: 'all of it' })
  })

  test('a call that must be asked for is refused with what to decide, and passes once after a yes', async () => {
    const error = await refused(call('maestro_exec', { command: 'make' }))
    const id = approvalOf(error)
    assert.match(error.hint ?? '', new RegExp(`maestro approvals approve ${id}`))
    assert.equal(error.details?.['expiresAt'], time.now + 10 * MINUTE)
    const approval = await room.approvals.get(id)
    assert.deepEqual(
      [approval.state, approval.tool, approval.title, approval.subject, JSON.parse(approval.input)],
      ['pending', 'maestro_exec', 'Run a command', ['host:local', 'command:local:make'], { command: 'make' }],
    )
    assert.match(approval.reason, /all of it/)
    assert.deepEqual(ran, [])
    await approve(id)
    assert.deepEqual(await call('maestro_exec', { command: 'make' }), { ok: true })
    assert.equal((await room.approvals.get(id)).state, 'used')
    assert.notEqual(await ask('maestro_exec', { command: 'make' }), id)
    assert.equal(ran.length, 1)
  })

  test('the audit log names the approval at the refusal and at the call it let pass', async () => {
    const id = await ask('maestro_exec', { command: 'make' })
    await approve(id)
    await call('maestro_exec', { command: 'make' })
    const rows = (await room.calls.auditRows({ limit: 3 })).reverse()
    assert.deepEqual(
      rows.map((row) => [row.phase, row.approvalId, row.errorCode]),
      [
        ['denied', id, 'approval_required'],
        ['intent', id, null],
        ['outcome', id, null],
      ],
    )
    assert.equal((await room.calls.verifyAudit()).ok, true)
  })

  test('a yes to one call lets pass no other: one byte, another tool, another caller, another folder', async () => {
    await approve(await ask('maestro_exec', { command: 'make all' }))
    const others: [string, object, Actor, Partial<Ctx>][] = [
      ['maestro_exec', { command: 'make al' }, claude, {}],
      ['maestro_exec', { command: 'make all ' }, claude, {}],
      ['maestro_exec', { command: 'make all', env: {} }, claude, {}],
      // Beyond what the subject shows of it.
      ['maestro_exec', { command: `make all${' '.repeat(20)}; rm -rf /` }, claude, {}],
      ['maestro_read', { command: 'make all' }, claude, {}],
      ['maestro_exec', { command: 'make all' }, { kind: 'client', name: 'codex' }, {}],
      ['maestro_exec', { command: 'make all' }, { kind: 'token', tokenId: 'tok_1', name: 'claude' }, {}],
      ['maestro_exec', { command: 'make all' }, claude, { cwd: '/elsewhere' }],
    ]
    for (const [tool, input, actor, extra] of others) {
      assert.equal((await refused(call(tool, input, actor, extra))).code, 'approval_required', JSON.stringify(input))
    }
    assert.deepEqual(ran, [])
    await call('maestro_exec', { command: 'make all' })
    assert.equal(ran.length, 1)
  })

  test('a link that points elsewhere after the yes is another call', async () => {
    await approve(await ask('maestro_write', { path: '/link', text: 'x' }))
    linkTarget = '/etc/passwd'
    await ask('maestro_write', { path: '/link', text: 'x' })
    linkTarget = '/srv/a'
    await call('maestro_write', { path: '/link', text: 'x' })
    assert.equal(ran.length, 1)
  })

  test('reads can be asked for as well', async () => {
    await approve(await ask('maestro_read', { command: 'x' }))
    await call('maestro_read', { command: 'x' })
    assert.equal((await refused(call('maestro_read', { command: 'x' }))).code, 'approval_required')
  })

  test('the same call again waits on the same approval, also when forty come at once', async () => {
    const errors = await Promise.all(
      Array.from({ length: 40 }, () => refused(call('maestro_exec', { command: 'once' }))),
    )
    assert.equal(new Set(errors.map(approvalOf)).size, 1)
    assert.equal((await room.approvals.list({ state: 'pending', limit: 100 })).length, 1)
  })

  test('of twenty calls that race for one yes, one passes', async () => {
    await approve(await ask('maestro_exec', { command: 'race' }))
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => call('maestro_exec', { command: 'race' })),
    )
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.equal(ran.length, 1)
  })

  test('a question nobody answers is over after ten minutes, and so is a yes nobody uses', async () => {
    const first = await ask('maestro_exec', { command: 'slow' })
    time.now += 10 * MINUTE
    const late = await refused(approve(first))
    assert.equal(late.code, 'conflict')
    assert.equal((await room.approvals.get(first)).state, 'expired')
    const second = await ask('maestro_exec', { command: 'slow' })
    assert.notEqual(second, first)
    time.now += 9 * MINUTE
    await approve(second)
    time.now += 10 * MINUTE
    assert.notEqual(await ask('maestro_exec', { command: 'slow' }), second)
    const states = await room.approvals.list({ state: 'expired', limit: 2 })
    assert.deepEqual(states.map(({ id }) => id).sort(), [first, second].sort())
    assert.deepEqual(ran, [])
  })

  test('a no answers the same call for ten minutes, without asking anew', async () => {
    const id = await ask('maestro_exec', { command: 'nope' })
    await approve(id, false)
    for (let i = 0; i < 3; i++) {
      const error = await refused(call('maestro_exec', { command: 'nope' }))
      assert.equal(error.code, 'forbidden')
      assert.equal(error.details?.['approvalId'], id)
    }
    assert.equal((await room.approvals.get(id)).state, 'denied')
    await ask('maestro_exec', { command: 'nope, but otherwise' })
    time.now += 10 * MINUTE
    await ask('maestro_exec', { command: 'nope' })
    assert.equal((await room.approvals.get(id)).state, 'denied', 'history says what was decided')
  })

  test('what is decided stays decided', async () => {
    const id = await ask('maestro_exec', { command: 'decided' })
    await approve(id, false)
    assert.equal((await refused(approve(id))).code, 'conflict')
    const other = await ask('maestro_exec', { command: 'used' })
    await approve(other)
    await call('maestro_exec', { command: 'used' })
    assert.equal((await refused(approve(other))).code, 'conflict')
    assert.equal((await refused(approve('apr_none'))).code, 'not_found')
  })

  test('a deny rule made after the yes wins over it', async () => {
    await approve(await ask('maestro_exec', { command: 'late' }))
    const rule = await room.control.addRule(owner, { effect: 'deny', command: 'late' })
    const error = await refused(call('maestro_exec', { command: 'late' }))
    assert.deepEqual([error.code, error.details?.['kind']], ['forbidden', 'rule'])
    await room.control.deleteRule(rule.id)
    await call('maestro_exec', { command: 'late' })
  })

  test('one caller has at most twenty questions open; the others still ask', async () => {
    await Promise.allSettled(Array.from({ length: 25 }, (_, i) => call('maestro_exec', { command: `flood ${i}` })))
    assert.equal((await room.approvals.list({ state: 'pending', limit: 100 })).length, 20)
    const error = await refused(call('maestro_exec', { command: 'one more' }))
    assert.equal(error.code, 'limit_exceeded')
    assert.ok(Number(error.details?.['retryAfterSec']) > 0)
    await ask('maestro_exec', { command: 'flood 3' })
    await ask('maestro_exec', { command: 'mine' }, { kind: 'client', name: 'codex' })
  })

  test('rules do not bind the owner, a browser and Maestro itself', async () => {
    for (const actor of [owner, { kind: 'browser', sessionId: 's' }, { kind: 'system' }] as const) {
      await call('maestro_exec', { command: 'mine' }, actor)
    }
    await ask('maestro_exec', { command: 'mine' }, { kind: 'run', runId: 'run_1' })
  })

  test('twenty secrets in an input are in neither an approval nor the audit log', async () => {
    const canary = (i: number) => `CANARY${i}x7d1f0c55aa9e4b1b`
    const stored = [0, 1, 2, 3].map(canary)
    room = testCalls(store, [secretive], {
      clock,
      redact: (text) => stored.reduce((out, one) => out.replaceAll(one, '[redacted]'), text),
    })
    const input = {
      command: `curl -H "Authorization: Bearer ${canary(4)}" https://me:${canary(5)}@host/ ${canary(0)} sk-${canary(6)} ghp_${canary(7)}`,
      env: {
        API_KEY: canary(8),
        PASSWORD: canary(9),
        GITHUB_TOKEN: canary(10),
        PLAIN: `xoxb-${canary(11)}`,
        [`K${canary(1)}`]: canary(2),
      },
      rows: [
        { name: 'DB_PASSWORD', value: canary(12) },
        { name: 'PLAIN', isSecret: true, value: canary(13) },
      ],
      deep: { auth: { anything: [canary(14)] }, private_key: canary(15), pin: canary(16) },
      text: `-----BEGIN RSA PRIVATE KEY-----\n${canary(17)}\n-----END RSA PRIVATE KEY-----\neyJhbGciOi.${canary(18)} mst_${canary(19)} ${canary(3)}`,
    }
    const id = await ask('maestro_secretive', input)
    const approval = JSON.stringify(await room.approvals.get(id))
    const rows = JSON.stringify(await room.calls.auditRows({ limit: 10 }))
    for (let i = 0; i < 20; i++) {
      assert.ok(!approval.includes(canary(i)), `canary ${i} is in ${approval}`)
      assert.ok(!rows.includes(canary(i)), `canary ${i} is in the log`)
    }
    assert.match(approval, /curl -H/)
  })
})

const secretive = defineTool({
  name: 'maestro_secretive',
  title: 'Secretive',
  description: 'Takes anything.',
  effect: 'write',
  scope: 'hosts:write',
  input: z.looseObject({ command: z.string() }),
  output: z.object({}),
  subject: ({ command }) => [
    `command:local:${command.slice(command.indexOf('CANARY0'), command.indexOf('CANARY0') + 24)}`,
  ],
  run: async () => ({}),
})

describe('approvals on two nodes', needsPostgres(), () => {
  test('one yes, forty calls on both nodes: one passes; a rule of one node holds on the other at once', async () => {
    await using one = await openPostgresTestStore([callsMigrations])
    await using two = await openPostgresTestStore([callsMigrations], { databaseUrl: one.databaseUrl })
    const rooms = [testCalls(one, tools), testCalls(two, tools)]
    const [left, right] = rooms as [TestCalls, TestCalls]
    ran = []
    const call = (room: TestCalls, command: string) => room.calls.call(ctxOf(claude), 'maestro_exec', { command })
    // Both have looked at the rules and hear nothing of each other: no node listens here.
    await call(left, 'before')
    await call(right, 'before')
    await left.control.addRule(owner, { effect: 'ask' })
    const asked = await Promise.all([...rooms, ...rooms].map((room) => refused(call(room, 'x'))))
    const ids = new Set(asked.map(approvalOf))
    assert.equal(ids.size, 1)
    const [id = ''] = ids
    const decided = await Promise.allSettled(
      rooms.map((room, i) => room.approvals.decide(owner, id, true, i === 0 ? 'page' : 'cli')),
    )
    assert.equal(decided.filter(({ status }) => status === 'fulfilled').length, 1)
    ran = []
    const calls = Array.from({ length: 40 }, (_, i) => call(i % 2 === 0 ? left : right, 'x'))
    const results = await Promise.allSettled(calls)
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.equal(ran.length, 1)
    const [used] = (await right.approvals.list({ state: 'used', limit: 5 })) as [Approval]
    assert.equal(used.id, id)
    assert.equal((await left.calls.verifyAudit()).ok, true)
  })
})
