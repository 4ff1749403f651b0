// Retrying and interrupted turns, as a table.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideAfter, type EndedAttempt, maxInterruptions } from './decide.ts'
import { reusedSteps } from './reuse.ts'
import { readSnapshot, takeSnapshot, titleOf } from './snapshot.ts'

const failed = (retryable: boolean, kind = 'crashed', modelIndex = 0): EndedAttempt => ({
  status: 'failed',
  executed: 'yes',
  retryable,
  error: { code: 'unavailable', kind, message: kind },
  modelIndex,
})
const cut = (executed: EndedAttempt['executed'] = 'maybe'): EndedAttempt => ({
  status: 'interrupted',
  executed,
  retryable: false,
  error: null,
  modelIndex: 0,
})
const plan = { maxRetries: 2, onInterrupted: 'retry', fallbacks: [] } as const
const withFallbacks = {
  ...plan,
  maxRetries: 1,
  fallbacks: [
    { provider: 'p', model: 'second' },
    { provider: 'q', model: 'third' },
  ],
}

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
  [
    'a model that is not there is not asked again: the first fallback is, at once',
    withFallbacks,
    [failed(false, 'model_not_found')],
    false,
    { do: 'try', afterMs: 0, modelIndex: 1 },
  ],
  [
    'what may pass is tried with the same model before a fallback',
    withFallbacks,
    [failed(true, 'rate_limited')],
    false,
    { do: 'try', afterMs: 100, modelIndex: 0 },
  ],
  [
    'after its retries the next model has its turn',
    withFallbacks,
    [failed(true, 'rate_limited'), failed(true, 'rate_limited')],
    false,
    { do: 'try', afterMs: 0, modelIndex: 1 },
  ],
  [
    'a fallback has retries of its own',
    withFallbacks,
    [failed(true, 'network'), failed(true, 'network'), failed(true, 'network', 1)],
    false,
    { do: 'try', afterMs: 100, modelIndex: 1 },
  ],
  [
    'after the last fallback it fails',
    withFallbacks,
    [failed(false, 'auth'), failed(false, 'credits', 1), failed(false, 'auth', 2)],
    false,
    { do: 'end', status: 'failed' },
  ],
  [
    'a fault that is not the model’s does not go to another',
    withFallbacks,
    [failed(false, 'mcp_unavailable')],
    false,
    { do: 'end', status: 'failed' },
  ],
  [
    'a budget that is used up does not go to another',
    withFallbacks,
    [{ ...failed(false, 'budget'), status: 'budget_exceeded' }],
    false,
    { do: 'end', status: 'budget_exceeded' },
  ],
  [
    'a fallback that was cut off is asked again, not the first model',
    withFallbacks,
    [failed(false, 'auth'), { ...cut(), modelIndex: 1 }],
    false,
    { do: 'try', modelIndex: 1 },
  ],
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
  const snapshot = takeSnapshot(workflow, { defaults: { provider: 'openrouter', model: 'of/default' }, fallbacks: [] })
  assert.deepEqual(
    snapshot.steps.map((step) => step.model),
    ['of/step', 'of/workflow'],
  )
  assert.deepEqual([snapshot.steps[0]?.mode, snapshot.steps[0]?.onInterrupted], ['plan', 'retry'])
  const changing = takeSnapshot({ ...workflow, workingDir: '/srv/code' }, { defaults: null, fallbacks: [] })
  assert.deepEqual([changing.steps[0]?.mode, changing.steps[0]?.onInterrupted], ['full', 'ask'])
})

test('fallbacks are the step’s, else the workflow’s, else the general ones that its agent can be asked with', () => {
  const workflow = {
    id: 'w',
    name: 'W',
    version: '1',
    updatedAt: 1,
    provider: 'p',
    model: 'own',
    steps: [
      { id: 'a', text: 'x', fallbackModels: [{ model: 'own' }, { model: 'two' }, { provider: 'p', model: 'two' }] },
      { id: 'b', text: 'y' },
      { id: 'c', text: 'z', fallbackModels: [] },
    ],
  }
  const settings = {
    defaults: null,
    fallbacks: [
      { provider: 'q', model: 'general' },
      { provider: 'odd', model: 'general' },
    ],
    fits: (_: unknown, model: { provider: string | null }) => model.provider !== 'odd',
  }
  const of = (extra: object) => takeSnapshot({ ...workflow, ...extra }, settings).steps.map((step) => step.fallbacks)
  assert.deepEqual(of({}), [[{ provider: 'p', model: 'two' }], [{ provider: 'q', model: 'general' }], []])
  assert.deepEqual(of({ fallbackModels: [{ model: 'three' }] })[1], [{ provider: 'p', model: 'three' }])
})

test('limits and session of a step come from the workflow where it does not say', () => {
  const workflow = {
    id: 'w',
    name: 'W',
    version: '1',
    updatedAt: 1,
    timeoutSec: 7,
    idleTimeoutSec: 6,
    maxTurns: 5,
    session: 'fresh' as const,
    steps: [
      {
        id: 'a',
        text: 'x',
      },
      {
        id: 'b',
        text: 'y',
        timeoutSec: 1,
        idleTimeoutSec: 2,
        maxTurns: 3,
        session: 'shared' as const,
      },
    ],
  }
  const { steps } = takeSnapshot(workflow, { defaults: null, fallbacks: [] })
  assert.deepEqual(
    steps.map((step) => [step.timeoutMs, step.idleTimeoutMs, step.maxTurns, step.session]),
    [
      [7_000, 6_000, 5, 'fresh'],
      [1_000, 2_000, 3, 'shared'],
    ],
  )
})

test('a snapshot from before fallbacks, sessions and triggers reads as one without them', () => {
  const old = { workflowId: 'w', name: 'W', version: '1', workingDir: null, runTimeoutMs: 1, steps: [{ stepId: 'a' }] }
  const { onSuccess, maxCostUsd, maxTokens, steps } = readSnapshot(JSON.stringify(old))
  assert.deepEqual([onSuccess, maxCostUsd, maxTokens], [null, null, null])
  assert.deepEqual(steps, [{ stepId: 'a', fallbacks: [], session: 'shared' }])
})

test('a run that begins in the middle takes over recorded steps only', () => {
  const step = (index: number, status: 'succeeded' | 'failed') => ({
    index,
    status,
    output: null,
    error: null,
    usage: null,
    startedAt: null,
    endedAt: null,
    isReused: false,
    turnId: status === 'succeeded' ? 'turn' : null,
  })
  const steps = [step(0, 'succeeded'), step(1, 'succeeded'), step(2, 'failed')]
  assert.equal(reusedSteps(steps, 2).length, 2)
  assert.throws(() => reusedSteps(steps, 3), /there is no step 4/)
  assert.throws(() => reusedSteps([step(0, 'failed'), step(1, 'succeeded')], 1), /step 1 before it has no result/)
})

test('a title is the first line that says something, cut by letters and not by bytes', () => {
  assert.equal(titleOf('\n\n## Hello there\nmore'), 'Hello there')
  assert.equal(titleOf('  \n'), 'Prompt')
  assert.equal([...titleOf('🎼'.repeat(100))].length, 60)
})
