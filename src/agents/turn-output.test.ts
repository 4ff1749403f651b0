// Bytes to events: borders of chunks, characters, lines, secrets and commits must not show.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRedactor } from '#src/core/index.ts'
import type { TaskEventBody } from '#src/tasks/index.ts'
import type { Interpreter } from './adapter.ts'
import { createBatch, maxDeltaChars } from './batch.ts'
import { bounded, boundedInput, maxToolChars, tail } from './bounds.ts'
import { createLineSplitter } from './lines.ts'
import { createEventRedactor, redactEvent } from './redaction.ts'
import { createFakeLease } from './testing/fake-lease.ts'
import { createTurnOutput } from './turn-output.ts'

const hiding = (...secrets: string[]) => createRedactor(() => secrets)
const plain = hiding()

/** Each line of stdout is a delta of one message. */
const echo: Interpreter = {
  out: (line) => [{ type: 'text.delta', messageId: 'm', text: line }],
  err: () => [],
  conclude: () => {
    throw new Error('not asked here')
  },
}

function textOf(events: readonly TaskEventBody[]): string {
  return events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
}

test('lines are the same wherever the chunks are cut, also inside a character', () => {
  const bytes = Buffer.from('first 🎼 line\nnaïve\r\n\nlast without an end')
  for (let at = 0; at <= bytes.length; at++) {
    const splitter = createLineSplitter(1_000)
    const lines = [...splitter.push(bytes.subarray(0, at)), ...splitter.push(bytes.subarray(at)), ...splitter.end()]
    assert.deepEqual(
      lines.map((line) => line.text),
      ['first 🎼 line', 'naïve', '', 'last without an end'],
      `cut at ${at}`,
    )
    assert.equal(lines.at(-1)?.end, bytes.length)
  }
})

test('a line without end is cut at the limit and the next line is whole', () => {
  const splitter = createLineSplitter(10)
  const chunk = Buffer.alloc(1_000, 'x')
  for (let i = 0; i < 1_000; i++) assert.deepEqual(splitter.push(chunk), [])
  const [long, next] = splitter.push(Buffer.from('y\nnext\n'))
  assert.deepEqual(long, { text: 'x'.repeat(10), end: 1_000_002, isCut: true })
  assert.deepEqual(next, { text: 'next', end: 1_000_007, isCut: false })
})

test('a line that exactly fits is not cut', () => {
  assert.deepEqual(createLineSplitter(4).push(Buffer.from('four\n')), [{ text: 'four', end: 5, isCut: false }])
})

test('a secret is hidden wherever its message is cut, and the rest of the text is kept', () => {
  const redactor = hiding('abcabd')
  const whole = 'xxabcabcabdyyabcab'
  for (let a = 0; a <= whole.length; a++) {
    for (let b = a; b <= whole.length; b++) {
      const events = createEventRedactor(redactor)
      const pieces = [whole.slice(0, a), whole.slice(a, b), whole.slice(b)]
      const seen = [
        ...pieces.flatMap((text) => events.push({ type: 'text.delta', messageId: 'm', text })),
        ...events.flush(),
      ]
      assert.equal(textOf(seen), 'xxabc[redacted]yyabcab', `cut at ${a} and ${b}`)
    }
  }
})

