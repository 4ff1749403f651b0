import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ago, cost, duration, firstLine, shortId, ticking, tokens } from './format.ts'

test('durations keep two units at most', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [850, '850 ms'],
    [4_290, '4.2 s'],
    [59_999, '59 s'],
    [185_000, '3 min 5 s'],
    [3_600_000, '1 h'],
    [8_040_000, '2 h 14 min'],
    [266_400_000, '3 d 2 h'],
  ]
  for (const [ms, expected] of cases) assert.equal(duration(ms), expected)
})

test('a ticking clock shows hours only when there are some', () => {
  assert.equal(ticking(7_900), '0:07')
  assert.equal(ticking(3_723_000), '1:02:03')
})

test('unknown figures are never shown as zero', () => {
  assert.equal(cost(null), 'unknown')
  assert.equal(tokens(null), 'unknown')
  assert.equal(cost(0), '$0')
  assert.equal(cost(0.00312), '$0.0031')
  assert.equal(tokens(18_432), '18.4k')
})

test('relative times turn into words and then dates', () => {
  const now = Date.UTC(2026, 0, 20, 12)
  assert.equal(ago(now - 1_000, now), 'just now')
  assert.equal(ago(now - 5 * 60_000, now), '5 min ago')
  assert.equal(ago(now - 30 * 3_600_000, now), 'yesterday')
})

test('the first line skips blanks and markdown marks', () => {
  assert.equal(firstLine('\n\n## Read the notes\nand more'), 'Read the notes')
  assert.equal(firstLine('x'.repeat(200), 10), 'xxxxxxxxx…')
})

test('a short id keeps its kind and both ends', () => {
  assert.equal(shortId('run_01234567890123456789012345'), 'run_0123…2345')
})
