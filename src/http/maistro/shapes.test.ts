import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { McpServer } from '#src/agents/contract.ts'
import { MaestroError } from '#src/core/index.ts'
import type { Workflow } from '#src/workflows/contract.ts'
import { toConfig, toWorkflowInput } from './config-shape.ts'
import { toFailure } from './maistro-route.ts'
import { toServerInput, toServerRow } from './server-shape.ts'

const stored: Workflow = {
  id: 'config-1',
  name: 'Report',
  version: 'v7',
  updatedAt: 5,
  tags: ['daily'],
  workingDir: '/srv',
  steps: [
    { id: 'a', text: 'one', mode: 'plan', maxTurns: 3, model: 'm', provider: 'ollama' },
    { id: 'b', text: 'two', maxTurns: 4 },
  ],
  onSuccess: { workflowId: 'config-2', preserveSession: true, enabled: false },
  schedule: { enabled: true, frequency: 'monthly', dayOfMonth: '31' },
}
const prompt = (text: string, model: string | null = null) => ({ text, mcpServerIds: [], model })
const nobody = () => null

test('a workflow in the words of Maistro has what its clients know, and its schedule as it was written', () => {
  assert.deepEqual(toConfig(stored), {
    id: 'config-1',
    name: 'Report',
    path: '',
    prompts: [prompt('one', 'm'), prompt('two')],
    trigger: { enabled: false, configId: 'config-2', preserveSession: true },
    schedule: { enabled: true, frequency: 'monthly', dayOfMonth: '31' },
  })
})

test('what a client sends back unchanged changes nothing', () => {
  const { id: _id, version: _version, updatedAt: _updatedAt, ...input } = stored
  assert.deepEqual(toWorkflowInput(toConfig(stored), stored, nobody), {
    ...input,
    path: '',
    steps: [
      { ...stored.steps[0], mcpServerIds: [] },
      { ...stored.steps[1], mcpServerIds: [], model: null, provider: null },
    ],
  })
})

test('prompts keep what belongs to them when they move, are edited, or others come and go', () => {
  const ids = (prompts: (string | ReturnType<typeof prompt>)[]) =>
    toWorkflowInput({ name: 'x', prompts }, stored, nobody).steps.map(({ id, maxTurns }) => [id, maxTurns])
  assert.deepEqual(ids(['two', 'one']), [
    ['b', 4],
    ['a', 3],
  ])
  assert.deepEqual(ids(['one, edited', 'two']), [
    ['a', 3],
    ['b', 4],
  ])
  assert.deepEqual(ids(['new', 'one', 'two']), [
    ['step-1', undefined],
    ['a', 3],
    ['b', 4],
  ])
  assert.deepEqual(ids(['two']), [['b', 4]])
  assert.deepEqual(ids(['one', 'one', 'one']), [
    ['a', 3],
    ['b', 4],
    ['step-3', undefined],
  ])
})

test('a model keeps its provider while it is the same, and gets the one that has it when it changes', () => {
  const providers = (model: string) =>
    toWorkflowInput({ name: 'x', prompts: [prompt('one', model)] }, stored, (name) =>
      name === 'gpt' ? 'openai' : null,
    ).steps[0]?.provider
  assert.deepEqual(
    [providers('m'), providers('gpt'), providers('unknown'), providers('')],
    ['ollama', 'openai', null, null],
  )
})

test('fields that nobody here knows are kept for whoever sent them, and stay when a client does not send them', () => {
  const config = { name: 'x', prompts: ['p'], colour: 'green', tags: ['not ours to take'] }
  const input = toWorkflowInput(config, stored, nobody)
  assert.deepEqual([input.otherFields, input.tags], [{ colour: 'green', tags: ['not ours to take'] }, ['daily']])
  const kept = { ...stored, otherFields: { colour: 'green', id: 'not this' } }
  assert.deepEqual([toConfig(kept)['colour'], toConfig(kept).id], ['green', 'config-1'])
  assert.deepEqual(toWorkflowInput({ name: 'x', prompts: ['p'] }, kept, nobody).otherFields, kept.otherFields)
})

