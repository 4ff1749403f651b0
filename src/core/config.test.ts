import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig } from './config-files.ts'
import { loadConfig, parseEnvFile, type ConfigInput } from './config.ts'
import { MaestroError } from './errors.ts'

const load = (input: Partial<ConfigInput>) =>
  loadConfig({ env: { HOME: '/home/me', ...input.env }, files: input.files ?? [], flags: input.flags ?? {} })

function problems(input: Partial<ConfigInput>): Record<string, string> {
  try {
    load(input)
  } catch (error) {
    assert.ok(error instanceof MaestroError)
    assert.equal(error.code, 'invalid_input')
    return Object.fromEntries((error.issues ?? []).map(({ path, message }) => [path, message]))
  }
  return {}
}

test('with nothing set, everything has a default and only loopback is bound', () => {
  const config = load({})
  assert.equal(config.dataDir, '/home/me/.maestro')
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 3000)
  assert.equal(config.auth, 'on')
  assert.equal(config.leaseMs, 10_000)
  assert.equal(config.databaseUrl, undefined)
  assert.deepEqual(config.providers.openai, {})
  assert.equal(config.sources['port'], 'default')
})

test('flags win over the environment, that over the files in their order, these over defaults', () => {
  const files = [
    { path: '/data/.env', text: 'PORT=2\nMAESTRO_NODE_NAME=from-data\nMAESTRO_MAX_RUNS=7' },
    { path: '/clone/.env', text: 'PORT=3\nMAESTRO_NODE_NAME=from-clone\nGOOSE_BIN=/opt/goose' },
    { path: '/data/config.json', text: '{"port": 4, "gooseBin": "/json/goose", "leaseMs": 2000}' },
  ]
  assert.equal(load({ env: { PORT: '1' }, files, flags: { port: 8080 } }).port, 8080)
  const config = load({ env: { PORT: '1' }, files })
  assert.equal(config.port, 1)
  assert.equal(config.nodeName, 'from-data')
  assert.equal(config.gooseBin, '/opt/goose')
  assert.equal(config.leaseMs, 2000)
  assert.equal(config.sources['nodeName'], 'MAESTRO_NODE_NAME in /data/.env')
  assert.equal(config.sources['leaseMs'], '/data/config.json')
})

test('reports every problem at once with key, value, source and what is allowed', () => {
  const found = problems({
    env: { PORT: '99999', MAESTRO_AUTH: 'maybe', MAESTRO_LEASE_MS: '10', DATABASE_URL: 'mysql://u:pass-canary@h/d' },
    files: [{ path: '/data/config.json', text: '{"maxConcurrentRuns": 0, "prot": 3000}' }],
    flags: { logLevel: 'loud' },
  })
  assert.equal(found['port'], 'is "99999" (from PORT); it must be at most 65535')
  assert.equal(found['auth'], 'is "maybe" (from MAESTRO_AUTH); it must be on or off')
  assert.equal(found['leaseMs'], 'is "10" (from MAESTRO_LEASE_MS); it must be at least 1000')
  assert.equal(found['maxConcurrentRuns'], 'is 0 (from /data/config.json); it must be at least 1')
  assert.equal(found['logLevel'], 'is "loud" (from --log-level); it must be debug, info, warn, error or silent')
  assert.equal(found['prot'], 'is not a known setting (from /data/config.json); the nearest is port')
  assert.match(found['databaseUrl'] ?? '', /^is \(hidden\) \(from DATABASE_URL\)/)
  assert.ok(!JSON.stringify(found).includes('pass-canary'))
})

test('refuses a host that others can reach without a public address, and without sign-in', () => {
  assert.match(problems({ env: { HOST: '0.0.0.0' } })['host'] ?? '', /publicUrl \(MAESTRO_PUBLIC_URL\)/)
  const open = { HOST: '0.0.0.0', MAESTRO_PUBLIC_URL: 'https://maestro.example' }
  assert.match(problems({ env: { ...open, MAESTRO_AUTH: 'off' } })['auth'] ?? '', /must be on/)
  assert.deepEqual(problems({ env: open }), {})
})

