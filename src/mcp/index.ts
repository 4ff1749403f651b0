// Door of the mcp room.

export type { McpDeps, McpRoom, McpSession } from './ports.ts'
export {
  type McpAdditions,
  type McpPeer,
  type McpPrompt,
  type McpResource,
  type McpResourceTemplate,
  type McpTaskBook,
  peerOf,
  type WireTask,
} from './peer.ts'
