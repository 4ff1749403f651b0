// A bounded set of the calls under kill -9; `npm run bench mcp-kill -- --calls 1000` makes many more.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mcpKillRounds } from '#test/harness/mcp-kill-rounds.ts'

test('kill -9 of the owner at random: every call has one answer, and what it says about being carried out is true', async () => {
  const report = await mcpKillRounds({ calls: 60, seed: 13 })
  assert.deepEqual(report.problems, [])
  assert.ok(report.kills > 0 && report.succeeded > 0, JSON.stringify(report))
})
