// What to do after an attempt, from plain values. The rules of retrying, of fallback models and of
// interrupted turns.

import type { TaskError } from '#src/tasks/contract.ts'
import type { SnapshotStep } from './snapshot.ts'

/** An attempt that did not succeed. */
export interface EndedAttempt {
  readonly status: 'failed' | 'cancelled' | 'timed_out' | 'budget_exceeded' | 'interrupted'
  readonly executed: 'no' | 'maybe' | 'yes'
  readonly retryable: boolean
  readonly error: TaskError | null
  /** 0: the step's own model; n: its n-th fallback. */
  readonly modelIndex: number
}

export type Decision =
  | { readonly do: 'try'; readonly reason: string; readonly afterMs: number; readonly modelIndex: number }
  | { readonly do: 'ask'; readonly reason: string; readonly hint: string }
  | { readonly do: 'end'; readonly status: EndedAttempt['status'] }

type Policy = Pick<SnapshotStep, 'maxRetries' | 'onInterrupted' | 'fallbacks'>

/** A step that keeps being cut off may itself be what ends the server: after so many it stops. */
export const maxInterruptions = 6

/** Reasons that lie with the model or its provider: another one may well do it. */
const passesToFallback: ReadonlySet<string> = new Set([
  'model_not_found',
  'rate_limited',
  'provider_error',
  'network',
  'credits',
  'empty_response',
  'auth',
])

/**
 * @param attempts of one step, oldest first
 * @param allowed a person said, after the last attempt, that it may go on
 */
export function decideAfter(
  step: Policy,
  attempts: readonly EndedAttempt[],
  allowed: boolean,
  backoffMs: number,
): Decision {
  const last = attempts.at(-1)
  if (last === undefined) return { do: 'try', reason: 'first attempt', afterMs: 0, modelIndex: 0 }
  switch (last.status) {
    case 'interrupted':
      return afterInterruption(step, attempts, last, allowed, backoffMs)
    case 'failed':
      return afterFailure(step, attempts, last, backoffMs)
    case 'cancelled':
    case 'timed_out':
    case 'budget_exceeded':
      return { do: 'end', status: last.status }
  }
}

/** The same model again while that may help, as often as the step says; then the next fallback, at once. */
function afterFailure(
  step: Policy,
  attempts: readonly EndedAttempt[],
  last: EndedAttempt,
  backoffMs: number,
): Decision {
  const { modelIndex } = last
  const failures = attempts.filter((one) => one.status === 'failed' && one.modelIndex === modelIndex).length
  const why = last.error?.message ?? 'a failure'
  if (last.retryable && failures <= step.maxRetries) {
    const reason = `try ${failures + 1} of ${step.maxRetries + 1} after: ${why}`
    return { do: 'try', reason, afterMs: backoffMs * 2 ** (failures - 1), modelIndex }
  }
  const next = step.fallbacks[modelIndex]
  if (next !== undefined && passesToFallback.has(last.error?.kind ?? '')) {
    const reason = `fallback model ${modelIndex + 1} of ${step.fallbacks.length}, ${next.model}, after: ${why}`
    return { do: 'try', reason, afterMs: 0, modelIndex: modelIndex + 1 }
  }
  return { do: 'end', status: 'failed' }
}

function afterInterruption(
  step: Policy,
  attempts: readonly EndedAttempt[],
  last: EndedAttempt,
  allowed: boolean,
  backoffMs: number,
): Decision {
  const { modelIndex } = last
  const interruptions = attempts.filter((attempt) => attempt.status === 'interrupted').length
  if (interruptions >= maxInterruptions && !allowed) return { do: 'end', status: 'interrupted' }
  if (last.executed === 'no') {
    return { do: 'try', reason: 'the turn had not begun when it was cut off', afterMs: backoffMs, modelIndex }
  }
  if (allowed) return { do: 'try', reason: 'a person said to go on', afterMs: 0, modelIndex }
  switch (step.onInterrupted) {
    case 'retry': {
      const reason = 'the turn was cut off; it goes on from the checkpoint before it'
      return { do: 'try', reason, afterMs: 0, modelIndex }
    }
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
