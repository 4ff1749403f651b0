// The launch plan, without starting anything.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { McpServerLaunch, TurnInput } from '../adapter.ts'
import { goldenInput } from '../testing/goose-cases.ts'
import { stdioServer } from '../testing/servers.ts'
import { extensionNames, planGoose } from './plan.ts'

const options = {
  baseEnv: { PATH: '/usr/bin' },
  serverEnv: { PATH: '/usr/bin', HOME: '/home/me' },
  nodePath: '/opt/node js/bin/node',
  shimPath: '/opt/maestro/mcp-shim.cjs',
}
const model = {
  provider: 'openrouter',
  api: 'openrouter' as const,
  model: 'some/model',
  baseUrl: null,
  apiKey: 'sk-or-a"b\n: c',
}

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
  const env = { THING_TOKEN: 'tok-123456', MODE: 'production' }
  return stdioServer({ name, command: 'npx', args: ['-y', 'thing'], env, secrets: ['tok-123456'] })
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

test('an added provider is called by the wire it speaks', () => {
  const added = { ...model, provider: 'my-llm', api: 'openai' as const, baseUrl: 'http://127.0.0.1:4000/v1' }
  const plan = planGoose(inputOf({ model: added }), '/bin/goose', options)
  assert.equal(plan.argv[plan.argv.indexOf('--provider') + 1], 'openai')
  assert.equal(plan.env['OPENAI_BASE_URL'], 'http://127.0.0.1:4000/v1')
})

test('where Goose sends no key, the token is in a file and in no argument or variable', () => {
  const local = { ...model, api: 'ollama' as const, baseUrl: 'http://127.0.0.1:4000', apiKey: 'mgt_token' }
  const plan = planGoose(inputOf({ model: local }), '/bin/goose', options)
  assert.equal(JSON.stringify([plan.argv, plan.env]).includes('mgt_token'), false)
  const config = plan.files.find((file) => file.path === '/roots/t1/config/config.yaml')
  assert.equal(config?.content, 'OLLAMA_HOST: "http://127.0.0.1:4000/t/mgt_token"\n')
})

test('the machine’s proxy is not asked for the gateway', () => {
  const proxied = { ...options, baseEnv: { HTTP_PROXY: 'http://proxy:3128', no_proxy: 'lan' } }
  const { env } = planGoose(inputOf(), '/bin/goose', proxied)
  assert.deepEqual([env['NO_PROXY'], env['no_proxy']], ['lan,127.0.0.1', 'lan,127.0.0.1'])
})
