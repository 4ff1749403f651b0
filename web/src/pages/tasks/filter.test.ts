import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '#src/tasks/contract.ts'
import { hostOf, isWanted, serverFilter } from './filter.ts'

const task: Task = {
  id: 'command_a',
  kind: 'command',
  title: 'make test',
  status: 'failed',
  rootId: 'command_a',
  parentId: null,
  startedBy: { kind: 'client', name: 'claude-code' },
  place: 'node:n1',
  subject: 'host:gpu1',
  executed: 'yes',
  createdAt: 1,
  startedAt: 1,
  endedAt: 2,
  stopRequestedAt: null,
  waitingFor: null,
  error: { code: 'internal', kind: 'exit', message: 'It ended with code 2.' },
  usage: null,
  lastSeq: 3,
}

test('text is looked for in the command, its host, who started it and what went wrong', () => {
  for (const q of ['MAKE', 'gpu1', 'claude', 'code 2', 'command_a', ' ']) assert.ok(isWanted(task, { q }), q)
  assert.equal(isWanted(task, { q: 'deploy' }), false)
})

test('what belongs to a run is not a line of its own', () => {
  assert.equal(isWanted({ ...task, rootId: 'run_x' }, {}), false)
})

test('only kind and state go to the server', () => {
  assert.deepEqual(serverFilter({ kind: 'command', status: 'running', q: 'x' }), { kind: 'command', status: 'running' })
  assert.equal(hostOf({ subject: 'workflow:a' }), undefined)
})
