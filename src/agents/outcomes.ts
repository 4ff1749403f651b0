// Endings that no CLI can report because Maestro (or the machine) caused them, and how each outcome
// kind maps to a task's status and error code. One table for all adapters.

import type { ErrorCode } from '#src/core/contract.ts'
import type { FinalStatus } from '#src/tasks/index.ts'
import type { ProcessEnd, RunnerStop } from '#src/tasks/index.ts'
import type { OutcomeKind } from './contract.ts'

export interface Failure {
  readonly kind: OutcomeKind
  readonly message: string
  readonly hint: string | null
  readonly httpStatus: number | null
  readonly retryable: boolean
}

export function failure(
  kind: OutcomeKind,
  message: string,
  extras: { hint?: string; httpStatus?: number | null; retryable?: boolean } = {},
): Failure {
  return {
    kind,
    message,
    hint: extras.hint ?? null,
    httpStatus: extras.httpStatus ?? null,
    retryable: extras.retryable ?? false,
  }
}

/** The process did not end by itself: why, or null when it did. `agent` is the title, for people. */
export function endedFromOutside(end: ProcessEnd | null, agent: string): Failure | null {
  if (end === null) {
    return failure('interrupted', `${agent} was cut off: its process is gone without an exit status`)
  }
  return end.stoppedBy === null ? null : stopped(end.stoppedBy, agent)
}

function stopped(by: RunnerStop, agent: string): Failure {
  switch (by) {
    case 'asked':
      return failure('cancelled', `${agent} was stopped on request`)
    case 'wall':
      return failure('wall_timeout', `${agent} took longer than the turn's time limit`, {
        hint: 'raise the step’s time limit, or ask for less in one step',
      })
    case 'idle':
      return failure('idle_timeout', `${agent} said nothing for longer than the turn's idle limit`, {
        hint: 'raise the step’s idle limit if the model or a tool is slow',
      })
    case 'output':
      return failure('output_limit', `${agent} wrote more output than a turn may`, {
        hint: 'ask it to write large results to a file',
      })
    case 'disk':
      return failure('disk_full', `${agent} was cut off: the disk is full and took no more of its output`, {
        hint: 'free some space',
      })
    case 'lease':
    case 'lifeline':
      return failure('interrupted', `${agent} was ended because the server that owned it was gone`)
  }
}

/** Killed by a signal that Maestro did not send. */
export function killedBySignal(exitCode: number, agent: string): Failure | null {
  if (exitCode <= 128 || exitCode > 128 + 64) return null
  const signal = signalNames[exitCode - 128] ?? `signal ${exitCode - 128}`
  return failure('killed', `${agent} was ended from outside by ${signal}`, {
    hint: signal === 'SIGKILL' ? 'the machine may be short of memory' : 'run it again',
  })
}

const signalNames: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
}

export function statusOf(kind: OutcomeKind): Exclude<FinalStatus, 'succeeded'> {
  switch (kind) {
    case 'cancelled':
      return 'cancelled'
    // Ended by something that is neither the agent nor a person: as a crash, it says nothing of the work.
    case 'interrupted':
    case 'killed':
    case 'disk_full':
      return 'interrupted'
    case 'wall_timeout':
    case 'idle_timeout':
      return 'timed_out'
    case 'budget':
      return 'budget_exceeded'
    case 'not_installed':
    case 'auth':
    case 'rate_limited':
    case 'credits':
    case 'model_not_found':
    case 'provider_error':
    case 'network':
    case 'bad_request':
    case 'empty_response':
    case 'max_turns':
    case 'permission_denied':
    case 'mcp_unavailable':
    case 'session_not_found':
    case 'sandbox_unavailable':
    case 'bad_usage':
    case 'output_limit':
    case 'crashed':
      return 'failed'
  }
}

export const errorCodeOf: Readonly<Record<OutcomeKind, ErrorCode>> = {
  not_installed: 'not_ready',
  auth: 'not_ready',
  rate_limited: 'unavailable',
  credits: 'limit_exceeded',
  model_not_found: 'not_found',
  provider_error: 'unavailable',
  network: 'unavailable',
  bad_request: 'invalid_input',
  empty_response: 'unavailable',
  max_turns: 'limit_exceeded',
  budget: 'limit_exceeded',
  permission_denied: 'forbidden',
  mcp_unavailable: 'unavailable',
  session_not_found: 'not_found',
  sandbox_unavailable: 'not_ready',
  bad_usage: 'unsupported',
  wall_timeout: 'timed_out',
  idle_timeout: 'timed_out',
  output_limit: 'limit_exceeded',
  disk_full: 'storage_full',
  cancelled: 'cancelled',
  interrupted: 'unavailable',
  killed: 'unavailable',
  crashed: 'internal',
}
