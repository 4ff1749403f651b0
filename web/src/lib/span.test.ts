import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSpan, spanText } from './span.ts'

test('a length of time is read with or without units, and seconds are meant without', () => {
  const cases: [string, number][] = [
    ['90', 90],
    ['90 s', 90],
    ['10min', 600],
    [' 1 h 30 min ', 5_400],
    ['1.5 H', 5_400],
    ['2 d', 172_800],
  ]
  for (const [text, seconds] of cases) assert.equal(parseSpan(text), seconds, text)
})

test('what is no length of time is NaN', () => {
  for (const text of ['', 'soon', '10 parsecs', '5 min or so', '-3', '1 h,2']) assert.equal(parseSpan(text), NaN, text)
})

test('what is shown can be typed back', () => {
  for (const seconds of [1, 45, 90, 600, 1_800, 5_400, 21_600, 21_661, 604_800])
    assert.equal(parseSpan(spanText(seconds)), seconds, spanText(seconds))
  assert.equal(spanText(1_800), '30 min')
})
