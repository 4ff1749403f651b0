import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverFilter } from './filter.ts'

test('days are whole days of this zone, the last one included', () => {
  const { since, until } = serverFilter({ since: '2026-03-01', until: '2026-03-01' })
  assert.equal(since, new Date(2026, 2, 1).getTime())
  assert.equal(until, new Date(2026, 2, 2).getTime())
})

test('what is no day is no limit', () => {
  assert.deepEqual(serverFilter({ since: 'yesterday', until: '' }), {
    workflowId: undefined,
    status: undefined,
    since: undefined,
    until: undefined,
  })
})
