// A bounded set of the crash rounds; `npm run bench crash` runs many more.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crashRounds } from '#test/harness/crash-rounds.ts'

test('kill -9 of server, agent or both at random: nothing lost, no recorded step repeated, no orphan', async () => {
  const report = await crashRounds({ rounds: 10, seed: 20 })
  assert.deepEqual(report.problems, [])
  assert.equal(report.lost + report.repeated + report.orphans, 0)
  assert.ok(report.serverKills > 0 && report.agentKills > 0, 'both kinds of kill happened')
})
