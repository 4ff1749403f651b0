// What the process says to scripts. The switches have no default: a new error code or status does not compile
// until it has an answer here.

import type { ErrorCode } from '#src/core/contract.ts'
import type { TaskStatus } from '#src/tasks/contract.ts'

export const exit = {
  ok: 0,
  failed: 1,
  /** Wrong usage, or input that cannot be right. */
  usage: 2,
  cancelled: 3,
  /** Out of time, money or another limit. */
  limit: 4,
  /** There was nothing to do. */
  nothing: 5,
  /** Ctrl-C, as shells say it (128 + 2). The run that was followed goes on. */
  interrupted: 130,
} as const

export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'invalid_input':
    case 'unsupported':
      return exit.usage
    case 'cancelled':
      return exit.cancelled
    case 'timed_out':
    case 'limit_exceeded':
      return exit.limit
    case 'unauthenticated':
    case 'forbidden':
    case 'approval_required':
    case 'not_found':
    case 'conflict':
    case 'not_ready':
    case 'unavailable':
    case 'corrupt_data':
    case 'storage_full':
    case 'internal':
      return exit.failed
  }
}

/** Of a run that was waited for. One that still runs ran out of the time to wait. */
export function exitCodeOfStatus(status: TaskStatus): number {
  switch (status) {
    case 'succeeded':
      return exit.ok
    case 'failed':
    case 'interrupted':
      return exit.failed
    case 'cancelled':
      return exit.cancelled
    case 'timed_out':
    case 'budget_exceeded':
    case 'queued':
    case 'running':
    case 'waiting':
      return exit.limit
  }
}
