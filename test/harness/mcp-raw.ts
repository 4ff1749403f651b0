// A client of the Model Context Protocol made by hand, message by message, over HTTP and over stdio, in every revision:
// what a client library would hide or repair is seen here.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { root } from './server.ts'

export const legacyVersions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const
export const modernVersion = '2026-07-28'
export const mcpVersions = [...legacyVersions, modernVersion] as const
export type McpVersion = (typeof mcpVersions)[number]

export interface Reply {
  /** Of HTTP; 200 over stdio. */
  readonly status: number
  readonly id?: unknown
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

export interface RawClient extends AsyncDisposable {
  readonly version: McpVersion
  /** The handshake of its era; its answer. */
  hello(): Promise<Reply>
  request(method: string, params?: Readonly<Record<string, unknown>>): Promise<Reply>
  call(tool: string, input?: unknown): Promise<Reply>
}

interface Message {
  readonly jsonrpc: '2.0'
  readonly id?: number
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}
/** A notification has no answer. */
type Send = (message: Message) => Promise<Reply | undefined>

const clientInfo = { name: 'raw', version: '1.0.0' }

function client(version: McpVersion, send: Send, close: () => Promise<void>): RawClient {
  let lastId = 0
  const isModern = version === modernVersion
  const withMeta = (params: Readonly<Record<string, unknown>>) =>
    isModern ? { ...params, _meta: { ...modernMeta(), ...(params['_meta'] as object | undefined) } } : params
  const request: RawClient['request'] = async (method, params = {}) => {
    const reply = await send({ jsonrpc: '2.0', id: ++lastId, method, params: withMeta(params) })
    if (reply === undefined) throw new Error(`${method} was not answered`)
    return reply
  }
  return {
    version,
    async hello() {
      if (isModern) return request('server/discover')
      const reply = await request('initialize', { protocolVersion: version, capabilities: {}, clientInfo })
      await send({ jsonrpc: '2.0', method: 'notifications/initialized', params: {} })
      return reply
    },
    request,
    call: (tool, input = {}) => request('tools/call', { name: tool, arguments: input }),
    [Symbol.asyncDispose]: close,
  }
}

/** What every request of the modern era says about itself. */
export function modernMeta(version: string = modernVersion): Record<string, unknown> {
  return {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  }
}

export function overHttp(url: string, version: McpVersion, headers: Record<string, string> = {}): RawClient {
  let session: string | undefined
  const send: Send = async (message) => {
    const target = message.params['name'] ?? message.params['uri'] ?? message.params['taskId']
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(message.method === 'initialize' ? {} : { 'mcp-protocol-version': version }),
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
        ...(version === modernVersion ? { 'mcp-method': message.method } : {}),
        ...(version === modernVersion && typeof target === 'string' ? { 'mcp-name': target } : {}),
        ...headers,
      },
      body: JSON.stringify(message),
    })
    session = response.headers.get('mcp-session-id') ?? session
    const reply = answerIn(await response.text(), response.headers.get('content-type') ?? '', message.id)
    return reply === undefined && message.id === undefined ? undefined : { ...reply, status: response.status }
  }
  return client(version, send, async () => {
    if (session !== undefined) await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': session } })
  })
}

/** An answer comes as JSON, or as one of the events of a stream. */
function answerIn(text: string, contentType: string, id: number | undefined): Omit<Reply, 'status'> | undefined {
  const texts = contentType.includes('text/event-stream')
    ? [...text.matchAll(/^data: ?(.+)$/gm)].map((line) => line[1] ?? '')
    : [text]
  const messages = texts.filter((one) => one.trim() !== '').map((one) => JSON.parse(one) as Reply)
  return messages.find((message) => message.id === id) ?? messages.at(-1)
}

/** `bin/maestro mcp`, as an installed client would start it. */
export function overStdio(version: McpVersion, env: Record<string, string>, args: readonly string[] = []): RawClient {
  const child = spawn(join(root, 'bin/maestro'), ['mcp', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  const gone = new Promise<number | null>((resolve) => void child.once('close', resolve))
  const waiting = new Map<number, (reply: Reply) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Reply
    if (typeof message.id === 'number') waiting.get(message.id)?.({ ...message, status: 200 })
  })
  child.stdin.on('error', () => undefined)
  const send: Send = (message) => {
    child.stdin.write(`${JSON.stringify(message)}\n`)
    const { id } = message
    if (id === undefined) return Promise.resolve(undefined)
    const reply = new Promise<Reply>((resolve) => void waiting.set(id, resolve))
    const ended = gone.then((code): never => {
      throw new Error(`maestro mcp ended with ${code} before it answered ${message.method}: ${complaints}`)
    })
    return Promise.race([reply, ended])
  }
  return client(version, send, async () => {
    child.stdin.end()
    await gone
  })
}
