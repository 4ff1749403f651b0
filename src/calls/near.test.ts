import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearNames } from './near.ts'

const names = ['workflow_list', 'workflow_get', 'run_start', 'run_stop', 'host_list']

const cases: [string, string[]][] = [
  ['workflow_lst', ['workflow_list', 'workflow_get']],
  ['run_strt', ['run_start', 'run_stop']],
  ['stop', ['run_stop']],
  ['WORKFLOW_GET', ['workflow_get', 'workflow_list']],
  ['zzz', []],
  ['', []],
]

for (const [typed, near] of cases) {
  test(`"${typed}" is near ${near.join(', ') || 'nothing'}`, () => assert.deepEqual(nearNames(typed, names), near))
}
