// What to do after an attempt, from plain values. The rules of retrying and of interrupted turns.

import type { TaskError } from '#src/tasks/contract.ts'
import type { SnapshotStep } from './snapshot.ts'

/** An attempt that did not succeed. */
export interface EndedAttempt {
  readonly status: 'failed' | 'cancelled' | 'timed_out' | 'budget_exceeded' | 'interrupted'
  readonly executed: 'no' | 'maybe' | 'yes'
  readonly retryable: boolean
  readonly error: TaskError | null
}

export type Decision =
  | { readonly do: 'try'; readonly reason: string; readonly afterMs: number }
  | { readonly do: 'ask'; readonly reason: string; readonly hint: string }
  | { readonly do: 'end'; readonly status: EndedAttempt['status'] }

/** A step that keeps being cut off may itself be what ends the server: after so many it stops. */
export const maxInterruptions = 6

/**
 * @param attempts of one step, oldest first, at least one
 * @param allowed a person said, after the last attempt, that it may go on
 */
export function decideAfter(
  step: Pick<SnapshotStep, 'maxRetries' | 'onInterrupted'>,
  attempts: readonly EndedAttempt[],
  allowed: boolean,
  backoffMs: number,
): Decision {
  const last = attempts.at(-1)
  if (last === undefined) return { do: 'try', reason: 'first attempt', afterMs: 0 }
  switch (last.status) {
    case 'interrupted':
      return afterInterruption(step, attempts, last, allowed, backoffMs)
    case 'failed': {
      const failures = attempts.filter((attempt) => attempt.status === 'failed').length
      if (!last.retryable || failures > step.maxRetries) return { do: 'end', status: 'failed' }
      const reason = `try ${failures + 1} of ${step.maxRetries + 1} after: ${last.error?.message ?? 'a failure'}`
      return { do: 'try', reason, afterMs: backoffMs * 2 ** (failures - 1) }
    }
    case 'cancelled':
    case 'timed_out':
    case 'budget_exceeded':
      return { do: 'end', status: last.status }
  }
}

function afterInterruption(
  step: Pick<SnapshotStep, 'onInterrupted'>,
  attempts: readonly EndedAttempt[],
  last: EndedAttempt,
  allowed: boolean,
  backoffMs: number,
): Decision {
  const interruptions = attempts.filter((attempt) => attempt.status === 'interrupted').length
  if (interruptions >= maxInterruptions && !allowed) return { do: 'end', status: 'interrupted' }
  if (last.executed === 'no') {
    return { do: 'try', reason: 'the turn had not begun when it was cut off', afterMs: backoffMs }
  }
  if (allowed) return { do: 'try', reason: 'a person said to go on', afterMs: 0 }
  switch (step.onInterrupted) {
    case 'retry':
      return { do: 'try', reason: 'the turn was cut off; it goes on from the checkpoint before it', afterMs: 0 }
    case 'ask':
      return {
        do: 'ask',
        reason: 'a turn was cut off and may have changed things: run it again?',
        hint: 'look at what it did, then resume or cancel the run',
      }
    case 'fail':
      return { do: 'end', status: 'interrupted' }
  }
}
