// Remarks on definitions, as a table: one oddity each in a workflow that is otherwise fine.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkDefinition, type CheckDeps } from './check-definition.ts'
import type { Workflow } from './contract.ts'

const fine = { name: 'Fine', steps: [{ id: 's1', text: 'hello', model: 'm/1' }] }
const other = (id: string, extra: Partial<Workflow> = {}): Workflow => ({
  id,
  name: id.toUpperCase(),
  version: '1',
  updatedAt: 1,
  steps: [{ id: 's1', text: 'x' }],
  ...extra,
})
const to = (workflowId: string, preserveSession = false) => ({ workflowId, preserveSession, enabled: true })
const stored = [
  other('self', { onSuccess: to('b') }),
  other('b', { onSuccess: to('c') }),
  other('c', { onSuccess: to('self') }),
  other('plain'),
  other('fake', { agent: 'fake' }),
  other('fresh', { session: 'fresh' }),
]

const deps: CheckDeps = {
  definitions: { list: async () => stored, find: async (id) => stored.find((workflow) => workflow.id === id) },
  agents: {
    list: async () => [
      { id: 'goose', title: 'Goose', installed: true, modes: ['plan', 'full'], needsModel: true },
      { id: 'fake', title: 'Rehearsal', installed: true, modes: ['plan'], needsModel: false },
      { id: 'away', title: 'Away', installed: false, modes: ['plan'], needsModel: false },
    ],
  },
  mcpServers: { list: async () => [{ id: 'here', name: 'Here' }] },
  models: {
    defaults: async () => ({ provider: 'openrouter', model: 'm/1' }),
    list: async () => ({
      items: [
        { provider: 'openrouter', id: 'm/1', price: null },
        { provider: 'anthropic', id: 'm/2', price: null },
        { provider: 'lab', id: 'm/3', price: null },
        { provider: 'lab', id: 'm/4', price: { inputUsdPerMillion: 1, outputUsdPerMillion: 1 } },
      ],
      providers: [
        { id: 'openrouter', api: 'openrouter', keyName: 'OPENROUTER_API_KEY', keySet: true },
        { id: 'anthropic', api: 'anthropic', keyName: 'ANTHROPIC_API_KEY', keySet: false },
        { id: 'lab', api: 'openai', keyName: null, keySet: false },
      ],
    }),
  },
}

const step = (extra: object) => ({ steps: [{ ...fine.steps[0], ...extra }] })

