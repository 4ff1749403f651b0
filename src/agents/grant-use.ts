// What the gateway saw of a turn, against what its agent says: the gateway's figures count, and two endings
// that an agent can only take for its provider's fault are named as what they are. Pure.

import type { Outcome } from './adapter.ts'
import { failure, type Failure } from './outcomes.ts'
import type { GrantUse } from './types.ts'

/** Of a turn for which no grant was opened. */
export const unusedGrant: GrantUse = { calls: 0, usage: null, refusal: null, wasCutOff: false }

/** An answer is an answer: one that came in spite of a refused helper call stays a success. */
export function judgeWith(use: GrantUse, outcome: Outcome): Outcome {
  const usage = use.usage ?? outcome.usage
  if (outcome.ok) return { ...outcome, usage }
  const { text, cumulative } = outcome
  return { ...outcome, ...explain(use, outcome), text, usage, cumulative }
}

function explain(use: GrantUse, { kind, message }: Failure): Failure | null {
  if (use.refusal !== null) return failure('budget', use.refusal.message, { hint: use.refusal.hint })
  if (use.wasCutOff && (kind === 'network' || kind === 'provider_error')) {
    return failure('interrupted', `the turn was cut off from its model while Maestro was away: ${message}`)
  }
  return null
}
