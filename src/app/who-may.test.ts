// Of every tool there is, who may call it before any rule: an agent without scopes keeps off credentials, what holds it
// back, keys and settings. A tool of a new area is decided here on purpose, not by accident.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPolicy } from '#src/calls/index.ts'
import { type Actor, readConfig } from '#src/core/index.ts'
import { createApp } from './create-app.ts'

/** Areas whose changes are what agents are for. */
const open = ['workflows', 'runs', 'tasks', 'hosts', 'files', 'conformance', 'test']
/** Areas that agents without scopes read at most. */
const closed = [
  'tokens',
  'session',
  'approvals',
  'rules',
  'brakes',
  'secrets',
  'models',
  'mcp',
  'agents',
  'system',
  'audit',
]

const brakes = { paused: false, readOnly: false, since: null, by: null }
const state = { version: 1, brakes, rules: [] }

test('every tool is decided for agents, limited tokens and people', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-who-may-'))
  const env = { MAESTRO_DATA_DIR: dataDir, MAESTRO_CONFORMANCE: '1', MAESTRO_AUTH: 'off', PATH: process.env['PATH'] }
  const config = await readConfig({ env, flags: {}, cloneRoot: dataDir })
  const app = await createApp(config, { root: dataDir, version: '1', env, logTo: 'stderr', onStop: () => undefined })
  try {
    const scopes: Record<string, string[]> = { all: [], reader: ['*:read'], writer: ['*:write'] }
    const control = { current: async () => state, reload: async () => state }
    const policy = createPolicy({ control, scopesOf: async (id) => scopes[id] })
    const may = async (actor: Actor, tool: (typeof app.tools)[number]) =>
      (await policy.decide(actor, tool, [])).decision === 'allow'
    const token = (tokenId: string): Actor => ({ kind: 'token', tokenId, name: tokenId })
    assert.ok(app.tools.length > 60, `there are ${app.tools.length} tools`)
    for (const tool of app.tools) {
      const [area = '', access] = tool.scope.split(':')
      assert.ok(
        open.includes(area) || closed.includes(area),
        `${tool.name} is of the new area "${area}": decide who may`,
      )
      const isRead = tool.effect === 'read' && access === 'read'
      const expected = area === 'audit' ? false : isRead || open.includes(area)
      for (const actor of [
        { kind: 'client', name: 'x' },
        { kind: 'run', runId: 'r' },
      ] as const) {
        assert.equal(await may(actor, tool), expected, `${actor.kind} and ${tool.name}`)
      }
      const ofPeople = ['tokens', 'session', 'approvals', 'rules', 'brakes'].includes(area)
      assert.equal(await may(token('reader'), tool), isRead && area !== 'audit', `a reading token and ${tool.name}`)
      assert.equal(
        await may(token('writer'), tool),
        area !== 'audit' && (isRead || !ofPeople),
        `a writing token and ${tool.name}`,
      )
      for (const actor of [
        token('all'),
        { kind: 'owner', via: 'socket' },
        { kind: 'browser', sessionId: 's' },
      ] as const) {
        assert.equal(await may(actor, tool), true, `${actor.kind} and ${tool.name}`)
      }
      assert.equal(await may(token('revoked'), tool), false)
    }
  } finally {
    await app[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true })
  }
})
