import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Actor, actorKey } from '#src/core/index.ts'
import { maySee } from './may-see.ts'

const client: Actor = { kind: 'client', name: 'claude' }
const token: Actor = { kind: 'token', tokenId: 't1', name: 'ci' }
const all: Actor[] = [
  client,
  token,
  { kind: 'owner', via: 'socket' },
  { kind: 'browser', sessionId: 's' },
  { kind: 'run', runId: 'run_1' },
  { kind: 'system' },
]
const command = (startedBy: Actor) => ({ kind: 'command', startedBy }) as const

test('a client sees the commands it started itself, people and Maestro see all', () => {
  for (const startedBy of all) {
    const seen = all.filter((actor) => maySee(actor, command(startedBy), false)).map(({ kind }) => kind)
    assert.deepEqual(
      seen,
      all.map(({ kind }) => kind).filter((kind) => kind !== 'client' || startedBy === client),
    )
  }
  assert.equal(maySee({ kind: 'client', name: 'codex' }, command(client), false), false)
})

test('a limited token is bound to its own, by id and not by name', () => {
  assert.equal(maySee(token, command(client), true), false)
  assert.equal(maySee(token, command({ kind: 'token', tokenId: 't2', name: 'ci' }), true), false)
  assert.equal(maySee(token, command({ kind: 'token', tokenId: 't1', name: 'renamed' }), true), true)
  assert.equal(maySee(token, command(client), false), true)
})

test('runs and turns are seen as before', () => {
  for (const kind of ['run', 'turn'] as const) assert.equal(maySee(client, { kind, startedBy: token }, true), true)
})

test('a key tells callers apart', () => {
  assert.deepEqual(all.map(actorKey), ['client:claude', 'token:t1', 'owner', 'owner', 'run:run_1', 'system'])
})
