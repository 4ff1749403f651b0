import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Run, RunStep } from '#src/workflows/contract.ts'
import { compareRuns } from './compare.ts'

const step = (stepId: string, index: number, more: Partial<RunStep> = {}): RunStep => ({
  index,
  stepId,
  title: stepId,
  prompt: `do ${stepId}`,
  agent: 'goose',
  provider: null,
  model: null,
  mode: 'plan',
  session: 'shared',
  mcpServerIds: [],
  isReused: false,
  status: 'succeeded',
  attempts: [],
  output: `did ${stepId}`,
  error: null,
  usage: null,
  startedAt: 0,
  endedAt: 1_000,
  ...more,
})
const run = (steps: RunStep[], more: Partial<Run> = {}): Run => ({
  id: 'run_00000000000000000000000000',
  workflowId: 'w',
  workflowName: 'W',
  status: 'succeeded',
  trigger: 'manual',
  parentRunId: null,
  startedBy: { kind: 'system' },
  agents: [],
  stepCount: steps.length,
  stepsDone: steps.length,
  createdAt: 0,
  startedAt: 0,
  endedAt: 3_000,
  stopRequestedAt: null,
  waitingFor: null,
  error: null,
  usage: null,
  steps,
  lastSeq: 0,
  rerunOf: null,
  rerunFromStep: null,
  triggeredRunIds: [],
  maxCostUsd: null,
  maxTokens: null,
  ...more,
})
const usage = (inputTokens: number | null, outputTokens: number | null, costUsd: number | null) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  costUsd,
})

test('prompts are matched by id, wherever they stand, and what only one run has stands by itself', () => {
  const pairs = compareRuns(
    run([step('a', 0), step('gone', 1), step('b', 2)]),
    run([step('b', 0), step('new', 1), step('a', 2)]),
  )
  assert.deepEqual(
    pairs.steps.map((pair) => `${pair.title} ${pair.before?.index ?? '-'} ${pair.after?.index ?? '-'}`),
    ['b 2 0', 'new - 1', 'a 0 2', 'gone 1 -'],
  )
})

test('figures differ by what both know; unknown stays unknown', () => {
  const before = run([step('a', 0, { usage: usage(100, 10, 0.5) }), step('b', 1, { usage: usage(1, null, null) })])
  const after = run([step('a', 0, { usage: usage(80, 10, 0.25), endedAt: 4_000 }), step('b', 1, { endedAt: null })], {
    endedAt: 5_000,
  })
  const { figures, steps } = compareRuns(before, after)
  assert.equal(figures.durationMs.delta, 2_000)
  assert.deepEqual(steps[0]?.figures, {
    durationMs: { before: 1_000, after: 4_000, delta: 3_000 },
    tokens: { before: 110, after: 90, delta: -20 },
    costUsd: { before: 0.5, after: 0.25, delta: -0.25 },
  })
  assert.deepEqual(
    [steps[1]?.figures.tokens.delta, steps[1]?.figures.costUsd.delta, steps[1]?.figures.durationMs.delta],
    [null, null, null],
  )
})

test('answers are compared by lines only where both are there and differ', () => {
  const before = run([step('a', 0), step('b', 1, { output: null }), step('c', 2)])
  const after = run([step('a', 0, { output: 'did a\nwell' }), step('b', 1), step('c', 2)])
  assert.deepEqual(
    compareRuns(before, after).steps.map((pair) => pair.lines?.map(({ op }) => op) ?? null),
    [['same', 'added'], null, null],
  )
})
