import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputOf } from './draft.ts'
import { readMcpJson, type ImportResult } from './import-json.ts'

function servers(result: ImportResult) {
  if (!result.ok) assert.fail(result.reason)
  return result.servers
}

const read = (value: unknown) => servers(readMcpJson(JSON.stringify(value)))

test('a block of mcpServers becomes servers, with keys as secrets', () => {
  const [files, search] = read({
    mcpServers: {
      files: { command: 'npx', args: ['-y', '@scope/files', '/my dir'], env: { LOG: 'debug', DEPTH: 3 } },
      search: { command: 'uvx', args: ['search'], env: { SEARCH_API_KEY: 'abc' } },
    },
  })
  const input = inputOf(files!.server)
  assert.deepEqual([input.name, input.command, input.args], ['files', 'npx', ['-y', '@scope/files', '/my dir']])
  assert.deepEqual(input.env, [
    { name: 'LOG', isSecret: false, value: 'debug' },
    { name: 'DEPTH', isSecret: false, value: '3' },
  ])
  assert.deepEqual(inputOf(search!.server).env, [{ name: 'SEARCH_API_KEY', isSecret: true, value: 'abc' }])
})

test('a url becomes an HTTP server with its headers', () => {
  const [one] = read({
    servers: { web: { type: 'http', url: 'https://x.test/mcp', headers: { Authorization: 'Bearer t' } } },
  })
  const input = inputOf(one!.server)
  assert.deepEqual([input.transport, input.url], ['http', 'https://x.test/mcp'])
  assert.deepEqual(input.headers, [{ name: 'Authorization', isSecret: true, value: 'Bearer t' }])
})

test('a value that looks like a key is a secret, whatever it is called', () => {
  const [one] = read({
    a: { command: 'x', env: { THING: 'ghp_0123456789', OTHER: 'abcdef0123456789abcdef01', DIR: '/srv/data' } },
  })
  assert.deepEqual(
    one!.server.env.map((row) => row.isSecret),
    [true, true, false],
  )
})

test('blocks of other tools, one server alone and a cut-out are understood', () => {
  const entry = { command: 'x' }
  for (const value of [
    { mcp: { servers: { a: entry } } },
    { context_servers: { a: entry } },
    { a: entry },
    { ...entry, name: 'a' },
  ])
    assert.equal(read(value)[0]?.server.name, 'a')
  assert.equal(servers(readMcpJson('"a": { "command": "x" },'))[0]?.server.name, 'a')
})

test('what cannot be kept is said', () => {
  const [one] = read({
    mcpServers: {
      a: { type: 'sse', url: 'https://x.test/sse', disabled: true, headers: { Authorization: '${input:key}' } },
    },
  })
  assert.equal(one!.warnings.length, 3)
  assert.equal(one!.server.headers[0]?.value, '')
})

test('what is no server is refused with the reason', () => {
  for (const [pasted, reason] of [
    ['{"mcpServers": ', /not JSON/],
    ['[]', /no server/],
    ['{"mcpServers": {}}', /no server/],
    ['{"mcpServers": {"a": {"args": []}}}', /"a" has neither a command nor a url/],
    ['{"mcpServers": {"a": {"command": 5}}}', /"a": command/],
  ] as const) {
    const result = readMcpJson(pasted)
    if (result.ok) assert.fail(`${pasted} was taken`)
    assert.match(result.reason, reason)
  }
})
