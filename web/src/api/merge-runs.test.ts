import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunSummary } from '#src/workflows/contract.ts'
import { mergeRuns } from './merge-runs.ts'

function run(name: string, createdAt: number, status: RunSummary['status'] = 'succeeded'): RunSummary {
  return {
    id: name,
    workflowId: 'w',
    workflowName: 'W',
    status,
    trigger: 'manual',
    parentRunId: null,
    startedBy: { kind: 'system' },
    stepCount: 1,
    agents: ['fake'],
    stepsDone: 0,
    createdAt,
    startedAt: null,
    endedAt: null,
    stopRequestedAt: null,
    waitingFor: null,
    error: null,
    usage: null,
  }
}
const ids = (pages: { items: RunSummary[] }[]) => pages.map((page) => page.items.map((each) => each.id).join(''))

test('puts a new run first and replaces the ones it knows', () => {
  const pages = [{ items: [run('b', 2, 'running'), run('a', 1)], next: null }]
  const merged = mergeRuns(pages, [run('c', 3), run('b', 2, 'failed')], {})
  assert.deepEqual(ids(merged), ['cba'])
  assert.equal(merged[0]?.items[1]?.status, 'failed')
})

test('drops a run that no longer matches the filter', () => {
  const pages = [{ items: [run('b', 2, 'running')], next: null }]
  assert.deepEqual(ids(mergeRuns(pages, [run('b', 2, 'failed')], { status: 'running,queued' })), [''])
})

test('leaves out runs older than what has been loaded while more pages follow', () => {
  const pages = [{ items: [run('d', 9), run('c', 8)], next: 'more' }]
  assert.deepEqual(ids(mergeRuns(pages, [run('a', 1)], {})), ['dc'])
  assert.deepEqual(ids(mergeRuns([{ items: [run('d', 9)], next: null }], [run('a', 1)], {})), ['da'])
})

test('puts a late run on the page where its time belongs', () => {
  const pages = [
    { items: [run('d', 9), run('c', 8)], next: 'more' },
    { items: [run('b', 5), run('a', 1)], next: null },
  ]
  assert.deepEqual(ids(mergeRuns(pages, [run('x', 4)], {})), ['dc', 'bxa'])
})
