import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUsd, priceText } from './price.ts'

test('prices keep the digits that matter', () => {
  const text = (input: number, output: number) => priceText({ inputUsdPerMillion: input, outputUsdPerMillion: output })
  assert.equal(text(3, 15), '$3 in, $15 out')
  assert.equal(text(0.15, 0.6), '$0.15 in, $0.6 out')
  assert.equal(text(0.075, 10.5), '$0.075 in, $10.5 out')
  assert.equal(text(0, 100), '$0 in, $100 out')
  assert.equal(text(0, 0), 'free')
})

for (const [typed, usd] of [
  ['3', 3],
  ['$0.15', 0.15],
  ['2,5', 2.5],
  ['.5', 0.5],
  [' 10 ', 10],
  ['', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['a lot', undefined],
] as const)
  test(`"${typed}" is ${usd}`, () => assert.equal(parseUsd(typed), usd))
