import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrast } from './contrast.ts'
import { themeCss } from './css.ts'
import { themes, type Token } from './tokens.ts'

const text = 4.5
const shape = 3

const pairs: readonly [Token, readonly Token[], number][] = [
  ['ink', ['paper', 'surface', 'sunken', 'hover', 'brass-wash', 'failed-wash', 'waiting-wash'], text],
  ['soft', ['paper', 'surface', 'sunken', 'hover', 'failed-wash', 'waiting-wash', 'brass-wash'], text],
  ['faint', ['paper', 'surface', 'sunken', 'hover'], text],
  ['brass-ink', ['brass', 'brass-hover'], text],
  ['brass-text', ['paper', 'surface', 'sunken', 'brass-wash'], text],
  ['brass-line', ['paper', 'surface', 'sunken'], shape],
  ['running', ['paper', 'surface', 'sunken', 'hover', 'running-wash'], text],
  ['succeeded', ['paper', 'surface', 'sunken', 'hover', 'succeeded-wash'], text],
  ['failed', ['paper', 'surface', 'sunken', 'hover', 'failed-wash'], text],
  ['waiting', ['paper', 'surface', 'sunken', 'hover', 'waiting-wash'], text],
  ['interrupted', ['paper', 'surface', 'sunken', 'hover', 'interrupted-wash'], text],
  ['cyan', ['sunken', 'brass-wash'], text],
  ['ink', ['running-wash', 'succeeded-wash', 'interrupted-wash'], text],
  ['muted', ['paper', 'surface', 'sunken', 'muted-wash'], text],
]

test('black on white has the contrast WCAG names', () => {
  assert.equal(contrast([0, 0, 0], [1, 0, 0]).toFixed(1), '21.0')
  assert.equal(contrast([0.5, 0.1, 20], [0.5, 0.1, 20]), 1)
})

for (const theme of ['light', 'dark'] as const) {
  test(`every pair of the ${theme} theme that carries meaning reaches AA`, () => {
    const short: string[] = []
    for (const [front, backs, least] of pairs) {
      for (const back of backs) {
        const ratio = contrast(themes[theme][front], themes[theme][back])
        if (ratio < least) short.push(`${front} on ${back}: ${ratio.toFixed(2)} of ${least}`)
      }
    }
    assert.deepEqual(short, [])
  })
}

test('the style sheet names every token once in each theme', () => {
  const css = themeCss()
  for (const token of Object.keys(themes.light)) assert.equal(css.split(`--${token}:`).length - 1, 2, token)
})
