// The floor of bench/mcp.ts: a server of nothing but the SDK with one tool that does nothing. stdio, or `--http` on a
// free port, whose address is printed.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

function makeServer(): McpServer {
  const server = new McpServer({ name: 'bare', version: '1' })
  server.registerTool(
    'nothing',
    { description: 'Does nothing.', inputSchema: z.object({}), outputSchema: z.object({ ok: z.boolean() }) },
    () => ({ content: [{ type: 'text', text: 'ok' }], structuredContent: { ok: true } }),
  )
  return server
}

if (process.argv.includes('--http')) {
  const handler = createMcpHandler(makeServer)
  const listener = getRequestListener((request) => handler.fetch(request))
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp\n`)
  })
} else {
  serveStdio(makeServer)
}