const cases: [name: string, change: object, level: 'error' | 'warning', path: string, message: RegExp][] = [
  ['an empty prompt', step({ text: ' ' }), 'error', 'steps.0.text', /empty/],
  ['an unknown agent', step({ agent: 'nobody' }), 'error', 'steps.0.agent', /no agent "nobody"/],
  ['an agent that is not installed', step({ agent: 'away' }), 'warning', 'steps.0.agent', /not installed/],
  ['a mode that the agent has not', step({ mode: 'edit' }), 'error', 'steps.0.mode', /no mode "edit"/],
  ['an unknown provider', step({ provider: 'p' }), 'error', 'steps.0.model', /no provider "p"/],
  ['a model without a key', step({ provider: 'anthropic', model: 'm/2' }), 'warning', 'steps.0.model', /ANTHROPIC_API/],
  ['a model that is not listed', step({ model: 'm/9' }), 'warning', 'steps.0.model', /not in the list/],
  [
    'a fallback that is the model',
    step({ fallbackModels: [{ model: 'm/1' }] }),
    'warning',
    'steps.0.fallbackModels.0',
    /itself/,
  ],
  [
    'a fallback of the workflow',
    { fallbackModels: [{ model: 'm/9' }] },
    'warning',
    'fallbackModels.0',
    /not in the list/,
  ],
  ['an unknown MCP server', step({ mcpServerIds: ['here', 'gone'] }), 'warning', 'steps.0.mcpServerIds.1', /"gone"/],
  ['commands without a folder', step({ mode: 'full' }), 'warning', 'steps.0.mode', /empty folder/],
  ['a very long prompt', step({ text: 'x'.repeat(300_000) }), 'warning', 'steps.0.text', /300000 characters/],
  ['a folder that is missing', { workingDir: '/nowhere/at/all' }, 'warning', 'workingDir', /not there/],
  ['a folder that is a file', { workingDir: '/etc/hosts' }, 'warning', 'workingDir', /not a folder/],
  ['a relative folder', { workingDir: 'here' }, 'error', 'workingDir', /absolute/],
  ['a target that is gone', { onSuccess: to('gone') }, 'warning', 'onSuccess.workflowId', /"gone"/],
  ['a circle', { onSuccess: to('b') }, 'error', 'onSuccess', /"Fine" -> "B" -> "C" -> "Fine"/],
  ['a trigger of itself', { onSuccess: to('self') }, 'error', 'onSuccess', /"Fine" -> "Fine"/],
  [
    'a conversation for another agent',
    { onSuccess: to('fake', true) },
    'warning',
    'onSuccess.preserveSession',
    /begins with fake/,
  ],
  [
    'a conversation that is not gone on with',
    { onSuccess: to('fresh', true) },
    'warning',
    'onSuccess.preserveSession',
    /its own/,
  ],
  [
    'a step longer than its run',
    { ...step({ timeoutSec: 100 }), runTimeoutSec: 50 },
    'warning',
    'steps.0.timeoutSec',
    /whole run/,
  ],
  ['a very short limit', step({ timeoutSec: 2 }), 'warning', 'steps.0.timeoutSec', /2 s/],
  [
    'an idle limit that is never reached',
    step({ timeoutSec: 60, idleTimeoutSec: 90 }),
    'warning',
    'steps.0.idleTimeoutSec',
    /90 s/,
  ],
  ['a field of nobody', { nam: 'x' }, 'error', '', /"nam" is no field of a workflow; did you mean "name"\?/],
  ['a field of nobody in a prompt', step({ modell: 'x' }), 'error', 'steps.0', /"modell" .*did you mean "model"\?/],
  ['much money', { maxCostUsd: 500 }, 'warning', 'maxCostUsd', /\$500/],
  [
    'a budget that cannot count a model',
    { ...step({ fallbackModels: [{ provider: 'lab', model: 'm/3' }] }), maxCostUsd: 2 },
    'warning',
    'maxCostUsd',
    /budget of \$2 counts no call of m\/3 of lab/,
  ],
  ['few tokens', { maxTokens: 10 }, 'warning', 'maxTokens', /10 tokens/],
]

describe('a remark is made on', () => {
  for (const [name, change, level, path, message] of cases) {
    test(name, async () => {
      const remarks = await checkDefinition(deps, { ...fine, ...change }, 'self')
      assert.equal(remarks.length, 1, JSON.stringify(remarks))
      assert.deepEqual([remarks[0]?.level, remarks[0]?.path], [level, path])
      assert.match(remarks[0]?.message ?? '', message)
    })
  }
})

test('nothing is said of what is fine', async () => {
  assert.deepEqual(await checkDefinition(deps, fine), [])
  const chained = { ...fine, workingDir: '/tmp', onSuccess: to('plain', true), maxCostUsd: 1 }
  assert.deepEqual(await checkDefinition(deps, chained, 'self'), [])
  const priced = { ...step({ provider: 'lab', model: 'm/4' }), name: 'Priced', maxCostUsd: 1 }
  assert.deepEqual(await checkDefinition(deps, priced), [])
})

test('a definition that is hardly one is looked at as far as it goes', async () => {
  const remarks = await checkDefinition(deps, { name: 7, steps: [null, { text: 'x', agent: 'nobody', model: {} }] })
  assert.ok(remarks.some(({ path, level }) => path === 'name' && level === 'error'))
  assert.ok(remarks.some(({ message }) => message === 'there is no agent "nobody"'))
  for (const definition of [{}, { steps: 'x' }, { steps: [[]] }]) {
    assert.ok((await checkDefinition(deps, definition)).some(({ level }) => level === 'error'))
  }
})
