// Door of the mcp room.

export type { McpDeps, McpRoom, McpSession } from './ports.ts'