test('what only conformance suites call is offered on loopback without sign-in, or the start is refused', () => {
  assert.equal(load({}).conformance, '0')
  assert.equal(load({ env: { MAESTRO_CONFORMANCE: '1', MAESTRO_AUTH: 'off' } }).conformance, '1')
  for (const env of [
    {},
    { HOST: '0.0.0.0', MAESTRO_PUBLIC_URL: 'https://m.example' },
    { HOST: '::', MAESTRO_AUTH: 'off' },
  ]) {
    const found = problems({ env: { ...env, MAESTRO_CONFORMANCE: '1' } })
    assert.match(
      found['conformance'] ?? '',
      /is "1" \(from MAESTRO_CONFORMANCE\); it must be 0, unless/,
      JSON.stringify(env),
    )
  }
  assert.match(problems({ env: { MAESTRO_CONFORMANCE: 'yes' } })['conformance'] ?? '', /must be 1 or 0/)
})

test('auth may be off on a loopback address only', () => {
  for (const HOST of ['127.0.0.1', 'localhost', '::1', '127.1.2.3'])
    assert.equal(load({ env: { HOST, MAESTRO_AUTH: 'off' } }).auth, 'off')
  for (const HOST of ['0.0.0.0', '::', '192.168.1.5', '127.0.0.1.example.com', '1127.0.0.1']) {
    assert.ok('auth' in problems({ env: { HOST, MAESTRO_AUTH: 'off' } }), HOST)
  }
})

test('takes provider keys and addresses from the names people already use', () => {
  const { providers } = load({
    env: {
      OPENROUTER_API_KEY: 'or-key',
      OPENROUTER_HOST: 'http://127.0.0.1:9/api',
      OPENAI_HOST: 'https://openai.example',
      GOOGLE_API_KEY: 'g-key',
      ANTHROPIC_API_KEY: '  a-key  ',
      OLLAMA_HOST: '127.0.0.1:11434',
    },
  })
  assert.deepEqual(providers, {
    openrouter: { apiKey: 'or-key', baseUrl: 'http://127.0.0.1:9/api' },
    openai: { baseUrl: 'https://openai.example' },
    anthropic: { apiKey: 'a-key' },
    google: { apiKey: 'g-key' },
    ollama: { baseUrl: 'http://127.0.0.1:11434' },
  })
  assert.deepEqual(
    load({ env: { OPENAI_BASE_URL: 'https://a.example', OPENAI_HOST: 'https://b.example' } }).providers.openai,
    { baseUrl: 'https://a.example' },
  )
})

test('an empty variable counts as not set', () => {
  assert.equal(load({ env: { PORT: '' }, files: [{ path: '/c/.env', text: 'PORT=\nHOST= ' }] }).port, 3000)
})

test('names a misspelt MAESTRO_ variable of an .env file and leaves other programs alone', () => {
  const found = problems({ files: [{ path: '/c/.env', text: 'MAESTRO_DATADIR=/x\nEDITOR_THEME=dark' }] })
  assert.deepEqual(Object.keys(found), ['MAESTRO_DATADIR'])
  assert.match(found['MAESTRO_DATADIR'] ?? '', /nearest is MAESTRO_DATA_DIR/)
})

test('says which configuration file is not JSON', () => {
  assert.match(
    problems({ files: [{ path: '/d/config.json', text: '{"port": ' }] })['/d/config.json'] ?? '',
    /^is not JSON/,
  )
  assert.match(problems({ files: [{ path: '/d/config.json', text: '[]' }] })['/d/config.json'] ?? '', /one JSON object/)
})

test('reads .env with quotes, comments, export and a byte order mark', () => {
  const text = '\uFEFFA=1\n# note\nexport B="two words"\nC=\'#not a comment\' # comment\nD="line1\nline2"\n'
  assert.deepEqual(parseEnvFile(text), { A: '1', B: 'two words', C: '#not a comment', D: 'line1\nline2' })
})

test('reads the data folder named by the clone, then the files in it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'maestro-config-'))
  try {
    const dataDir = join(root, 'data')
    await mkdir(dataDir)
    await writeFile(join(root, '.env'), 'MAESTRO_DATA_DIR=~/data\nPORT=3001\n')
    await writeFile(join(dataDir, '.env'), 'PORT=3002\n')
    await writeFile(join(dataDir, 'config.json'), '{"nodeName": "json", "dataDir": "/elsewhere"}')
    const config = await readConfig({ env: { HOME: root }, flags: {}, cloneRoot: root })
    assert.equal(config.dataDir, dataDir)
    assert.equal(config.port, 3002)
    assert.equal(config.nodeName, 'json')
    assert.equal(config.sources['dataDir'], 'MAESTRO_DATA_DIR')
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})

test('without any file the data folder is in the home folder', async () => {
  const config = await readConfig({ env: { HOME: '/nonexistent-home' }, flags: {}, cloneRoot: '/nonexistent-clone' })
  assert.equal(config.dataDir, '/nonexistent-home/.maestro')
})
