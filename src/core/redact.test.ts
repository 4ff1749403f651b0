import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRedactor } from './redact.ts'
import { createDice } from './testing/random.ts'

const secrets = [
  'sk-live-Zq8"\\weird/+=&? key',
  'abcdef123456',
  'def123456789',
  'ünïcödé-pässwörd',
  'aaaaaaaa',
  'short',
]
const redactor = createRedactor(() => secrets)
const redact = (text: string) => redactor.text(text)

const forms = (value: string): string[] => [
  value,
  JSON.stringify(value),
  JSON.stringify(JSON.stringify({ deep: value })),
  encodeURIComponent(value),
  encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
  new URLSearchParams({ q: value }).toString(),
  Buffer.from(value).toString('base64'),
  Buffer.from(value).toString('base64url'),
]

test('takes out a secret in every form it is commonly written in', () => {
  for (const secret of secrets.filter((value) => value.length >= 6)) {
    for (const form of forms(secret)) {
      const out = redact(`before ${form} after`)
      assert.match(out, /^before .*\[redacted\].* after$/)
      const core = secret.slice(2, -2)
      assert.ok(!out.includes(core), `${core} is still in ${out}`)
    }
  }
})

test('takes out a secret inside the base64 of a longer text, at each of the three offsets', () => {
  for (const before of ['', 'u', 'us', 'use']) {
    const encoded = Buffer.from(`${before}:abcdef123456:tail`).toString('base64')
    const left = redact(encoded)
    assert.match(left, /\[redacted\]/)
    assert.ok(
      !Buffer.from(left.split('[redacted]')[0] ?? '', 'base64')
        .toString()
        .includes('abcdef'),
    )
  }
})

test('leaves values shorter than six characters alone', () => {
  assert.equal(redact('a short story'), 'a short story')
})

test('shows no rest of a secret that overlaps another', () => {
  assert.equal(redact('x abcdef123456789 y'), 'x [redacted] y')
})

test('takes the longer of two secrets that begin alike', () => {
  const both = createRedactor(() => ['password', 'password-and-more'])
  assert.equal(both.text('password-and-more!'), '[redacted]!')
  const stream = both.stream()
  assert.equal(stream.push('password') + stream.push('-and-more!') + stream.flush(), '[redacted]!')
})

test('notices that the values have changed', () => {
  let values: readonly string[] = []
  const changing = createRedactor(() => values)
  assert.equal(changing.text('my new-secret'), 'my new-secret')
  values = ['new-secret']
  assert.equal(changing.text('my new-secret'), 'my [redacted]')
})

test('a stream gives what the whole text gives, however the text is cut (2,000 random texts)', () => {
  const below = createDice(42)
  const pieces = [
    ...secrets.flatMap(forms),
    'ordinary text ',
    'abc',
    'abcdef',
    'a',
    '%',
    '\n',
    '"',
    'def123',
    'aaaaa',
    'sk-live-',
  ]
  for (let round = 0; round < 2_000; round++) {
    let text = ''
    for (let i = below(8); i >= 0; i--) {
      const piece = pieces[below(pieces.length)] ?? ''
      text += below(4) === 0 ? piece.slice(0, below(piece.length)) : piece
    }
    const stream = redactor.stream()
    let out = ''
    for (let at = 0; at < text.length;) {
      const size = 1 + below(below(2) === 0 ? 3 : 40)
      out += stream.push(text.slice(at, at + size))
      at += size
      for (const secret of secrets)
        assert.ok(secret.length < 6 || !out.includes(secret), `${secret} leaked from ${text}`)
    }
    assert.equal(out + stream.flush(), redact(text), `round ${round}: ${JSON.stringify(text)}`)
  }
})

test('a stream holds back only what could be the beginning of a secret', () => {
  const stream = redactor.stream()
  assert.equal(stream.push('plain text, '), 'plain text, ')
  assert.equal(stream.push('and then abcd'), 'and then ')
  assert.equal(stream.push('og!'), 'abcdog!')
  assert.equal(stream.push('abcdef12345'), '')
  assert.equal(stream.flush(), 'abcdef12345')
})
