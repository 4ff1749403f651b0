// `bin/maestro mcp` as clients start it, on the Node of this machine, with an owner it starts itself.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { maestro } from '#test/harness/command.ts'
import { initialize, makePlace, type McpPipe, startMcpPipe } from '#test/harness/mcp-pipe.ts'
import { startServer } from '#test/harness/server.ts'
import { findPart } from '#test/parts.ts'

const call = (pipe: McpPipe, name: string, input: object) =>
  pipe.request('tools/call', { name, arguments: input }).then(({ result }) => result ?? {})

test('serves a client, survives the end of the owner it started, and leaves with the client', async () => {
  await using place = await makePlace()
  await using pipe = startMcpPipe(place, ['--profile', 'core', '--as', 'editor'])
  assert.equal((await initialize(pipe)).result?.['protocolVersion'], '2025-11-25')
  const { tools } = (await pipe.request('tools/list')).result as { tools: { name: string }[] }
  assert.ok(tools.some(({ name }) => name === 'maestro_exec'))
  const { structuredContent } = (await call(pipe, 'maestro_exec', { command: 'pwd' })) as {
    structuredContent: { stdout: string }
  }
  // The client's folder, not the owner's.
  assert.equal(structuredContent.stdout, `${place.dir}\n`)

  const first = await place.ownerPid()
  const lost = call(pipe, 'maestro_exec', { command: 'touch began; sleep 60' })
  while ((await call(pipe, 'maestro_find', { path: '.', name: 'began' }).catch(() => undefined)) === undefined)
    await delay(50)
  await place.killOwner()
  const { error } = (await lost)['structuredContent'] as { error: Record<string, unknown> }
  assert.deepEqual(
    { code: error['code'], executed: error['executed'], retryable: error['retryable'] },
    { code: 'LOST', executed: 'maybe', retryable: false },
  )
  assert.equal((await call(pipe, 'maestro_exec', { command: 'true' }))['isError'], undefined)
  assert.notEqual(await place.ownerPid(), first)
  assert.equal(await pipe.close(), 0)
})

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const) {
  test(`ends at once at ${signal}, whatever is under way`, async () => {
    await using server = await startServer()
    await using pipe = startMcpPipe({ env: envOf(server.home, server.dataDir), dir: server.home })
    await initialize(pipe)
    pipe.request('tools/call', { name: 'maestro_exec', arguments: { command: 'sleep 60' } }).catch(() => undefined)
    pipe.child.kill(signal)
    const [ended] = (await once(pipe.child, 'exit')) as [number | null]
    assert.equal(ended, code)
  })
}

test('is the same on the newest Node and on an older one', async () => {
  await using server = await startServer()
  const older = findPart('node20')
  const nodes = [process.execPath, ...(older === undefined ? [] : [older])]
  for (const node of nodes) {
    const env = { ...envOf(server.home, server.dataDir), PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}` }
    await using pipe = startMcpPipe({ env, dir: server.home })
    assert.equal((await initialize(pipe)).error, undefined)
    assert.equal(await pipe.close(), 0)
  }
})

test('says why Maestro cannot be started, as an answer to the client', async () => {
  await using place = await makePlace()
  await using pipe = startMcpPipe({ dir: place.dir, env: { ...place.env, MAESTRO_DATA_DIR: '/dev/null/data' } })
  const { error } = await initialize(pipe)
  assert.match(error?.message ?? '', /is not a folder, or lies below a file/)
  assert.equal((error?.data as { executed?: string } | undefined)?.executed, 'no')
  await pipe.close()
})

test('explains wrong options on stderr, every one of them, and keeps stdout clean', async () => {
  await using place = await makePlace()
  const { code, out, err } = await maestro(['mcp', '--profile', 'core,lean', '--as', '-x', '--port', '1'], {
    env: place.env,
  })
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /"lean" is not one of default, core, full, compat, workflows/)
  assert.match(err, /--as: a name has/)
  assert.match(err, /--port and --host are for streamable-http/)
})

test('opens a port of its own that serves MCP and nothing else, to callers with a token, and outlives the owner', async () => {
  await using server = await startServer({ auth: true })
  const { token } = await server.api<{ token: string }>('POST', '/tokens', { name: 'client' })
  const env = { ...envOf(server.home, server.dataDir), MAESTRO_AUTH: 'on' }
  const listening = Promise.withResolvers<string>()
  const stopping = Promise.withResolvers<() => void>()
  const ended = maestro(['mcp', '--transport', 'streamable-http', '--port', '0', '--profile', 'core'], {
    env,
    timeoutMs: 60_000,
    onStart(child) {
      stopping.resolve(() => void child.kill('SIGTERM'))
      let err = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        err += chunk.toString()
        const url = /serves MCP at (\S+)\/mcp\n/.exec(err)?.[1]
        if (url !== undefined) listening.resolve(url)
      })
    },
  })
  const url = await listening.promise
  const list = async (headers: Record<string, string>) =>
    fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/list',
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    })
  const bearer = { authorization: `Bearer ${token}` }
  const listed = await list(bearer)
  const text = await listed.text()
  assert.equal(listed.status, 200, text)
  assert.match(text, /maestro_exec/)
  assert.doesNotMatch(text, /workflow_delete/)
  assert.equal((await list({})).status, 401)
  assert.equal((await list({ ...bearer, origin: 'http://evil.example' })).status, 403)
  assert.equal((await fetch(`${url}/api/v1/health`)).status, 200)
  for (const path of ['/', '/api/v1/runs', '/mcpx', '/signin?code=x'])
    assert.equal((await fetch(`${url}${path}`, { headers: bearer })).status, 404, path)

  await server.kill()
  await server.restart()
  assert.equal((await list(bearer)).status, 200)
  ;(await stopping.promise)()
  const { code, out } = await ended
  assert.deepEqual([code, out], [143, ''])
})

test('does not open a port that others can reach without what that needs, nor one that is taken', async () => {
  await using server = await startServer()
  const env = envOf(server.home, server.dataDir)
  const open = await maestro(['mcp', '--transport', 'streamable-http', '--port', '0', '--host', '0.0.0.0'], { env })
  assert.equal(open.code, 1)
  assert.match(open.err, /lacks sign-in \(.*\) and the address others use \(set MAESTRO_PUBLIC_URL\)/)
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const taken = await maestro(['mcp', '--transport', 'streamable-http', '--port', String(port)], { env })
  other.close()
  assert.equal(taken.code, 1)
  assert.match(taken.err, new RegExp(`port ${port} on 127.0.0.1 is in use`))
})

function envOf(home: string, dataDir: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_RUNTIME_DIR: home,
    MAESTRO_DATA_DIR: dataDir,
    MAESTRO_AUTH: 'off',
    MAESTRO_DISK_RESERVE_MB: '1',
    PORT: '0',
  }
}
