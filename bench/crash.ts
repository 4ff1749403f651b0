// Many rounds of kill -9; the same rounds as the bounded test.

import { crashRounds } from '#test/harness/crash-rounds.ts'

export async function run({ rounds = 200 }: { rounds?: number } = {}): Promise<object> {
  const { problems, ...report } = await crashRounds({ rounds, seed: 4 })
  return { ...report, problems: problems.slice(0, 5), target: '0 lost, 0 repeated, 0 orphans' }
}
