// Retrying and interrupted turns, as a table.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideAfter, type EndedAttempt, maxInterruptions } from './decide.ts'
import { takeSnapshot, titleOf } from './snapshot.ts'

const failed = (retryable: boolean): EndedAttempt => ({ status: 'failed', executed: 'yes', retryable, error: null })
const cut = (executed: EndedAttempt['executed'] = 'maybe'): EndedAttempt => ({
  status: 'interrupted',
  executed,
  retryable: false,
  error: null,
})
const plan = { maxRetries: 2, onInterrupted: 'retry' } as const

const cases: [
  name: string,
  step: Parameters<typeof decideAfter>[0],
  attempts: EndedAttempt[],
  allowed: boolean,
  expected: object,
][] = [
  ['a first attempt starts at once', plan, [], false, { do: 'try', afterMs: 0 }],
  ['a failure that may pass is tried again', plan, [failed(true)], false, { do: 'try', afterMs: 100 }],
  ['the wait doubles', plan, [failed(true), failed(true)], false, { do: 'try', afterMs: 200 }],
  [
    'after the last retry it fails',
    plan,
    [failed(true), failed(true), failed(true)],
    false,
    { do: 'end', status: 'failed' },
  ],
  ['a failure that stays is not tried again', plan, [failed(false)], false, { do: 'end', status: 'failed' }],
  ['interruptions do not use up retries', plan, [cut(), cut(), failed(true)], false, { do: 'try', afterMs: 100 }],
  ['a reading turn that was cut off runs again', plan, [cut()], false, { do: 'try', afterMs: 0 }],
  ['one that may have changed things asks', { ...plan, onInterrupted: 'ask' }, [cut()], false, { do: 'ask' }],
  ['a person’s word is enough', { ...plan, onInterrupted: 'ask' }, [cut()], true, { do: 'try', afterMs: 0 }],
  [
    'one that had not begun needs no word',
    { ...plan, onInterrupted: 'ask' },
    [cut('no')],
    false,
    { do: 'try', afterMs: 100 },
  ],
  [
    'policy fail ends the step',
    { ...plan, onInterrupted: 'fail' },
    [cut()],
    false,
    { do: 'end', status: 'interrupted' },
  ],
  [
    'too many interruptions end it',
    plan,
    Array.from({ length: maxInterruptions }, () => cut()),
    false,
    { do: 'end', status: 'interrupted' },
  ],
  [
    'a time limit is not tried again',
    plan,
    [{ ...cut(), status: 'timed_out' }],
    false,
    { do: 'end', status: 'timed_out' },
  ],
  ['a stop is a stop', plan, [{ ...cut(), status: 'cancelled' }], false, { do: 'end', status: 'cancelled' }],
]

for (const [name, step, attempts, allowed, expected] of cases) {
  test(name, () => {
    const decision = decideAfter(step, attempts, allowed, 100)
    assert.deepEqual({ ...decision, ...expected }, decision)
  })
}

test('a snapshot resolves every default: step, then workflow, then Maestro', () => {
  const workflow = {
    id: 'w',
    name: 'W',
    version: '1',
    updatedAt: 1,
    model: 'of/workflow',
    steps: [
      { id: 'a', text: 'x', model: 'of/step' },
      { id: 'b', text: 'y' },
    ],
  }
  const snapshot = takeSnapshot(workflow, { provider: 'openrouter', model: 'of/default' })
  assert.deepEqual(
    snapshot.steps.map((step) => step.model),
    ['of/step', 'of/workflow'],
  )
  assert.deepEqual([snapshot.steps[0]?.mode, snapshot.steps[0]?.onInterrupted], ['plan', 'retry'])
  const changing = takeSnapshot({ ...workflow, workingDir: '/srv/code' }, null)
  assert.deepEqual([changing.steps[0]?.mode, changing.steps[0]?.onInterrupted], ['full', 'ask'])
})

test('a title is the first line that says something, cut by letters and not by bytes', () => {
  assert.equal(titleOf('\n\n## Hello there\nmore'), 'Hello there')
  assert.equal(titleOf('  \n'), 'Prompt')
  assert.equal([...titleOf('🎼'.repeat(100))].length, 60)
})
