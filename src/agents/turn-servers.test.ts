// What a broken MCP server does to a turn that is to start.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { createFakeLease } from './testing/fake-lease.ts'
import { stdioServer } from './testing/servers.ts'
import { TurnFailed } from './turn-failure.ts'
import { usableServers } from './turn-servers.ts'
import type { ServerProblem } from './types.ts'

const problem = (message: string, retryable = false): ServerProblem => ({ message, hint: null, retryable })
const good = stdioServer({ name: 'good' })
const bad = stdioServer({ name: 'bad' })
const optional = stdioServer({ name: 'optional', required: false })

function play(servers: readonly (typeof good)[], problems: readonly (ServerProblem | null)[]) {
  const turn = createFakeLease('turn_1', {})
  const deps = { mcpServers: async () => servers, checkServers: async () => problems }
  return { turn, usable: usableServers(deps, turn, ['ids']) }
}

test('servers that work are all there, and nothing is said', async () => {
  const { turn, usable } = play([good, optional], [null, null])
  assert.deepEqual(await usable, [good, optional])
  assert.deepEqual(turn.events, [])
})

test('one that is not required is left out, with its reason in the log', async () => {
  const { turn, usable } = play([good, optional], [null, problem('it ended')])
  assert.deepEqual(await usable, [good])
  assert.deepEqual(turn.events, [
    { type: 'mcp.status', server: 'optional', ok: false, reason: 'it ended' },
    { type: 'agent.warned', text: 'goes on without the MCP server "optional": it ended' },
  ])
})

test('a required one fails the turn, every broken one named', async () => {
  const { usable } = play(
    [good, bad, { ...bad, name: 'worse' }],
    [null, problem('it ended'), problem('it hangs', true)],
  )
  await assert.rejects(usable, (thrown) => {
    assert.ok(thrown instanceof TurnFailed)
    assert.equal(thrown.failure.kind, 'mcp_unavailable')
    assert.equal(thrown.failure.retryable, false)
    assert.match(
      thrown.failure.message,
      /"bad" cannot be used: it ended; the MCP server "worse" cannot be used: it hangs/,
    )
    return true
  })
})

test('a stop while servers are checked is a stop, not a broken server', async () => {
  const turn = createFakeLease('turn_1', {})
  const checkServers = async () => {
    throw new MaestroError('cancelled', 'the check of the MCP server was stopped')
  }
  await assert.rejects(usableServers({ mcpServers: async () => [good], checkServers }, turn, ['good']), (thrown) => {
    assert.ok(thrown instanceof TurnFailed)
    assert.equal(thrown.failure.kind, 'cancelled')
    return true
  })
})