test('a trigger without its switch is on, without a target it is none', () => {
  const trigger = (value: { configId?: string; enabled?: boolean } | null) =>
    toWorkflowInput({ name: 'x', prompts: ['p'], trigger: value }, undefined, nobody).onSuccess
  assert.deepEqual(trigger({ configId: 'c' }), { workflowId: 'c', preserveSession: false, enabled: true })
  assert.equal(trigger({ configId: 'c', enabled: false })?.enabled, false)
  for (const none of [null, {}, { enabled: true }, { configId: '' }]) assert.equal(trigger(none), null)
})

const server: McpServer = {
  id: 'mcp-1',
  name: 'Search',
  description: '',
  transport: 'stdio',
  command: 'npx',
  args: ['-y', 'a b'],
  url: '',
  defaultEnabled: false,
  required: false,
  startTimeoutSec: 99,
  env: [
    { name: 'KEY', isSecret: true, value: null, isSet: true, hint: 'cdef' },
    { name: 'EMPTY', isSecret: true, value: null, isSet: false, hint: null },
    { name: 'PLAIN', isSecret: false, value: 'seen', isSet: true, hint: null },
  ],
  headers: [{ name: 'Authorization', isSecret: true, value: null, isSet: true, hint: null }],
  version: 'v',
  updatedAt: 1,
}

test('an MCP server is shown without its secrets, and what comes back masked stays as it is stored', () => {
  const row = toServerRow(server)
  assert.deepEqual([row.args, row.env], ["-y 'a b'", { KEY: '********', EMPTY: '', PLAIN: 'seen' }])
  const input = toServerInput({ ...row, env: { ...row.env, EMPTY: 'now', PLAIN: 'changed' } }, server)
  assert.deepEqual(input.env, [
    { name: 'KEY', isSecret: true },
    { name: 'EMPTY', isSecret: true, value: 'now' },
    { name: 'PLAIN', isSecret: false, value: 'changed' },
  ])
  assert.deepEqual(toServerInput(row, server).env?.[1], { name: 'EMPTY', isSecret: true }, 'it stays one to be entered')
  assert.deepEqual([input.args, input.required, input.startTimeoutSec], [['-y', 'a b'], false, 99])
  assert.deepEqual(input.headers, [{ name: 'Authorization', isSecret: true, value: null }])
  assert.deepEqual(toServerInput({ ...row, args: '-q "x y"' }, server).args, ['-q', 'x y'])
})

test('a mask for which nothing is stored and a missing command are refused together; an HTTP server needs none', () => {
  assert.throws(
    () => toServerInput({ name: 'x', command: '', env: { A: '***', B: '••••••' } }, undefined),
    (error) => error instanceof MaestroError && error.issues?.map(({ path }) => path).join() === 'command,env.A,env.B',
  )
  const remote = { ...server, transport: 'http' as const, url: 'https://x.example/mcp', command: '' }
  assert.equal(toServerInput({ ...toServerRow(remote) }, remote).url, 'https://x.example/mcp')
})

test('a failure is one text in the words of Maistro, with every problem in it', () => {
  const problem = {
    type: 'x',
    title: 'x',
    status: 400,
    code: 'invalid_input' as const,
    detail: 'the workflow is not valid: steps.0.text: the prompt is empty; steps: too many',
    issues: [
      { path: 'steps.0.text', message: 'the prompt is empty' },
      { path: 'onSuccess.workflowId', message: 'there is no "x"' },
    ],
  }
  assert.deepEqual(toFailure(problem), {
    error:
      'the workflow is not valid: prompts.0.text: the prompt is empty; prompts: too many; trigger.configId: there is no "x"',
  })
})
