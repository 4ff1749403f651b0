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
export { lastNodeOf } from './nodes.ts'
export { createTaskView, maySee, type TaskView } from './may-see.ts'
export { tasksMigrations } from './migrations.ts'
export { isFinal } from './status.ts'
export { stopReason, taskTools } from './tools.ts'
export { createTasks, type TasksRoom } from './tasks.ts'
export type { FinalStatus, NewTask, TaskEnd, TaskGlance, TaskLease, Tasks } from './types.ts'
