// The order of a decision, and what the brakes hold back: a table over all kinds of callers, tools and brakes.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { type Actor, type AnyTool, type Ctx, defineTool, MaestroError, silentLog } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { createAudit } from './audit.ts'
import { callsMigrations } from './migrations.ts'
import { testCalls, type TestCalls } from './testing/index.ts'
import { callsTools } from './tools.ts'

const plain = defineTool({
  name: 'item_write',
  title: 'Write',
  description: 'Writes.',
  effect: 'write',
  scope: 'items:write',
  input: z.object({}),
  output: z.object({}),
  subject: () => ['item:a'],
  run: async () => ({}),
})
const tools = {
  read: defineTool({ ...plain, name: 'item_read', effect: 'read', scope: 'items:read' }),
  write: plain,
  command: defineTool({ ...plain, name: 'maestro_exec', subject: () => ['host:local', 'command:local:ls'] }),
}

const agents: Actor[] = [
  { kind: 'client', name: 'claude' },
  { kind: 'token', tokenId: 'all', name: 'all' },
  { kind: 'run', runId: 'run_1' },
]
const people: Actor[] = [
  { kind: 'owner', via: 'socket' },
  { kind: 'browser', sessionId: 's' },
]
const ctxOf = (actor: Actor): Ctx => ({
  actor,
  signal: new AbortController().signal,
  traceId: 'req_1',
  log: silentLog,
})

