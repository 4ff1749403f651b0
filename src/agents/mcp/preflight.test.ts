// When a server is started before a turn, and when what was seen a moment ago is enough.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSimClock } from '#src/core/testing/sim-clock.ts'
import type { McpServerTest } from '../contract.ts'
import { httpServer, stdioServer } from '../testing/servers.ts'
import { createPreflight } from './preflight.ts'

const fine: McpServerTest = {
  ok: true,
  durationMs: 1,
  serverName: 'x',
  serverVersion: '1',
  protocolVersion: '2025-11-25',
  tools: [],
  tokens: 0,
  error: null,
  stderr: '',
}
const failed = (kind: NonNullable<McpServerTest['error']>['kind']): McpServerTest => ({
  ...fine,
  ok: false,
  error: { kind, message: 'it does not', hint: 'mend it' },
})
const signal = new AbortController().signal

function setUp() {
  const clock = createSimClock()
  const checked: string[] = []
  const answers = new Map<string, McpServerTest>()
  const preflight = createPreflight({
    clock,
    check: async (server) => {
      checked.push(server.name)
      return answers.get(server.name) ?? fine
    },
  })
  return { clock, checked, answers, preflight }
}

test('a success counts for five minutes, for this very configuration', async () => {
  const { clock, checked, preflight } = setUp()
  const server = stdioServer({ name: 'a', env: { TOKEN: 'one' } })
  assert.deepEqual(await preflight.check([server], signal), [null])
  await preflight.check([server], signal)
  assert.equal(checked.length, 1)
  await preflight.check([{ ...server, env: { TOKEN: 'two' } }], signal)
  assert.equal(checked.length, 2, 'another secret is another configuration')
  await clock.advance(5 * 60_000)
  await preflight.check([server], signal)
  assert.equal(checked.length, 3)
})

test('a failure is looked at again each time, and ends an older success', async () => {
  const { clock, checked, answers, preflight } = setUp()
  const server = stdioServer({ name: 'a' })
  answers.set('a', failed('exited'))
  for (let round = 0; round < 2; round++) {
    const [problem] = await preflight.check([server], signal)
    assert.deepEqual(problem, { message: 'it does not', hint: 'mend it', retryable: false })
  }
  assert.equal(checked.length, 2)
  answers.set('a', fine)
  await preflight.check([server], signal)
  preflight.learn(server, failed('exited'))
  await clock.advance(1)
  await preflight.check([server], signal)
  assert.equal(checked.length, 4, 'somebody saw it fail in between')
})

test('a success that somebody saw by hand is enough', async () => {
  const { checked, preflight } = setUp()
  const server = httpServer({ name: 'a' })
  preflight.learn(server, fine)
  assert.deepEqual(await preflight.check([server], signal), [null])
  assert.deepEqual(checked, [])
})

test('several are checked at once, and what is wrong stands where its server does', async () => {
  const { answers, preflight } = setUp()
  answers.set('b', failed('network'))
  const servers = ['a', 'b', 'c'].map((name) => stdioServer({ name }))
  const [a, b, c] = await preflight.check(servers, signal)
  assert.deepEqual([a, c], [null, null])
  assert.equal(b?.retryable, true, 'a network may be back in a moment')
})
