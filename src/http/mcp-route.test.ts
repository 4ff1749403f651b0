import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { McpProfile } from '#src/core/index.ts'
import type { McpHandler } from './mcp-route.ts'
import { ask, askRaw, bearer, goodToken, startTestHttp } from './testing/index.ts'

function listening() {
  const seen: { method: string; who: string; profiles: readonly McpProfile[]; body: unknown }[] = []
  const mcp: McpHandler = {
    handle(request, { actor, profiles }, body) {
      seen.push({ method: request.method, who: actor.kind, profiles, body })
      return Promise.resolve(Response.json({ jsonrpc: '2.0', id: 1, result: {} }))
    },
  }
  return { seen, mcp }
}

const json = { ...bearer, 'content-type': 'application/json' }
const post = (port: number, body: string, path = '/mcp', headers: Record<string, string> = json) =>
  ask(port, path, { method: 'POST', headers, body })

test('a message is handed over with its caller and the profiles it asked for, with and without a slash', async () => {
  const { seen, mcp } = listening()
  await using it = await startTestHttp({ mcp })
  const message = { jsonrpc: '2.0', id: 1, method: 'ping' }
  assert.equal((await post(it.port, JSON.stringify(message))).status, 200)
  assert.equal((await post(it.port, JSON.stringify([message]), '/mcp/?profile=core,%20workflows')).status, 200)
  assert.equal((await ask(it.port, '/mcp', { method: 'DELETE' })).status, 200)
  assert.deepEqual(seen, [
    { method: 'POST', who: 'token', profiles: ['default'], body: message },
    { method: 'POST', who: 'token', profiles: ['core', 'workflows'], body: [message] },
    { method: 'DELETE', who: 'token', profiles: ['default'], body: undefined },
  ])
})

const refused: [
  string,
  number,
  RegExp,
  () => Parameters<typeof post>[1],
  (Parameters<typeof post>[2] | undefined)?,
  Record<string, string>?,
][] = [
  ['without sign-in', 401, /not signed in/, () => '{}', '/mcp', { 'content-type': 'application/json' }],
  ['that is not JSON', 400, /not valid JSON/, () => '{'],
  ['that is a number', 400, /JSON-RPC message/, () => '1'],
  ['of another type', 415, /application\/json/, () => '{}', '/mcp', { ...bearer, 'content-type': 'text/plain' }],
  ['nested too deeply', 400, /nested deeper than 64/, () => '['.repeat(5_000) + ']'.repeat(5_000)],
  ['of 4 MiB and a byte', 413, /larger than 4194304 bytes/, () => `"${'x'.repeat(4 * 1024 * 1024 - 1)}"`],
  [
    'for an unknown profile',
    400,
    /there is no MCP profile "bare"; profiles are default, core/,
    () => '{}',
    '/mcp?profile=bare',
  ],
]

for (const [what, status, message, body, path, headers] of refused) {
  test(`a message ${what} is refused with ${status}, as JSON-RPC`, async () => {
    const { seen, mcp } = listening()
    await using it = await startTestHttp({ mcp })
    const answer = await post(it.port, body(), path, headers)
    assert.equal(answer.status, status)
    const { error } = answer.json() as { error: { code: number; message: string } }
    assert.match(error.message, message)
    assert.equal(answer.headers['www-authenticate'], status === 401 ? 'Bearer realm="maestro"' : undefined)
    assert.deepEqual(seen, [])
  })
}

test('a body that says it is too large is refused before it is sent', async () => {
  const { seen, mcp } = listening()
  await using it = await startTestHttp({ mcp })
  const answer = await askRaw(
    it.port,
    `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${it.port}\r\nAuthorization: Bearer ${goodToken}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 4194305\r\n\r\n',
  )
  assert.match(answer, /^HTTP\/1\.1 413 /)
  assert.deepEqual(seen, [])
})

test('pages of other sites do not reach it, by Host or by Origin', async () => {
  const { seen, mcp } = listening()
  await using it = await startTestHttp({ mcp })
  const rebound = await post(it.port, '{}', '/mcp', { ...json, host: 'evil.example' })
  const foreign = await post(it.port, '{}', '/mcp', { ...json, origin: 'http://evil.example' })
  assert.deepEqual([rebound.status, foreign.status, seen], [403, 403, []])
})

test('without a room for it there is no such path', async () => {
  await using it = await startTestHttp()
  assert.equal((await post(it.port, '{}')).status, 404)
})