describe('brakes', () => {
  let store: Store
  let room: TestCalls
  const owner = people[0] as Actor
  const scopes: Record<string, readonly string[]> = { all: [], agent: ['*:write'], approver: ['approvals:write'] }
  const scopesOf = (id: string) => Promise.resolve(scopes[id])
  const stopped: string[] = []
  const tasks = {
    list: async () => ({ items: [], next: null }),
    requestStop: async (id: string) => (stopped.push(id), Promise.reject(new Error(id))),
  }
  const outcome = async (actor: Actor, tool: AnyTool, input: object = {}): Promise<string> =>
    room.calls.call(ctxOf(actor), tool.name, input).then(
      () => 'passes',
      (error: unknown) =>
        error instanceof MaestroError ? `${error.code} ${String(error.details?.['kind'])}` : String(error),
    )

  before(async () => {
    store = await openTestStore([callsMigrations])
    const first = testCalls(store, [], { scopesOf })
    room = testCalls(
      store,
      [...Object.values(tools), ...callsTools({ ...first, audit: createAudit(store), tasks, scopesOf })],
      { scopesOf, approvals: first.approvals },
    )
  })
  after(() => store[Symbol.asyncDispose]())

  const nothing = { paused: false, readOnly: false }
  const table: [brakes: typeof nothing, who: Actor[], what: keyof typeof tools, outcome: string][] = [
    [nothing, [...agents, ...people], 'read', 'passes'],
    [nothing, [...agents, ...people], 'write', 'passes'],
    [nothing, [...agents, ...people], 'command', 'passes'],
    [{ paused: true, readOnly: false }, [...agents, ...people], 'read', 'passes'],
    [{ paused: true, readOnly: false }, agents, 'write', 'not_ready paused'],
    [{ paused: true, readOnly: false }, people, 'write', 'passes'],
    [{ paused: true, readOnly: false }, [...agents, ...people], 'command', 'not_ready paused'],
    [{ paused: false, readOnly: true }, [...agents, ...people], 'read', 'passes'],
    [{ paused: false, readOnly: true }, agents, 'write', 'forbidden read_only'],
    [{ paused: false, readOnly: true }, agents, 'command', 'forbidden read_only'],
    [{ paused: false, readOnly: true }, people, 'write', 'passes'],
    [{ paused: false, readOnly: true }, people, 'command', 'passes'],
    [{ paused: true, readOnly: true }, agents, 'write', 'not_ready paused'],
  ]
  for (const [brakes, who, what, expected] of table) {
    const state = Object.entries(brakes).flatMap(([name, on]) => (on ? [name] : []))
    test(`${state.join(' and ') || 'free'}: a ${what} by ${who.map(({ kind }) => kind).join(', ')}: ${expected}`, async () => {
      await room.control.setBrakes(owner, brakes)
      for (const actor of who) assert.equal(await outcome(actor, tools[what]), expected, actor.kind)
    })
  }

  test('the brakes win over rules, and say so before anybody is asked', async () => {
    await room.control.setBrakes(owner, { paused: false, readOnly: true })
    const rule = await room.control.addRule(owner, { effect: 'ask', tool: 'item_write' })
    assert.equal(await outcome(agents[0] as Actor, tools.write), 'forbidden read_only')
    await room.control.setBrakes(owner, nothing)
    assert.match(await outcome(agents[0] as Actor, tools.write), /approval_required/)
    await room.control.deleteRule(rule.id)
  })

  test('a token without limits lets go of the brakes; clients and limited tokens never touch them', async () => {
    const set = { name: 'brakes_set' } as AnyTool
    const [client, all, run] = agents as [Actor, Actor, Actor]
    for (const paused of [true, false]) assert.equal(await outcome(all, set, { paused }), 'passes')
    assert.equal(await outcome(run, set, { paused: true }), 'forbidden scope')
    assert.equal(await outcome(client, set, { paused: true }), 'forbidden scope')
    const limited: Actor = { kind: 'token', tokenId: 'agent', name: 'agent' }
    assert.equal(await outcome(limited, set, { paused: true }), 'forbidden scope')
    assert.equal(await outcome(limited, { name: 'audit_list' } as AnyTool), 'forbidden scope')
    assert.equal(await outcome(limited, tools.write), 'passes')
    assert.equal(await outcome(owner, set, {}), 'invalid_input undefined')
  })

  test('nobody says yes to its own question, and an agent sees its own only', async () => {
    const rule = await room.control.addRule(owner, { effect: 'ask', tool: 'item_write' })
    const get = { name: 'approval_get' } as AnyTool
    const decide = { name: 'approval_decide' } as AnyTool
    const [client, all] = agents as [Actor, Actor]
    const limited: Actor = { kind: 'token', tokenId: 'agent', name: 'agent' }
    const approver: Actor = { kind: 'token', tokenId: 'approver', name: 'approver' }
    for (const actor of [client, all, limited]) assert.match(await outcome(actor, tools.write), /approval_required/)
    const ids = new Map(
      (await room.approvals.list({ limit: 10, state: 'pending' })).map(({ id, actor }) => [
        actor.kind === 'token' ? actor.tokenId : actor.kind,
        id,
      ]),
    )
    const [ofClient, ofAll, ofLimited] = [ids.get('client'), ids.get('all'), ids.get('agent')]
    assert.equal(await outcome(client, get, { approvalId: ofClient }), 'passes')
    assert.equal(await outcome(client, get, { approvalId: ofAll }), 'not_found undefined')
    assert.equal(await outcome(limited, get, { approvalId: ofClient }), 'not_found undefined')
    const listed = (await room.calls.call(ctxOf(limited), 'approval_list', {})) as { items: { id: string }[] }
    assert.deepEqual(
      listed.items.map(({ id }) => id),
      [ofLimited],
    )
    assert.equal(await outcome(client, decide, { approvalId: ofClient, approve: true }), 'forbidden scope')
    assert.equal(await outcome(limited, decide, { approvalId: ofLimited, approve: true }), 'forbidden scope')
    assert.equal(await outcome(all, decide, { approvalId: ofAll, approve: true }), 'forbidden undefined')
    assert.equal(await outcome(approver, decide, { approvalId: ofAll, approve: true }), 'passes')
    assert.equal(await outcome(all, decide, { approvalId: ofClient, approve: false }), 'passes')
    await room.control.deleteRule(rule.id)
  })
})
