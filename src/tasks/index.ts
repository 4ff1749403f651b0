// Door of the tasks room.

export * from './contract.ts'
export type {
  Driver,
  LaunchSpec,
  OutputChunk,
  Probe,
  ProcessEnd,
  RunnerStop,
  ShortCommand,
  ShortResult,
  StopPlan,
} from './ports.ts'
export { runnerStops } from './ports.ts'
export { tasksMigrations } from './migrations.ts'
export { parseCursor, toCursor } from './queries.ts'
export { canBecome, finalStatuses, isFinal, liveStatuses, taskCan } from './status.ts'
export { taskTools } from './tools.ts'
export { createTasks, type TasksDeps, type TasksRoom } from './tasks.ts'
export type { FinalStatus, NewTask, TaskLease, Tasks } from './types.ts'
