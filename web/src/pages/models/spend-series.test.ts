import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpendSum } from '#src/llm/contract.ts'
import { bars, dayText, monthShare, niceTop, seriesText, strainOf } from './spend-series.ts'

const sum = (costUsd: number): SpendSum => ({ costUsd, calls: 1, unknownCalls: 0, inputTokens: 0, outputTokens: 0 })

for (const [greatest, top] of [
  [0, 1],
  [0.0003, 0.0003],
  [1, 1],
  [1.01, 1.5],
  [2.3, 3],
  [6.5, 8],
  [840, 1_000],
] as const)
  test(`the scale of ${greatest} ends at ${top}`, () => assert.ok(Math.abs(niceTop(greatest) - top) < 1e-12))

test('bars fill the width, keep apart, and show the smallest sum', () => {
  const drawn = bars([0, 0.0001, 10], 10, 300, 100)
  assert.deepEqual(
    drawn.map((bar) => bar.height),
    [0, 2, 100],
  )
  assert.equal(drawn[2]!.x + drawn[2]!.width + 2, 300)
  assert.ok(drawn[0]!.x + drawn[0]!.width < drawn[1]!.x)
  for (const bar of bars(Array(366).fill(1), 1, 300, 100)) assert.ok(bar.x + bar.width <= 301)
})

test('the words name the sum and the dearest day, in UTC', () => {
  assert.equal(dayText('2026-11-03'), '3 Nov')
  const days = ['2026-11-03', '2026-11-04'].map((date, at) => ({ date, ...sum(at + 0.5) }))
  assert.equal(seriesText(days), '$2.00 in 2 days, most on 4 Nov with $1.50.')
  assert.equal(seriesText([{ date: '2026-11-03', ...sum(0) }]), 'Nothing spent in 1 day.')
})

test('a budget is fine, near its end, or used up', () => {
  assert.equal(monthShare(sum(5), { monthlyUsd: null, perRunUsd: 1 }), null)
  assert.equal(monthShare(sum(5), { monthlyUsd: 10, perRunUsd: null }), 0.5)
  assert.deepEqual([0.79, 0.8, 1].map(strainOf), ['fine', 'near', 'over'])
})
