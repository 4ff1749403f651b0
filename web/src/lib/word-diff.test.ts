import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffRows, linesOf, type DiffRow } from './word-diff.ts'

/** Changed words in brackets. */
const told = (rows: readonly DiffRow[]) =>
  rows.map(
    ({ op, segments }) => `${op} ${segments.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('')}`,
  )

test('marks the words that changed inside a line that stayed mostly the same', () => {
  assert.deepEqual(
    told(
      diffRows([
        { op: 'same', text: 'Intro' },
        { op: 'removed', text: 'Label each by area and say why.' },
        { op: 'added', text: 'Label each by area and urgency, and say why.' },
      ]),
    ),
    ['same Intro', 'removed Label each by area and say why.', 'added Label each by area and [urgency, and ]say why.'],
  )
})

test('a line that became another one is told as a whole', () => {
  assert.deepEqual(
    told(
      diffRows([
        { op: 'removed', text: 'One thing entirely' },
        { op: 'added', text: 'Quite different words' },
        { op: 'added', text: 'and one more' },
      ]),
    ),
    ['removed One thing entirely', 'added Quite different words', 'added and one more'],
  )
})

test('long equal stretches are left out', () => {
  const before = Array.from({ length: 30 }, (_, at) => `line ${at}`)
  const lines = linesOf(before.join('\n'), before.with(15, 'changed').join('\n'))
  assert.deepEqual(lines.map(({ op }) => op).join(' '), 'gap same same same removed added same same same gap')
  assert.deepEqual(linesOf('a', 'a'), [{ op: 'gap', text: '' }])
})
