// The bridge between an agent that knows stdio only and HTTP servers of both eras: the real launcher, real HTTP.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client, type JSONRPCMessage } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { startHttpToolServer } from '../testing/tool-server.ts'

const shim = fileURLToPath(new URL('../mcp-shim.cjs', import.meta.url))
const secret = 'Bearer tok-0123456789'

let dir = ''
before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'maestro-bridge-'))
})
const clients: Client[] = []
after(async () => {
  for (const client of clients) await client.close()
  await rm(dir, { recursive: true })
})

async function startFile(url: string): Promise<string> {
  const file = path.join(dir, `${Math.random()}.json`)
  await writeFile(file, JSON.stringify({ url, headers: { Authorization: secret } }), { mode: 0o600 })
  return file
}

/** As an agent that knows both eras: it asks for the newer one, and takes the older one when told it is not known. */
async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  clients.push(client)
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [shim, await startFile(url)] }))
  return client
}

const textOf = (result: { content: readonly { type: string; text?: unknown }[] }): unknown => result.content[0]?.text

for (const [era, version] of [
  ['both', '2026-07-28'],
  ['modern', '2026-07-28'],
  ['legacy', '2025-11-25'],
] as const) {
  describe(`an HTTP server of era "${era}" behind the bridge`, () => {
    test('is greeted in its era, gets the headers with every request, and gives its answers back whole', async () => {
      await using server = await startHttpToolServer({ era })
      const client = await connect(server.url)
      assert.equal(client.getNegotiatedProtocolVersion(), version)
      assert.equal((await client.listTools()).tools.length, 6)
      const odd = `"quotes" \`id\` $HOME\n🎼 \u2028`
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: odd } })), odd)
      const big = textOf(await client.callTool({ name: 'big', arguments: { chars: 3_000_000 } }))
      assert.equal(String(big).length, 3_000_000)
      assert.equal((await client.callTool({ name: 'fail' })).isError, true)
      await assert.rejects(client.callTool({ name: 'no-such-tool' }))
      assert.ok(server.requests.every(({ headers }) => headers.get('authorization') === secret))
      await client.close()
    })

    test('gets arguments as headers where it wants them so', async () => {
      await using server = await startHttpToolServer({ era })
      const client = await connect(server.url)
      await client.listTools()
      for (const region of ['eu-west', ' spaces ', '🎼', '', '=?base64?eA==?=']) {
        const result = await client.callTool({ name: 'routed', arguments: { region } })
        assert.equal(textOf(result), region, JSON.stringify(result))
      }
      const sent = server.requests.flatMap(({ headers }) => headers.get('mcp-param-region') ?? [])
      assert.deepEqual(sent.slice(0, 2), ['eu-west', '=?base64?IHNwYWNlcyA=?='])
      await client.close()
    })

    test('tells of its progress while it works', async () => {
      await using server = await startHttpToolServer({ era })
      const client = await connect(server.url)
      const seen: number[] = []
      const result = await client.callTool(
        { name: 'slow', arguments: { steps: 4 } },
        { onprogress: ({ progress }) => void seen.push(progress) },
      )
      assert.equal(textOf(result), 'done')
      // The library drops a notification that comes in one piece with the answer.
      assert.deepEqual(seen.slice(0, 3), [1, 2, 3])
      await client.close()
    })

    test('learns that a request is given up', async () => {
      await using server = await startHttpToolServer({ era })
      const client = await connect(server.url)
      const given = new AbortController()
      const call = client.callTool({ name: 'slow', arguments: { steps: 1_000 } }, { signal: given.signal })
      call.catch(() => undefined)
      await until(() => server.requests.length >= 2)
      setTimeout(() => given.abort(), 100)
      await assert.rejects(call)
      await until(() => server.facts.cancelled === 1)
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'still there' } })), 'still there')
      await client.close()
    })
  })
}

/** Speaks lines with the bridge by hand. */
async function bridgeTo(
  url: string,
): Promise<{ child: ChildProcess; say(message: object): void; next(): Promise<JSONRPCMessage> }> {
  const child = spawn(process.execPath, [shim, await startFile(url)], { stdio: ['pipe', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return {
    child,
    say: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    async next() {
      await until(() => text.includes('\n'))
      const at = text.indexOf('\n')
      const line = text.slice(0, at)
      text = text.slice(at + 1)
      return JSON.parse(line) as JSONRPCMessage
    },
  }
}

test('a server that refuses the newer greeting in its own way is told to be one of the older era', async () => {
  await using server = await startHttpToolServer({ era: 'legacy' })
  const { child, say, next } = await bridgeTo(server.url)
  say({ jsonrpc: '2.0', id: 7, method: 'server/discover', params: {} })
  assert.deepEqual(await next(), { jsonrpc: '2.0', id: 7, error: { code: -32_601, message: 'Method not found' } })
  child.stdin?.end()
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('a server that is not there is an error of the request, in words, and the bridge goes on', async () => {
  const gone = await (async () => {
    await using server = await startHttpToolServer({ era: 'both' })
    return server.url
  })()
  const { child, say, next } = await bridgeTo(gone)
  for (const id of [1, 2]) {
    say({ jsonrpc: '2.0', id, method: 'tools/list' })
    const answer = await next()
    assert.ok('error' in answer)
    assert.match(answer.error.message, /nothing listens at 127\.0\.0\.1/)
  }
  child.stdin?.end()
  await once(child, 'exit')
})

test('no header shows in arguments or environment of the bridge', async () => {
  await using server = await startHttpToolServer({ era: 'both' })
  const { child, say, next } = await bridgeTo(server.url)
  say({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  await next()
  for (const file of ['cmdline', 'environ']) {
    assert.ok(!(await readFile(`/proc/${child.pid}/${file}`, 'utf8')).includes(secret))
  }
  child.kill('SIGTERM')
  await once(child, 'exit')
})

async function until(condition: () => boolean, timeoutMs = 15_000): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs
  while (!condition()) {
    assert.ok(Date.now() < giveUpAt, 'the condition did not come true in time')
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}