test('a secret is hidden in every form it is written in, also where that is split', () => {
  const secret = 'sk-"quoted"-0123456789'
  for (const form of [JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')]) {
    const events = createEventRedactor(hiding(secret))
    const seen = [...form].flatMap((text) => events.push({ type: 'text.delta', messageId: 'm', text }))
    assert.match(textOf([...seen, ...events.flush()]), /^\[redacted\]=*$/)
  }
})

test('a secret whose rest was cut off with the text is hidden as far as it stands', () => {
  const secret = 'sk-straddles-the-cut'
  const redactor = hiding(secret)
  for (let kept = 1; kept <= secret.length; kept++) {
    const long = `${'x'.repeat(maxToolChars - kept)}${secret} and more`
    const { text, truncated } = bounded(long, maxToolChars)
    const returned = redactEvent({ type: 'tool.returned', callId: 'c', ok: true, output: text, truncated }, redactor)
    const expected = 'x'.repeat(maxToolChars - kept) + (kept === secret.length ? '[redacted]' : '')
    assert.ok(returned.type === 'tool.returned' && returned.output === expected, `${kept} characters of it`)
    const input = boundedInput({ a: `${'x'.repeat(maxToolChars - 6 - kept)}${secret} and more` })
    const called = redactEvent({ type: 'tool.called', callId: 'c', server: null, tool: 't', input }, redactor)
    const json = '{"a":"' + 'x'.repeat(maxToolChars - 6 - kept) + (kept === secret.length ? '[redacted]' : '')
    assert.deepEqual(called, { ...called, input: { truncated: true, json } }, `${kept} characters of it`)
  }
  const whole = {
    type: 'tool.returned',
    callId: 'c',
    ok: true,
    output: 'a text that ends in sk-',
    truncated: false,
  } as const
  assert.deepEqual(redactEvent(whole, redactor), whole, 'what was not cut is whole')
})

test('the end of a log begins with a line, so that it does not begin with half a secret', () => {
  assert.equal(tail('short', 9), 'short')
  assert.equal(tail(`first sk-secret\nsecond\nthird`, 17), '…second\nthird')
  assert.equal(tail('one line without an end', 7), '… an end')
  assert.equal(tail('one line and its end\n', 8), '…its end\n')
})

test('what is held back of one message is shown before the next event', () => {
  const events = createEventRedactor(hiding('secret'))
  const seen = [
    ...events.push({ type: 'text.delta', messageId: 'one', text: 'a se' }),
    ...events.push({ type: 'text.delta', messageId: 'two', text: 'cret' }),
    ...events.flush(),
  ]
  assert.deepEqual(
    seen.map((event) => (event.type === 'text.delta' ? [event.messageId, event.text] : [])),
    [
      ['one', 'a '],
      ['one', 'se'],
      ['two', 'cret'],
    ],
  )
})

test('neighbouring deltas become one of at most 4 KB, never cut inside a character', () => {
  const batch = createBatch()
  for (let i = 0; i < 3_000; i++) batch.add({ type: 'text.delta', messageId: 'm', text: '🎼' })
  const events = batch.take()
  assert.equal(events.length, 2)
  assert.equal(textOf(events), '🎼'.repeat(3_000))
  for (const event of events) {
    const text = event.type === 'text.delta' ? event.text : ''
    assert.ok(text.length <= maxDeltaChars + 1)
    assert.ok(text.isWellFormed())
  }
})

test('wherever commits and a take-over fall, the log holds every text once', async () => {
  const lines = ['one ', 'two se', 'cr', 'x three ', 'sec']
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  const redactor = hiding('secret')
  for (let at = 0; at <= bytes.length; at++) {
    for (const isEnded of [false, true]) {
      const first = createFakeLease('turn', null)
      const before = await createTurnOutput(first, echo, redactor)
      before.feed({ stream: 'out', offset: 0, bytes: bytes.subarray(0, at) })
      if (isEnded && at === bytes.length) before.end()
      await before.commit()
      const second = first.takenOver()
      const after = await createTurnOutput(second, echo, redactor)
      after.feed({ stream: 'out', offset: 0, bytes })
      after.end()
      await after.commit()
      assert.equal(textOf(second.events), 'one two secrx three sec', `taken over at ${at}`)
    }
  }
})

test('what stderr says between two pieces of a message does not depend on when it came', async () => {
  const redactor = hiding('secret')
  const lease = createFakeLease('turn', null)
  const output = await createTurnOutput(lease, echo, redactor)
  output.feed({ stream: 'out', offset: 0, bytes: Buffer.from('a sec\n') })
  output.feed({ stream: 'err', offset: 0, bytes: Buffer.from('warning\n') })
  output.feed({ stream: 'out', offset: 6, bytes: Buffer.from('ret b\n') })
  output.end()
  await output.commit()
  assert.equal(textOf(lease.events), 'a [redacted] b')
})

test('the raw log of a turn is bounded', async () => {
  const lease = createFakeLease('turn', null)
  const output = await createTurnOutput(lease, echo, plain)
  const line = Buffer.from(`${'noise '.repeat(600)}\n`)
  for (let i = 0; i < 1_000; i++) {
    output.feed({ stream: 'err', offset: 0, bytes: line })
    await output.commit()
  }
  const logged = lease.events.filter((event) => event.type === 'log.line')
  assert.ok(logged.length < 310 && logged.length > 280, `${logged.length} lines`)
  assert.equal(lease.events.filter((event) => event.type === 'agent.warned').length, 1)
})
