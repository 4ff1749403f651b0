// Door of the workflows room.

export * from './contract.ts'
export { createDefinitions, type Definitions } from './definitions/index.ts'
export { createEngine, type EngineDeps } from './engine.ts'
export { workflowsMigrations } from './migrations.ts'
export type { AgentTurns, Models, TurnRequest, TurnResult } from './ports.ts'
export { createRunsRepo, type RunsRepo } from './repo.ts'
export { createRuns, type Runs, type RunsDeps } from './runs.ts'
export { workflowTools } from './tools.ts'
