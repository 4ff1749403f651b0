// Every ending of a Goose turn, from streams that the real Goose printed (testing/record.ts).

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gooseCases, goldenInput } from '../testing/goose-cases.ts'
import { readStreams } from '../testing/goose-harness.ts'
import { interpretGoose } from './interpret.ts'

const adapter = { interpreter: interpretGoose }
const fixtures = new URL('./fixtures/', import.meta.url)

function fixture(name: string): { out: string; err: string; exitCode: number } {
  const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, fixtures), 'utf8')
  return { out: read('out.jsonl'), err: read('err.txt'), exitCode: Number(read('exit')) }
}

function play(name: string, changes: { stoppedBy?: 'asked' | 'wall' | 'idle' | 'output' } = {}) {
  const one = gooseCases.find((candidate) => candidate.name === name)
  assert.ok(one)
  const { out, err, exitCode } = fixture(name)
  return readStreams(adapter, goldenInput(one), out, err, { exitCode, stoppedBy: changes.stoppedBy ?? null })
}

for (const one of gooseCases) {
  test(`a recorded turn "${one.name}" is told as it was`, () => {
    const { outcome } = play(one.name)
    if (one.expected.ok) {
      assert.ok(outcome.ok, `expected success, got ${JSON.stringify(outcome)}`)
      assert.equal(outcome.text, one.expected.text)
      return
    }
    assert.ok(!outcome.ok, 'expected a failure')
    const { ok, kind, httpStatus, retryable } = outcome
    assert.deepEqual({ ok, kind, httpStatus, retryable }, one.expected)
  })
}

test('every recorded folder belongs to a case', () => {
  assert.deepEqual(readdirSync(fixtures).sort(), gooseCases.map((one) => one.name).sort())
})

test('a failure names the model, the provider and what the server said', () => {
  const { outcome } = play('status-429')
  assert.ok(!outcome.ok)
  assert.equal(outcome.message, 'too many requests for stub/echo at openrouter (429): the stub was asked to answer 429')
})

test('a refused key says where the key is entered', () => {
  const { outcome } = play('status-401')
  assert.ok(!outcome.ok)
  assert.equal(
    outcome.hint,
    'enter a valid key for openrouter under Models, or set OPENROUTER_API_KEY before Maestro starts',
  )
})

test('a tool call is told with its server, input and output', () => {
  const { events } = play('tool')
  const called = events.find((event) => event.type === 'tool.called')
  const returned = events.find((event) => event.type === 'tool.returned')
  assert.deepEqual(
    { tool: called?.tool, input: called?.input },
    { tool: 'shell', input: { command: 'echo from the shell' } },
  )
  assert.deepEqual({ ok: returned?.ok, output: returned?.output }, { ok: true, output: 'from the shell' })
  assert.equal(called?.callId, returned?.callId)
})

test('a tool that was not offered is told as a failed call', () => {
  const { events } = play('tool-refused')
  const returned = events.find((event) => event.type === 'tool.returned')
  assert.equal(returned?.ok, false)
})

test('text before a cut stays', () => {
  const { outcome } = play('cut')
  assert.ok(!outcome.ok)
  assert.equal(outcome.text, 'model=stub/echo ')
})

test('what the runner did wins over what Goose says about it', () => {
  const kinds = (['asked', 'wall', 'idle', 'output'] as const).map((stoppedBy) => {
    const { outcome } = play('sigterm', { stoppedBy })
    return outcome.ok ? 'ok' : outcome.kind
  })
  assert.deepEqual(kinds, ['cancelled', 'wall_timeout', 'idle_timeout', 'output_limit'])
})

test('a lost process is interrupted, even after a complete answer', () => {
  const { out, err } = fixture('text')
  const [one] = gooseCases
  assert.ok(one)
  const { outcome } = readStreams(adapter, goldenInput(one), out, err, null)
  assert.equal(outcome.ok ? 'ok' : outcome.kind, 'interrupted')
})

test('exit 0 without a complete answer is never success', () => {
  const { out } = fixture('text')
  const [one] = gooseCases
  assert.ok(one)
  const lines = out.trim().split('\n')
  for (let kept = 0; kept < lines.length; kept++) {
    const { outcome } = readStreams(adapter, goldenInput(one), lines.slice(0, kept).join('\n'), '', {
      exitCode: 0,
      stoppedBy: null,
    })
    assert.equal(outcome.ok, false, `with ${kept} of ${lines.length} lines`)
  }
})

test('usage of a later turn is what it added', () => {
  const [one] = gooseCases
  assert.ok(one)
  const before = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.0004 }
  const checkpoint = { adapter: 'goose', sessionId: 's', cumulative: before, data: '' }
  const { out } = fixture('text')
  const { outcome } = readStreams(adapter, { ...goldenInput(one), checkpoint }, out, '', {
    exitCode: 0,
    stoppedBy: null,
  })
  assert.deepEqual(outcome.usage, {
    inputTokens: 1,
    outputTokens: 1,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0.0006,
  })
  assert.equal(outcome.cumulative.costUsd, 0.001)
})

test('odd lines are ignored: nothing throws', () => {
  const odd = [
    '',
    '{',
    'null',
    '[]',
    '1',
    '{"type":1}',
    '{"type":"message"}',
    '{"type":"message","message":{"content":7}}',
    '{"type":"message","message":{"role":"assistant","content":[null,{"type":"toolRequest"},{"type":"toolResponse"}]}}',
    '{"type":"complete"}',
    '{"type":"error"}',
    'Headless{"type":"error","error":"x"}',
    '\u0000\ud800',
  ]
  const [one] = gooseCases
  assert.ok(one)
  const interpreter = interpretGoose(goldenInput(one))
  for (const line of odd) {
    interpreter.out(line)
    interpreter.err(line)
  }
  assert.equal(interpreter.conclude({ exitCode: 0, stoppedBy: null }).ok, false)
})
