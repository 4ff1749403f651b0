import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Approval } from '#src/calls/contract.ts'
import { describe } from './describe.ts'

const approval = (tool: string, input: unknown, more: Partial<Approval> = {}): Approval => ({
  id: 'approval_a',
  state: 'pending',
  actor: { kind: 'client', name: 'claude-code' },
  tool,
  title: 'A tool',
  subject: [],
  input: typeof input === 'string' ? input : JSON.stringify(input),
  isInputCut: false,
  inputSha256: 'x',
  reason: 'rule r asks',
  createdAt: 1,
  expiresAt: 2,
  decidedAt: null,
  decidedBy: null,
  decidedVia: null,
  ...more,
})

test('a command is shown as it would run, with where and for how long', () => {
  const asked = describe(
    approval('maestro_exec', { host: 'local', command: 'rm -rf build', cwd: '/srv', timeout_s: 60 }),
  )
  assert.equal(asked.wish, 'wants to run a command on local')
  assert.deepEqual(asked.parts, [{ label: 'Command', text: 'rm -rf build' }])
  assert.deepEqual(asked.asides, ['in /srv', 'for at most 60 s'])
})

test('an edit is shown as a difference', () => {
  const asked = describe(
    approval('maestro_edit', {
      path: '/a',
      edits: [
        { old: 'x\ny', new: 'z' },
        { old: '', new: 'end', all: true },
      ],
    }),
  )
  assert.equal(asked.wish, 'wants to change /a')
  assert.deepEqual(
    asked.parts[0]?.lines?.map(({ op, text }) => `${op} ${text}`),
    ['removed x', 'removed y', 'added z', 'gap ', 'added end'],
  )
  assert.deepEqual(asked.asides, ['everywhere it occurs'])
})

test('where the input names no host or path, what the call touches does', () => {
  const asked = describe(approval('maestro_write', { content: 'hi' }, { subject: ['path:gpu1:/srv/a:b', 'host:gpu1'] }))
  assert.equal(asked.wish, 'wants to write /srv/a:b on gpu1')
})

test('a tool this page knows nothing of, and an input that was cut, are shown as they are', () => {
  assert.equal(describe(approval('workflow_delete', { workflowId: 'a' })).wish, 'wants to use workflow_delete: a tool')
  assert.equal(describe(approval('maestro_exec', '{"command":"ech')).input, '{"command":"ech')
  assert.equal(describe(approval('maestro_exec', { command: 7 })).parts.length, 0)
})
