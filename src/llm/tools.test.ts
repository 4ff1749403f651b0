import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ctx, silentLog } from '#src/core/index.ts'
import type { z } from 'zod'
import { modelTools } from './model-tools.ts'
import { secretTools } from './secret-tools.ts'
import { setUpModels } from './testing/setup.ts'

const ctx: Ctx = {
  actor: { kind: 'system' },
  signal: new AbortController().signal,
  traceId: 'test',
  log: silentLog,
}
const key = 'sk-or-v1-0123456789abcdef'
const calls: [name: string, input: object, subject: string[]][] = [
  ['models_view', {}, []],
  ['models_add', { id: 'x/y' }, ['model:openrouter/x/y']],
  ['models_add', { provider: 'ollama', id: 'qwen3' }, ['model:ollama/qwen3']],
  ['models_set_default', { provider: 'ollama', model: 'qwen3' }, ['model:ollama/qwen3']],
  ['models_update', { id: 'x/y', price: { inputUsdPerMillion: 1, outputUsdPerMillion: 2 } }, ['model:*/x/y']],
  ['models_set_fallbacks', { fallbacks: [{ provider: 'ollama', id: 'qwen3' }] }, ['model:ollama/qwen3']],
  ['models_remove', { id: 'x/y' }, ['model:*/x/y']],
  ['secrets_set', { name: 'OPENROUTER_API_KEY', value: key }, ['secret:OPENROUTER_API_KEY']],
  ['secrets_delete', { name: 'OPENROUTER_API_KEY' }, ['secret:OPENROUTER_API_KEY']],
]

test('every tool answers in its own output schema, names what it touches, and never says a key', async (t) => {
  const models = setUpModels(t).open()
  const tools = [...modelTools(models), ...secretTools(models)]
  for (const [name, given, subject] of calls) {
    const tool = tools.find((candidate) => candidate.name === name) ?? assert.fail(name)
    const input = (tool.input as z.ZodObject).parse(given)
    const output: unknown = await tool.run(ctx, input)
    assert.deepEqual((tool.output as z.ZodType).parse(output), output, name)
    assert.deepEqual(await tool.subject(input, ctx), subject)
    assert.equal(JSON.stringify([output, await tool.subject(input, ctx)]).includes(key), false)
  }
  assert.deepEqual([...new Set(calls.map(([name]) => name))].sort(), tools.map((tool) => tool.name).sort())
})

test('no two tools have the same route', (t) => {
  const models = setUpModels(t).open()
  const routes = [...modelTools(models), ...secretTools(models)].map(({ http }) => `${http?.method} ${http?.path}`)
  assert.equal(new Set(routes).size, routes.length)
})
