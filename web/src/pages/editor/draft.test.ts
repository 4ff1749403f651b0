import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowInput } from '#src/workflows/contract.ts'
import { changesOf, newStepId, problemsOf } from './draft.ts'

const base: WorkflowInput = {
  name: 'Review',
  steps: [
    { id: 'a', text: 'Read the diff' },
    { id: 'b', text: 'Write it up' },
  ],
}

test('absent, null and empty are no change', () => {
  assert.deepEqual(
    changesOf(base, {
      ...base,
      description: '',
      agent: null,
      steps: base.steps.map((step) => ({ ...step, model: null })),
    }),
    [],
  )
})

test('says which step changed and how', () => {
  const after: WorkflowInput = {
    ...base,
    name: 'New',
    steps: [
      { id: 'a', text: 'Read all', model: 'x' },
      { id: 'c', text: 'More' },
    ],
  }
  assert.deepEqual(changesOf(base, after), [
    'Name',
    'Step 1 "Read all": prompt and settings',
    'Step 2 "More": added',
    'Step 2 "Write it up": removed',
  ])
})

test('a new order alone is a change', () => {
  assert.deepEqual(changesOf(base, { ...base, steps: base.steps.toReversed() }), ['Order of the steps'])
})

test('every problem carries the path of its field', () => {
  const paths = problemsOf({ name: ' ', workingDir: 'src', steps: [{ id: 'a', text: ' ' }] }).map((issue) => issue.path)
  assert.deepEqual(paths, ['steps.0.text', 'workingDir', 'name'])
  assert.deepEqual(problemsOf({ ...base, workingDir: '/srv/app' }), [])
})

test('a new step never takes an id that was just removed', () => {
  assert.equal(newStepId([{ id: 'step-1', text: '' }], new Set(['step-2'])), 'step-3')
})

test('a limit that cannot be read is a change and a problem, said in the form’s words', () => {
  const after: WorkflowInput = {
    ...base,
    runTimeoutSec: NaN,
    steps: base.steps.map((step) => ({ ...step, timeoutSec: NaN, maxTurns: 0, maxRetries: 11 })),
  }
  assert.deepEqual(changesOf(base, after).slice(0, 2), ['Time limit of a run', 'Step 1 "Read the diff": settings'])
  const problems = new Map(problemsOf(after).map((issue) => [issue.path, issue.message]))
  assert.match(problems.get('steps.0.timeoutSec') ?? '', /such as 10 min/)
  assert.match(problems.get('steps.1.maxRetries') ?? '', /0 to 10/)
  assert.match(problems.get('steps.1.maxTurns') ?? '', /1 to 1000/)
  assert.match(problems.get('runTimeoutSec') ?? '', /45 min/)
})
