// Door of the workflows room.

export * from './contract.ts'
export { createDefinitions, type Definitions } from './definitions/index.ts'
export { createEngine } from './engine.ts'
export { workflowsMigrations } from './migrations.ts'
export { createRunsRepo } from './repo.ts'
export { createRuns, type Runs } from './runs.ts'
export { workflowOf } from './start-run.ts'
export { workflowTools } from './tools.ts'
export { createHistory } from './versions/history.ts'
export { createVersionsRepo } from './versions/versions-repo.ts'
export { createVersions, type Versions } from './versions/versions.ts'
