// HTTP for clients of 2025-11-25 and older: a session that begins with `initialize`, is named by a random id, belongs to
// who opened it, and ends by DELETE or when nobody has used it for long. A request without a session id is served alone:
// such clients exist, and nothing they may do depends on a session. A session is a convenience, never a proof of who asks.

import { randomUUID } from 'node:crypto'
import { isInitializeRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { actorKey, MINUTE, SECOND } from '#src/core/index.ts'
import { createEventStore } from './event-store.ts'
import type { ServedBy } from './make-server.ts'
import type { McpSession } from './ports.ts'

export interface LegacySessions {
  handle(request: Request, session: McpSession, body: unknown): Promise<Response>
  /** Servers of open sessions, for news that all are told. */
  served(): Iterable<ServedBy>
  close(): Promise<void>
}

interface Open {
  readonly served: ServedBy
  readonly transport: WebStandardStreamableHTTPServerTransport
  readonly owner: string
  usedAt: number
  /** Requests and streams that are open now. */
  busy: number
}

const idleMs = 30 * MINUTE
/** Beyond it the one that was idle longest goes; its client begins anew when told so. */
const maxSessions = 1_000

export function createLegacySessions(deps: {
  makeServer(session: McpSession, traceId: string | undefined): ServedBy
  onError(error: Error): void
  now?: () => number
}): LegacySessions {
  const { now = () => Date.now() } = deps
  const open = new Map<string, Open>()

  const end = async (id: string): Promise<void> => {
    const found = open.get(id)
    open.delete(id)
    await found?.served.server.close().catch(deps.onError)
  }
  const sweep = async (): Promise<void> => {
    const idle = [...open].filter(([, { busy }]) => busy === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt)
    const surplus = open.size - maxSessions + 1
    await Promise.all(
      idle.flatMap(([id, { usedAt }], index) => (index < surplus || now() - usedAt > idleMs ? [end(id)] : [])),
    )
  }

  const begin = async (session: McpSession, traceId: string | undefined): Promise<Open> => {
    await sweep()
    const served = deps.makeServer(session, traceId)
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void open.set(id, entry),
      onsessionclosed: (id) => void open.delete(id),
      eventStore: createEventStore(),
      retryInterval: SECOND,
    })
    const entry: Open = { served, transport, owner: actorKey(session.actor), usedAt: now(), busy: 0 }
    await served.server.connect(transport)
    return entry
  }

  /** One request, served by a server of its own. */
  const alone = async (request: Request, session: McpSession, body: unknown): Promise<Response> => {
    if (request.method !== 'POST')
      return refusal(405, -32_000, 'There is no session to stream or end', { allow: 'POST' })
    const { server } = deps.makeServer(session, traceIdOf(request))
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !wantsProgress(body) })
    await server.connect(transport)
    const response = await transport.handleRequest(request, { parsedBody: body })
    return whenOver(response, () => void server.close().catch(deps.onError))
  }

  return {
    async handle(request, session, body) {
      const id = request.headers.get('mcp-session-id')
      if (id === null) {
        if (request.method !== 'POST' || !isInitializeRequest(body)) return alone(request, session, body)
        const { transport } = await begin(session, traceIdOf(request))
        return transport.handleRequest(request, { parsedBody: body })
      }
      const found = open.get(id)
      if (found === undefined || found.owner !== actorKey(session.actor)) {
        return refusal(404, -32_001, 'Session not found: begin a new one with initialize')
      }
      found.usedAt = now()
      found.busy++
      const response = await found.transport
        .handleRequest(request, body === undefined ? {} : { parsedBody: body })
        .catch((error: unknown) => {
          found.busy--
          throw error
        })
      return whenOver(response, () => {
        found.busy--
        found.usedAt = now()
      })
    },
    *served() {
      for (const { served } of open.values()) yield served
    },
    async close() {
      await Promise.all([...open.keys()].map(end))
    },
  }
}

export function traceIdOf(request: Request): string | undefined {
  return request.headers.get('x-request-id') ?? undefined
}

/** A client that asked for progress needs a stream to be told on. */
function wantsProgress(body: unknown): boolean {
  const messages = (Array.isArray(body) ? body : [body]) as { params?: { _meta?: { progressToken?: unknown } } }[]
  return messages.some((message) => message.params?._meta?.progressToken !== undefined)
}

function refusal(status: number, code: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status, headers })
}

/** Calls back once when the answer has gone out, or nobody reads it any more. */
function whenOver(response: Response, onOver: () => void): Response {
  if (response.body === null || response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    onOver()
    return response
  }
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let isOver = false
  const over = () => {
    if (!isOver) onOver()
    isOver = true
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (value !== undefined) controller.enqueue(value)
        if (!done) return
        over()
        controller.close()
      } catch (error) {
        over()
        controller.error(error)
      }
    },
    async cancel(reason) {
      over()
      await reader.cancel(reason).catch(() => undefined)
    },
  })
  return new Response(body, { status: response.status, headers: response.headers })
}
