import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerptBoth, type Source, trimEnd, trimStart } from './excerpt.ts'

function source(bytes: Buffer): Source & { readonly readBytes: () => number } {
  let read = 0
  return {
    bytes: bytes.length,
    readBytes: () => read,
    async read(offset, length) {
      const part = bytes.subarray(offset, offset + length)
      read += part.length
      return part
    },
  }
}

const none = source(Buffer.alloc(0))
const whole = async (bytes: Buffer, maxBytes = 1_000) =>
  (await excerptBoth(source(bytes), none, maxBytes, 'there')).stdout

test('what fits comes whole and exactly, also with NUL and controls in valid text', async () => {
  const text = 'a\0b\x1b[31m ü 世界 🎼\r\n'
  assert.deepEqual(await whole(Buffer.from(text)), { text, isCut: false })
})

test('what does not fit comes as 40 % head and 60 % tail, with what is missing and where it is', async () => {
  const bytes = Buffer.from('x'.repeat(3_000) + 'END')
  const both = source(bytes)
  const { stdout } = await excerptBoth(both, none, 1_000, 'there')
  assert.ok(stdout.isCut)
  const [head = '', remark = '', tail = ''] = stdout.text.split('\n')
  assert.deepEqual([head.length, tail.length], [400, 600])
  assert.equal(remark, '[... 2003 of 3003 bytes left out; all of it: there ...]')
  assert.ok(tail.endsWith('END'))
  assert.equal(both.readBytes(), 1_000, 'it reads only what it shows')
})

test('characters are never cut in two, wherever the cut falls', async () => {
  const bytes = Buffer.from('aü世🎼'.repeat(200))
  for (let max = 100; max < 140; max++) {
    const { text } = await whole(bytes, max)
    assert.ok(!text.includes('\ufffd'), `at ${max}`)
    const left = Number(/(\d+) of 2000 bytes/.exec(text)?.[1])
    const shown = Buffer.byteLength(text.replace(/\n\[.*\]\n/, ''))
    assert.equal(left + shown, 2_000, 'the remark counts what is really missing')
  }
})

test('broken UTF-8 is shown with U+FFFD and said to be cut, binary is named and not shown', async () => {
  assert.deepEqual(await whole(Buffer.from('caf\xe9 ol\xe9', 'latin1')), { text: 'caf\ufffd ol\ufffd', isCut: true })
  const binary = await whole(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff, 0xfe]))
  assert.deepEqual(binary, { text: '[9 bytes that are not text; all of them: there]', isCut: true })
  assert.match((await whole(Buffer.alloc(50_000, 0xff).fill(3, 0, 9))).text, /^\[50000 bytes that are not text/)
})

test('two streams share the room: the shorter whole if it can be, else halves', async () => {
  const long = source(Buffer.from('o'.repeat(5_000)))
  const short = source(Buffer.from('e'.repeat(100)))
  const one = await excerptBoth(long, short, 1_000, 'there')
  assert.equal(one.stderr.text, 'e'.repeat(100))
  assert.equal(one.stdout.text.replace(/\n.*\n/, '').length, 900)
  const two = await excerptBoth(long, source(Buffer.from('e'.repeat(9_000))), 1_000, 'there')
  assert.deepEqual(
    [two.stdout, two.stderr].map(({ text }) => text.replace(/\n.*\n/, '').length),
    [500, 500],
  )
})

test('trimming takes half characters away and nothing else', () => {
  const character = Buffer.from('🎼')
  for (let cut = 1; cut < 4; cut++) {
    assert.equal(trimEnd(Buffer.concat([Buffer.from('ab'), character.subarray(0, cut)])).toString(), 'ab')
    assert.equal(trimStart(Buffer.concat([character.subarray(cut), Buffer.from('ab')])).toString(), 'ab')
  }
  assert.equal(trimEnd(Buffer.from('ab🎼')).toString(), 'ab🎼')
  const noise = Buffer.alloc(8, 0x80)
  assert.equal(trimStart(noise).length, 8)
  assert.equal(trimEnd(noise).length, 8)
  assert.equal(trimEnd(Buffer.alloc(0)).length, 0)
})
