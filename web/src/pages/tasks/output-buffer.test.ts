import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutputBuffer, type OutputBuffer } from './output-buffer.ts'

const textOf = (buffer: OutputBuffer) =>
  Array.from({ length: buffer.rowCount }, (_, at) => buffer.row(at)?.raw ?? '(hole)')

function feed(buffer: OutputBuffer, text: string, sizes: number) {
  for (let at = 0; at < text.length; at += sizes) {
    const part = text.slice(at, at + sizes)
    buffer.add({ offset: at, next: at + part.length, text: part })
  }
}

test('cut anywhere, the lines are the same', () => {
  const text = 'one\ntwo\n\nthree \x1b[31mred\nstill red\x1b[0m\nno end'
  const whole = createOutputBuffer()
  feed(whole, text, text.length)
  for (let size = 1; size < 12; size++) {
    const cut = createOutputBuffer()
    feed(cut, text, size)
    assert.deepEqual(textOf(cut), ['one', 'two', '', 'three \x1b[31mred', 'still red\x1b[0m', 'no end'], `by ${size}`)
    assert.deepEqual(
      Array.from({ length: cut.rowCount }, (_, at) => cut.row(at)?.style),
      Array.from({ length: whole.rowCount }, (_, at) => whole.row(at)?.style),
    )
  }
  assert.deepEqual(whole.row(4)?.style, { colour: 'red', bright: false })
})

test('between its beginning and its end there is a hole, which reading from either side closes', () => {
  for (const side of ['after', 'before'] as const) {
    const buffer = createOutputBuffer()
    buffer.add({ offset: 0, next: 6, text: 'a1\na2\n' })
    buffer.add({ offset: 12, next: 18, text: 'c1\nc2\n' })
    assert.deepEqual(textOf(buffer), ['a1', 'a2', '(hole)', 'c1', 'c2'])
    assert.deepEqual(buffer.hole, { from: 6, to: 12 })
    assert.equal(buffer.headRows, 2)
    if (side === 'after') buffer.add({ offset: 6, next: 12, text: 'b1\nb2\n' })
    else {
      buffer.addBefore({ offset: 9, next: 12, text: 'b2\n' })
      assert.deepEqual(buffer.hole, { from: 6, to: 9 })
      buffer.addBefore({ offset: 6, next: 9, text: 'b1\n' })
    }
    assert.equal(buffer.hole, undefined)
    assert.deepEqual(textOf(buffer), ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
    assert.equal(buffer.end, 18)
    buffer.add({ offset: 18, next: 20, text: 'd\n' })
    assert.equal(buffer.row(6)?.raw, 'd')
  }
})

test('a line that the hole had cut is one again', () => {
  const buffer = createOutputBuffer()
  buffer.add({ offset: 0, next: 4, text: 'a\nbe' })
  buffer.add({ offset: 8, next: 13, text: 'end\nz' })
  buffer.add({ offset: 4, next: 8, text: 'tw\nx' })
  assert.deepEqual(textOf(buffer), ['a', 'betw', 'xend', 'z'])
})

test('a slice that is not next to anything known, or was taken in before, changes nothing', () => {
  const buffer = createOutputBuffer()
  buffer.add({ offset: 0, next: 2, text: 'a\n' })
  buffer.add({ offset: 0, next: 2, text: 'a\n' })
  buffer.addBefore({ offset: 5, next: 7, text: 'x\n' })
  assert.deepEqual(textOf(buffer), ['a'])
})

test('a line without end is drawn in rows', () => {
  const buffer = createOutputBuffer()
  feed(buffer, 'x'.repeat(10_000), 999)
  assert.deepEqual(
    textOf(buffer).map((row) => row.length),
    [4_096, 4_096, 1_808],
  )
  assert.deepEqual([buffer.row(0)?.continues, buffer.row(1)?.continues], [false, true])
})

test('what grows for ever keeps its beginning and its newest part', () => {
  const buffer = createOutputBuffer()
  const slice = 'y\n'.repeat(50_000)
  for (let at = 0; at < 40; at++) buffer.add({ offset: at * slice.length, next: (at + 1) * slice.length, text: slice })
  const { hole } = buffer
  assert.ok(hole !== undefined && hole.from === slice.length && hole.to % slice.length === 0, JSON.stringify(hole))
  assert.ok(buffer.rowCount < 500_000)
  assert.equal(buffer.end, 40 * slice.length)
})

test('text is found where it stands, in any case of letters and through colours', () => {
  const buffer = createOutputBuffer()
  buffer.add({ offset: 0, next: 10, text: 'First\nnone\n' })
  buffer.add({ offset: 50, next: 70, text: 'the \x1b[1mfi\x1b[0mrst\nlast\n' })
  assert.deepEqual(buffer.find('first', 10), [0, 3])
  assert.deepEqual(buffer.find('first', 1), [0])
  assert.deepEqual(buffer.find('', 10), [])
})
