import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCrashRounds } from './testing/crash-rounds.ts'

test(
  'kill -9 while opening and while writing loses nothing that was acknowledged (6 rounds)',
  { timeout: 300_000 },
  async (t) => {
    const { acknowledged, ...rest } = await runCrashRounds(6)
    t.diagnostic(JSON.stringify({ acknowledged, ...rest }))
    assert.ok(acknowledged > 0)
    assert.deepEqual(
      { lost: rest.lost, torn: rest.torn, damage: rest.damage, failures: rest.failures },
      { lost: 0, torn: 0, damage: 0, failures: [] },
    )
  },
)
