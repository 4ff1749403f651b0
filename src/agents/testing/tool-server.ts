// An MCP server for tests, made with the official library: one definition served over stdio and HTTP, in both
// eras. Its tools tell how it was started, take their time, fail, or return much.

import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import {
  createMcpHandler,
  isInitializeRequest,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

export interface ToolServerFacts {
  /** Requests that were given up by whoever asked. */
  cancelled: number
}

export function makeToolServer(facts: ToolServerFacts = { cancelled: 0 }): McpServer {
  const server = new McpServer({ name: 'tool-server', version: '1.2.3' }, { capabilities: { tools: {} } })
  const text = (content: string) => ({ content: [{ type: 'text' as const, text: content }] })
  server.registerTool('report', { description: 'How this server was started.' }, () =>
    text(JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() })),
  )
  server.registerTool('echo', { description: 'Says it again.', inputSchema: z.object({ text: z.string() }) }, (input) =>
    text(input.text),
  )
  const routed = z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) })
  server.registerTool('routed', { inputSchema: routed }, ({ region }) => text(region))
  server.registerTool('big', { inputSchema: z.object({ chars: z.number() }) }, (input) => text('x'.repeat(input.chars)))
  server.registerTool('fail', {}, () => ({ ...text('it went wrong'), isError: true }))
  server.registerTool('slow', { inputSchema: z.object({ steps: z.number() }) }, async (input, context) => {
    const { signal, _meta, notify } = context.mcpReq
    const progressToken = _meta?.progressToken
    for (let step = 1; step <= input.steps; step++) {
      await delay(30, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) {
        facts.cancelled += 1
        return text('given up')
      }
      if (progressToken === undefined) continue
      await notify({ method: 'notifications/progress', params: { progressToken, progress: step, total: input.steps } })
    }
    return text('done')
  })
  return server
}

export interface HttpToolServer extends AsyncDisposable {
  readonly url: string
  readonly facts: ToolServerFacts
  /** Headers of every request, in order, with its method. */
  readonly requests: readonly { readonly method: string; readonly headers: Headers }[]
}

/** `both`: either era, stateless; `modern`: refuses the older greeting; `legacy`: 2025 only, with sessions. */
export async function startHttpToolServer(options: {
  readonly era: 'both' | 'modern' | 'legacy'
  /** Answers instead of the server when it returns something. */
  readonly intercept?: (request: Request) => Response | undefined
}): Promise<HttpToolServer> {
  const facts: ToolServerFacts = { cancelled: 0 }
  const requests: { method: string; headers: Headers }[] = []
  const serve =
    options.era === 'legacy'
      ? legacySessions(facts)
      : createMcpHandler(() => makeToolServer(facts), { legacy: options.era === 'both' ? 'stateless' : 'reject' }).fetch
  const listener = getRequestListener(async (request) => {
    requests.push({ method: request.method, headers: request.headers })
    return options.intercept?.(request) ?? serve(request)
  })
  const http = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    facts,
    requests,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((resolve) => {
        http.close(resolve)
      })
    },
  }
}

function legacySessions(facts: ToolServerFacts): (request: Request) => Promise<Response> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  return async (request) => {
    const known = sessions.get(request.headers.get('mcp-session-id') ?? '')
    if (known !== undefined) return known.handleRequest(request)
    const body: unknown = request.method === 'POST' ? await request.json() : null
    if (!isInitializeRequest(body)) {
      const error = { code: -32_000, message: 'Bad Request: no session' }
      return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 400 })
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    await makeToolServer(facts).connect(transport)
    return transport.handleRequest(request, { parsedBody: body })
  }
}
