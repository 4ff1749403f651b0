import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAnsi, plain, stripAnsi, styleAfter } from './ansi.ts'

test('colours and weights become spans, and hold until they are reset', () => {
  const { spans, next } = parseAnsi('a \x1b[1;31mred\x1b[0m b\x1b[32m')
  assert.deepEqual(spans, [
    { text: 'a ', style: {} },
    { text: 'red', style: { bold: true, colour: 'red', bright: false } },
    { text: ' b', style: {} },
  ])
  assert.deepEqual(next, { colour: 'green', bright: false })
  assert.deepEqual(parseAnsi('on', next).spans, [{ text: 'on', style: next }])
  assert.deepEqual(styleAfter('x\x1b[m', next), plain)
})

test('of 256 and of true colours the nearest of the sixteen is taken', () => {
  const colour = (code: string) => parseAnsi(`\x1b[${code}mx`).spans[0]?.style.colour
  assert.deepEqual(['38;5;196', '38;5;9', '38;2;20;200;40', '38;5;244', '38:5:21'].map(colour), [
    'red',
    'red',
    'green',
    'white',
    'blue',
  ])
  assert.equal(parseAnsi('\x1b[48;5;21mx').spans[0]?.style.back, 'blue')
})

test('titles, links, cursor moves, queries and control characters leave nothing behind', () => {
  const tricks = [
    '\x1b]0;owned\x07',
    '\x1b]8;;https://example.org\x1b\\',
    '\x1b[2J\x1b[H\x1b[?25l',
    '\x1b[6n\x1b[c',
    '\x1bP+q544e\x1b\\',
    '\x1b(B\x1b7\x1b=',
    '\x9b31m\x9d0;t\x9c',
    '\x00\x07\x08\x7f',
    '\x1b[38;5',
    '\x1b]0;never ended',
    '\x1b',
  ]
  for (const trick of tricks) {
    assert.equal(stripAnsi(`ok${trick}`), 'ok', JSON.stringify(trick))
    const { spans } = parseAnsi(`ok${trick}`)
    assert.equal(spans.map((span) => span.text).join(''), 'ok', JSON.stringify(trick))
  }
})

test('of a progress bar the last thing it showed stays', () => {
  assert.equal(stripAnsi('10%\r20%\r\x1b[32m30%\x1b[0m\r'), '30%')
  assert.deepEqual(parseAnsi('\x1b[31m10%\r20%').spans, [{ text: '20%', style: { colour: 'red', bright: false } }])
})

test('tabs and letters of any script stay as they are', () => {
  assert.equal(stripAnsi('a\tb — ✓ 日本 🎻'), 'a\tb — ✓ 日本 🎻')
})
