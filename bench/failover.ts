// Many rounds of losing one of two nodes on PostgreSQL; the same rounds as the bounded test.

import { failoverRounds } from '#test/harness/failover-rounds.ts'

export async function run({ rounds = 20 }: { rounds?: number } = {}): Promise<object> {
  const { problems, ...report } = await failoverRounds({ rounds, seed: 11 })
  return { ...report, problems: problems.slice(0, 5), target: '0 lost, 0 repeated, 0 orphans' }
}
