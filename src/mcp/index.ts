// Door of the mcp room.

export type { McpDeps, McpRoom, McpSession } from './ports.ts'
export {
  type McpAdditions,
  type McpChange,
  type McpPeer,
  type McpPrompt,
  type McpResource,
  type McpResourceTemplate,
  type McpTaskBook,
  peerOf,
  type WireTask,
} from './peer.ts'
export { createMcpRoom } from './room.ts'
export { loadConformanceFixtures } from './conformance.ts'
export { connectTools } from './tools.ts'
