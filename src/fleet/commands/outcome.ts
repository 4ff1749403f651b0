// What the end of a process means for its task. Pure.

import { constants } from 'node:os'
import type { Executed, FinalStatus, ProcessEnd, TaskError } from '#src/tasks/index.ts'

export interface Limits {
  readonly timeoutS: number
  readonly idleTimeoutS: number | null
  readonly outputLimitMb: number
}

export interface Outcome {
  readonly status: FinalStatus
  readonly executed: Executed
  readonly error: TaskError | null
  readonly exitCode: number | null
  /** As a shell says it: from an exit status of 128 + n. A command that itself exits so looks the same. */
  readonly signal: string | null
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]))

export function signalOf(exitCode: number): string | null {
  return exitCode > 128 ? (signalNames.get(exitCode - 128) ?? null) : null
}

/** @param stopReason who asked for the stop, in words */
export function outcomeOf(end: ProcessEnd | 'lost', limits: Limits, stopReason: string | null): Outcome {
  if (end === 'lost') {
    return {
      status: 'interrupted',
      executed: 'maybe',
      exitCode: null,
      signal: null,
      error: {
        code: 'unavailable',
        kind: 'LOST',
        message: 'its supervisor went away without an exit status; what was left of it has been ended',
        hint: 'look at what it has done before running it again',
      },
    }
  }
  const { exitCode } = end
  return { ...verdict(end, limits, stopReason), executed: 'yes', exitCode, signal: signalOf(exitCode) }
}

function verdict(
  end: ProcessEnd,
  limits: Limits,
  stopReason: string | null,
): { status: FinalStatus; error: TaskError | null } {
  switch (end.stoppedBy) {
    case null:
      // An exit status says it all: it is the command's own answer, not a fault of the call.
      return { status: end.exitCode === 0 ? 'succeeded' : 'failed', error: null }
    case 'asked':
      return {
        status: 'cancelled',
        error: { code: 'cancelled', kind: 'CANCELLED', message: stopReason ?? 'it was asked to stop' },
      }
    case 'wall':
      return {
        status: 'timed_out',
        error: {
          code: 'timed_out',
          kind: 'TIMEOUT',
          message: `it was ended with everything it had started after ${limits.timeoutS} s, its limit`,
          hint: 'give it more with timeout_s, or less to do',
        },
      }
    case 'idle':
      return {
        status: 'timed_out',
        error: {
          code: 'timed_out',
          kind: 'IDLE_TIMEOUT',
          message: `it was ended after ${limits.idleTimeoutS} s without output, its limit`,
          hint: 'does it wait for input? Otherwise give it more with idle_timeout_s',
        },
      }
    case 'output':
      return {
        status: 'failed',
        error: {
          code: 'limit_exceeded',
          kind: 'TOO_LARGE',
          message: `it was ended since it printed more than ${limits.outputLimitMb} MB, its limit; what it printed until then is kept`,
          hint: 'send its output to a file, or give it more with output_limit_mb',
        },
      }
    case 'disk':
      return {
        status: 'failed',
        error: {
          code: 'storage_full',
          kind: 'STORAGE_FULL',
          message: 'the disk took no more of its output',
          hint: 'free some space; its exit status is right, its output is not complete',
        },
      }
    case 'lease':
    case 'lifeline':
      return {
        status: 'interrupted',
        error: {
          code: 'unavailable',
          kind: 'LOST',
          message: 'Maestro ended while it ran, and it had not been let go to run on its own: it was ended too',
          hint: 'it has run in part: look at what it has done before running it again; with wait_s 0 it would have gone on',
        },
      }
  }
}
