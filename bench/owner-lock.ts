// The full series of the owner lock: eight processes at once, the owner before killed with -9.

import { runOwnerRounds } from '#src/store/testing/index.ts'

export interface OwnerLockResult {
  readonly name: 'owner-lock'
  readonly rounds: number
  readonly exact: number
  /** Rounds with none or with more than one. */
  readonly wrong: number
  readonly double: number
  readonly ms: number
}

export async function run({ rounds = 100 }: { rounds?: number } = {}): Promise<OwnerLockResult> {
  const startedAt = performance.now()
  const { exact, wrong, double } = await runOwnerRounds(rounds)
  return {
    name: 'owner-lock',
    rounds,
    exact,
    wrong: wrong.length,
    double,
    ms: Math.round(performance.now() - startedAt),
  }
}
