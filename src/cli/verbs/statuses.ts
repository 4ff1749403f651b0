// The states of tasks, as options take them.

import type { TaskStatus } from '#src/tasks/contract.ts'

/** Written out, since `--help` does not wait for schemas to load; the type says when one is missing. */
export const statuses = Object.keys({
  queued: true,
  running: true,
  waiting: true,
  succeeded: true,
  failed: true,
  cancelled: true,
  timed_out: true,
  budget_exceeded: true,
  interrupted: true,
} satisfies Record<TaskStatus, true>)
