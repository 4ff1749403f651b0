// Door of the agents room.

export { standardAgents } from './adapters.ts'
export { createFakeAdapter } from './fake/index.ts'
export { installAgent } from './install.ts'
export { createInstalls } from './installs.ts'
export { createAgentList, type AgentList } from './list-agents.ts'
export { createMcp } from './mcp/index.ts'
export { mcpTools } from './mcp/tools.ts'
export { agentsMigrations } from './migrations.ts'
export { agentTools } from './tools.ts'
export { createAgentTurns } from './turns.ts'
