// The MCP endpoint by hand: every revision that clients in the field speak, over HTTP and stdio, and what each of them is
// told when it says something wrong.

import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { envOf } from '../harness/command.ts'
import {
  legacyVersions,
  mcpVersions,
  type McpVersion,
  modernMeta,
  modernVersion,
  overHttp,
  overStdio,
  type RawClient,
} from '../harness/mcp-raw.ts'
import { startServer, type TestServer } from '../harness/server.ts'

interface ToolResult {
  readonly isError?: boolean
  readonly content: readonly { readonly type: string; readonly text?: string }[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
}
interface ListedTool {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly annotations?: object
  readonly inputSchema: { readonly type: string }
  readonly outputSchema?: { readonly type: string }
}
interface ToolError {
  readonly code: string
  readonly message: string
  readonly executed: string
}

let server: TestServer
before(async () => {
  server = await startServer()
})
after(async () => {
  await server[Symbol.asyncDispose]()
})

const carriers: Record<string, (version: McpVersion) => RawClient> = {
  HTTP: (version) => overHttp(`${server.url}/mcp`, version),
  stdio: (version) => overStdio(version, envOf(server)),
}

for (const [carrier, open] of Object.entries(carriers)) {
  for (const version of mcpVersions) {
    test(`${version} over ${carrier}: handshake, list, calls and refusals`, async () => {
      await using client = open(version)
      const { result: hello, error: refusal } = await client.hello()
      assert.equal(refusal, undefined)
      if (version === modernVersion) assert.match(String(hello?.['supportedVersions']), new RegExp(version))
      else assert.equal(hello?.['protocolVersion'], version)
      assert.match(String(hello?.['instructions']), /\w/)

      const list = await client.request('tools/list')
      const tools = list.result?.['tools'] as ListedTool[]
      assert.ok(tools.length > 0)
      for (const tool of tools) {
        assert.ok(
          tool.title !== undefined && tool.description !== undefined && tool.annotations !== undefined,
          tool.name,
        )
        assert.equal(tool.inputSchema.type, 'object', tool.name)
      }

      // Not listed in the default profile, and callable.
      const called = (await client.call('workflow_list')).result as unknown as ToolResult
      assert.notEqual(called.isError, true)
      assert.ok(Array.isArray(called.structuredContent?.['items']))
      assert.equal(called.content[0]?.type, 'text')

      const unknown = await client.call('workflow_lst')
      assert.equal(unknown.error?.code, -32_602)
      assert.match(unknown.error.message, /workflow_list/)

      const refusals: [input: unknown, what: RegExp][] = [
        [{ workflowId: 7 }, /workflowId/],
        [{ workflowId: 'sample', colour: 'red' }, /colour/],
        [{}, /workflowId/],
      ]
      for (const [input, what] of refusals) {
        const { result, error } = await client.call('workflow_get', input)
        assert.equal(error, undefined, JSON.stringify(error))
        const answer = result as unknown as ToolResult
        assert.equal(answer.isError, true)
        const told = answer.structuredContent?.['error'] as ToolError
        assert.deepEqual([told.code, told.executed], ['INVALID', 'no'])
        assert.match(told.message, what)
        assert.match(answer.content[0]?.text ?? '', what)
      }

      const deep = await client.call('workflow_get', JSON.parse(`{"workflowId":${'['.repeat(200)}${']'.repeat(200)}}`))
      assert.match(JSON.stringify(deep), /nested deeper than 64 levels/)
      assert.equal(deep.status, carrier === 'HTTP' ? 400 : 200)

      const strange = await client.request('tools/juggle')
      assert.equal(strange.error?.code, -32_601)
    })
  }
}

test('a client of an unknown older revision is offered the newest that has a handshake', async () => {
  await using client = overHttp(`${server.url}/mcp`, '2025-11-25')
  const params = { protocolVersion: '1999-12-31', capabilities: {}, clientInfo: { name: 'old', version: '1' } }
  const { result } = await client.request('initialize', params)
  assert.equal(result?.['protocolVersion'], legacyVersions.at(-1))
})

describe('what is wrong with a request over HTTP is said with a status and a JSON-RPC error', () => {
  interface Sent {
    readonly status: number
    readonly text: string
    readonly headers: Record<string, unknown>
  }
  /** `fetch` would not let a Host, nor a broken length, out of the house. */
  const post = (body: string | Buffer, headers: Record<string, string> = {}, method = 'POST'): Promise<Sent> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(server.url)
      const request = httpRequest({ host: '127.0.0.1', port, path: '/mcp', method, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }))
      })
      request.on('error', reject)
      const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers }
      for (const [name, value] of Object.entries(all)) request.setHeader(name, value)
      if (headers['content-length'] !== undefined) request.flushHeaders()
      else request.end(method === 'POST' ? body : undefined)
    })
  const errorOf = (sent: Sent) =>
    (JSON.parse(sent.text) as { error: { code: number; message: string; data?: unknown } }).error
  const list = (version: string = modernVersion) =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: modernMeta(version) } })
  const modern = { 'mcp-protocol-version': modernVersion, 'mcp-method': 'tools/list' }

  test('a revision that nobody knows is refused with the ones there are', async () => {
    const sent = await post(list('2031-01-01'), { ...modern, 'mcp-protocol-version': '2031-01-01' })
    assert.equal(sent.status, 400)
    const { code, data } = errorOf(sent)
    assert.equal(code, -32_022)
    assert.ok((data as { supported: string[] }).supported.includes(modernVersion))
  })

  test('headers and body that disagree are refused', async () => {
    for (const headers of [
      { ...modern, 'mcp-protocol-version': '2031-01-01' },
      { ...modern, 'mcp-method': 'tools/call' },
      { 'mcp-protocol-version': modernVersion },
    ]) {
      const sent = await post(list(), headers)
      assert.deepEqual([sent.status, errorOf(sent).code], [400, -32_020], JSON.stringify(headers))
    }
  })

  test('a session of the older era holds to its revision, and ends with DELETE', async () => {
    const client = overHttp(`${server.url}/mcp`, '2025-06-18')
    await client.hello()
    await client[Symbol.asyncDispose]()
    assert.equal((await client.request('tools/list')).status, 404)
    const bad = overHttp(`${server.url}/mcp`, '2025-06-18', { 'mcp-protocol-version': '1.0' })
    await bad.hello()
    assert.equal((await bad.request('tools/list')).status, 400)
  })

  test('a foreign Host or Origin is refused before anything is read', async () => {
    const { host } = new URL(server.url)
    for (const headers of [
      { host: 'evil.example' },
      { host: `evil.example:${new URL(server.url).port}` },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { host: 'evil.example', origin: 'http://evil.example' },
    ]) {
      const sent = await post(list(), { ...modern, ...headers })
      assert.equal(sent.status, 403, JSON.stringify(headers))
      assert.equal(typeof errorOf(sent).message, 'string')
    }
    assert.equal((await post(list(), { ...modern, host, origin: server.url })).status, 200)
  })

  test('a body may have 4 MiB and not one byte more', async () => {
    const limit = 4 * 1024 * 1024
    const start = list().slice(0, -1)
    const ofSize = (bytes: number) => `${start},"x":"${'x'.repeat(bytes - start.length - 8)}"}`
    assert.equal(ofSize(limit).length, limit)
    const whole = await post(ofSize(limit), modern)
    assert.notEqual(whole.status, 413, whole.text)
    // Refused by its length alone: nothing of it needs to be sent.
    const sent = await post('', { ...modern, 'content-length': String(limit + 1) })
    assert.equal(sent.status, 413)
    assert.match(errorOf(sent).message, /4194304|4 MiB/)
    assert.equal((await post(list(), modern)).status, 200)
  })

  test('what is no JSON-RPC message is refused, however deep or broken', async () => {
    for (const body of [
      '',
      '{',
      'null',
      '7',
      '"x"',
      '[]',
      '{}',
      '{"jsonrpc":"1.0","id":1,"method":"ping"}',
      '\u0000',
    ]) {
      const sent = await post(body, modern)
      assert.equal(sent.status, 400, `${body} -> ${sent.status} ${sent.text}`)
      assert.ok([-32_700, -32_600, -32_602, -32_020].includes(errorOf(sent).code), sent.text)
    }
    const deep = `${list().slice(0, -1)},"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    const sent = await post(deep, modern)
    assert.ok(sent.status === 400 || sent.status === 200, String(sent.status))
    assert.equal((await post('x=1', { ...modern, 'content-type': 'text/plain' })).status, 415)
    assert.equal((await post(list(), modern)).status, 200)
  })

  test('methods of HTTP that mean nothing here say which ones do', async () => {
    for (const method of ['PUT', 'PATCH']) {
      const sent = await post('', {}, method)
      assert.equal(sent.status, 405, method)
      assert.match(String(sent.headers['allow']), /POST/)
    }
  })
})
