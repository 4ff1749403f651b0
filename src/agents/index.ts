// Door of the agents room.

export type {
  AgentAdapter,
  AgentProbe,
  Checkpoint,
  Exec,
  Interpreter,
  LaunchPlan,
  McpServerLaunch,
  ModelAccess,
  Outcome,
  TurnInput,
} from './adapter.ts'
export { standardAgents, type StandardAgents } from './adapters.ts'
export { createCheckpoints, type Checkpoints } from './checkpoints.ts'
export { AgentInfo, OutcomeKind } from './contract.ts'
export { createFakeAdapter, type FakeAdapterOptions } from './fake/index.ts'
export { createGooseAdapter, type GooseAdapterOptions } from './goose/index.ts'
export { installAgent, type InstallOptions, type InstalledAgent } from './install.ts'
export { createAgentList, type AgentList } from './list-agents.ts'
export { locateGoose, type Located, type LocateOptions } from './locate.ts'
export { agentsMigrations } from './migrations.ts'
export { createAgentTurns } from './turns.ts'
export type { AgentTurns, AgentTurnsDeps, Redactor, TurnRequest, TurnResult } from './types.ts'
export { createInstalls, type Installs } from './installs.ts'
export { agentTools } from './tools.ts'
