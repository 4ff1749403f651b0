// The long series of kill -9 against the embedded store, while it opens and while it writes.

import { runCrashRounds, type CrashRounds } from '#src/store/testing/index.ts'

export interface StoreCrashResult extends Omit<CrashRounds, 'failures'> {
  readonly name: 'store-crash'
  readonly failures: number
  readonly ms: number
}

export async function run({ rounds = 700 }: { rounds?: number } = {}): Promise<StoreCrashResult> {
  const startedAt = performance.now()
  const { failures, ...result } = await runCrashRounds(rounds)
  return { name: 'store-crash', ...result, failures: failures.length, ms: Math.round(performance.now() - startedAt) }
}
