// MCP servers as turns are given them, for tests.

import type { HttpServerLaunch, StdioServerLaunch } from '../adapter.ts'

const common = { required: true, startTimeoutMs: 10_000, secrets: [], missing: [] }

export function stdioServer(changes: Partial<StdioServerLaunch> = {}): StdioServerLaunch {
  return { ...common, name: 'server', transport: 'stdio', command: process.execPath, args: [], env: {}, ...changes }
}

export function httpServer(changes: Partial<HttpServerLaunch> = {}): HttpServerLaunch {
  return { ...common, name: 'server', transport: 'http', url: 'http://127.0.0.1:9/mcp', headers: {}, ...changes }
}
