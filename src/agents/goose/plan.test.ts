// The launch plan, without starting anything.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { McpServerLaunch, TurnInput } from '../adapter.ts'
import { goldenInput } from '../testing/goose-cases.ts'
import { extensionNames, planGoose } from './plan.ts'

const options = {
  baseEnv: { PATH: '/usr/bin' },
  serverEnv: { PATH: '/usr/bin', HOME: '/home/me' },
  nodePath: '/opt/node js/bin/node',
  shimPath: '/opt/maestro/mcp-shim.cjs',
}
const model = { provider: 'openrouter', model: 'some/model', baseUrl: null, apiKey: 'sk-or-a"b\n: c' }

function inputOf(changes: Partial<TurnInput> = {}): TurnInput {
  return {
    ...goldenInput({ name: '', prompt: 'do it', expected: { ok: true, text: '' } }),
    model,
    rootDir: '/roots/t1',
    cwd: '/projects/one',
    ...changes,
  }
}

function serverNamed(name: string): McpServerLaunch {
  return {
    name,
    command: 'npx',
    args: ['-y', 'thing'],
    env: { THING_TOKEN: 'tok-123456', MODE: 'production' },
    required: true,
  }
}

test('the prompt goes by stdin and the key by a file: neither is in argv or env', () => {
  const plan = planGoose(inputOf({ mcpServers: [serverNamed('thing')] }), '/bin/goose', options)
  const visible = JSON.stringify([plan.argv, plan.env])
  assert.equal(plan.stdin, 'do it')
  for (const hidden of ['do it', 'sk-or-a', 'tok-123456']) assert.equal(visible.includes(hidden), false, hidden)
  const secrets = plan.files.find((file) => file.path === '/roots/t1/config/secrets.yaml')
  assert.equal(secrets?.content, 'OPENROUTER_API_KEY: "sk-or-a\\"b\\n: c"\n')
  assert.deepEqual(plan.secrets, [model.apiKey, 'tok-123456'])
})

test('everything that Goose writes goes below the root', () => {
  const { env, files } = planGoose(inputOf(), '/bin/goose', options)
  for (const name of ['HOME', 'TMPDIR', 'GOOSE_PATH_ROOT']) assert.match(env[name] ?? '', /^\/roots\/t1/)
  for (const file of files) assert.match(file.path, /^\/roots\/t1\//)
})

test('modes map to tools', () => {
  const full = planGoose(inputOf({ mode: 'full' }), '/bin/goose', options)
  assert.ok(full.argv.includes('developer'))
  assert.equal(full.env['GOOSE_MODE'], 'auto')
  const plan = planGoose(inputOf({ mode: 'plan' }), '/bin/goose', options)
  assert.equal(plan.argv.includes('developer'), false)
  assert.equal(plan.env['GOOSE_MODE'], 'chat')
  const chosen = planGoose(inputOf({ mode: 'plan', mcpServers: [serverNamed('thing')] }), '/bin/goose', options)
  assert.equal(chosen.argv.includes('developer'), false)
  assert.equal(chosen.env['GOOSE_MODE'], 'auto', 'servers that somebody chose can be used')
  assert.throws(() => planGoose(inputOf({ mode: 'edit' }), '/bin/goose', options), /no mode "edit"/)
})

test('a following turn imports the checkpoint, then resumes by the id that Goose gives', () => {
  const checkpoint = {
    adapter: 'goose',
    sessionId: '20260101_1',
    cumulative: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 },
    data: '{"id":"20260101_1"}',
  }
  const plan = planGoose(inputOf({ checkpoint }), '/bin/goose', options)
  assert.deepEqual(plan.before[0]?.argv, ['/bin/goose', 'session', 'import', '/roots/t1/import.json'])
  const { withSession } = plan
  assert.ok(withSession)
  const argv = withSession('20260131_7 - maestro-turn')
  assert.deepEqual(argv.slice(0, 6), ['/bin/goose', 'run', '--quiet', '--resume', '--session-id', '20260131_7'])
  assert.ok(argv.includes('some/model'), 'the model is named again')
  assert.throws(() => withSession('something else'), /did not say which session/)
})

test('a path with a space stays one word for Goose', () => {
  const plan = planGoose(inputOf({ mcpServers: [serverNamed('thing')] }), '/bin/goose', options)
  const at = plan.argv.indexOf('--with-extension')
  assert.equal(plan.argv[at + 1], 'thing:"/opt/node js/bin/node" /opt/maestro/mcp-shim.cjs /roots/t1/mcp/0.json')
})

test('names of servers are made fit for Goose and stay different', () => {
  const names = ['my server', 'my-server', 'x', '🎼', 'a:b c', 'My Server'].map(serverNamed)
  assert.deepEqual(extensionNames(names), ['my-server', 'my-server-2', 'xserver', 'server', 'a-b-c', 'My-Server-3'])
})

test('a provider that Goose is not set up for is refused with those that are', () => {
  const other = { ...model, provider: 'toString' }
  assert.throws(
    () => planGoose(inputOf({ model: other }), '/bin/goose', options),
    (thrown: Error & { hint?: string }) => {
      assert.match(thrown.message, /"toString"/)
      assert.match(thrown.hint ?? '', /openrouter, openai/)
      return true
    },
  )
})
