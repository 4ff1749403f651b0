// The SDK's own client, connected to a room in the process: over HTTP's `Request` and `Response`, or over a pipe.

import { type Duplex, duplexPair } from 'node:stream'
import {
  Client,
  type ClientOptions,
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import type { McpRoom, McpSession } from '../ports.ts'

export interface Way {
  readonly era: 'legacy' | 'modern'
  readonly carrier: 'http' | 'stream'
}

export const everyWay: readonly Way[] = [
  { era: 'legacy', carrier: 'http' },
  { era: 'legacy', carrier: 'stream' },
  { era: 'modern', carrier: 'http' },
  { era: 'modern', carrier: 'stream' },
]

export interface Carried extends AsyncDisposable {
  readonly client: Client
  /** The client's end of the pipe, where there is one. */
  readonly pipe?: Duplex
}

export async function connect(
  room: McpRoom,
  session: McpSession,
  way: Way,
  options: ClientOptions = {},
): Promise<Carried> {
  const client = new Client(
    { name: 'test', version: '1' },
    { ...options, versionNegotiation: { mode: way.era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } },
  )
  if (way.carrier === 'http') {
    const fetch = async (url: string | URL, init?: RequestInit): Promise<Response> => {
      const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined
      return room.handle(new Request(url, init), session, body)
    }
    await client.connect(new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), { fetch }))
    return { client, [Symbol.asyncDispose]: () => client.close() }
  }
  const [ours, theirs] = duplexPair()
  const served = room.serveStream(theirs, session)
  await client.connect(overPipe(ours))
  return {
    client,
    pipe: ours,
    async [Symbol.asyncDispose]() {
      await client.close()
      await served
    },
  }
}

function overPipe(pipe: Duplex): Transport {
  const buffer = new ReadBuffer()
  const transport: Transport = {
    start() {
      pipe.on('data', (chunk: Buffer) => {
        buffer.append(chunk)
        for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage()) {
          transport.onmessage?.(message)
        }
      })
      pipe.on('close', () => transport.onclose?.())
      return Promise.resolve()
    },
    send(message: JSONRPCMessage) {
      pipe.write(serializeMessage(message))
      return Promise.resolve()
    },
    close() {
      pipe.end()
      pipe.destroy()
      return Promise.resolve()
    },
  }
  return transport
}
