// Model calls of the real Goose through the gateway: every wire, keys that stay with Maestro, money counted
// once and stopped in time, and a server that comes back while an agent works.

import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ModelCall, ProviderInfo, Spend } from '#src/llm/contract.ts'
import type { Run } from '#src/workflows/contract.ts'
import { gooseEnv, startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'
import { startStubModel, type StubModel } from '#test/stub-model/index.ts'

const base = { agent: 'goose', provider: 'openrouter' }
const shell = '{"command":"true"}'

describe('model calls of the real Goose', { skip: without('goose') }, () => {
  let stub: StubModel
  let server: TestServer
  const open = new AsyncDisposableStack()
  before(async () => {
    stub = open.adopt(await startStubModel(), (one) => one.close())
    server = open.use(await startServer({ env: gooseEnv(stub.url) }))
    for (const id of ['openai', 'anthropic', 'google', 'ollama']) {
      await server.api('PATCH', `/providers/${id}`, { baseUrl: stub.url })
      if (id !== 'ollama') await server.api('PATCH', `/providers/${id}`, { apiKey: `key-of-${id}-0123456789` })
    }
    const lab = { title: 'Lab', baseUrl: `${stub.url}/compatible/v1`, apiKey: 'key-of-lab-0123456789' }
    await server.api<ProviderInfo>('POST', '/providers', lab)
  })
  after(() => open.disposeAsync())

  const callsOf = async (run: Run): Promise<ModelCall[]> =>
    (await server.api<{ items: ModelCall[] }>('GET', `/runs/${run.id}/model-calls`)).items

  describe('every wire goes through, with its provider’s key and its own usage', () => {
    const wires: { provider: string; model: string; path: string; key: string | null; calledAs?: string }[] = [
      {
        provider: 'openrouter',
        model: 'stub/echo',
        path: '/api/v1/chat/completions',
        key: 'Bearer sk-or-v1-canary-0123456789abcdef',
      },
      {
        provider: 'openrouter',
        model: 'openai/o3-mini-high',
        path: '/api/v1/chat/completions',
        key: 'Bearer sk-or-v1-canary-0123456789abcdef',
        calledAs: 'openai/o3-mini',
      },
      { provider: 'openai', model: 'stub-chat', path: '/v1/chat/completions', key: 'Bearer key-of-openai-0123456789' },
      { provider: 'openai', model: 'gpt-5-mini', path: '/v1/responses', key: 'Bearer key-of-openai-0123456789' },
      { provider: 'anthropic', model: 'claude-stub', path: '/v1/messages', key: 'key-of-anthropic-0123456789' },
      {
        provider: 'google',
        model: 'gemini-stub',
        path: '/v1beta/models/gemini-stub:streamGenerateContent',
        key: 'key-of-google-0123456789',
      },
      { provider: 'ollama', model: 'qwen3', path: '/v1/chat/completions', key: null },
      {
        provider: 'lab',
        model: 'my-model',
        path: '/compatible/v1/chat/completions',
        key: 'Bearer key-of-lab-0123456789',
      },
    ]
    for (const { provider, model, path, key, calledAs } of wires) {
      test(`${provider} ${model}`, async () => {
        stub.reset()
        const run = await server.run({
          name: `${provider} ${model}`,
          agent: 'goose',
          provider,
          model,
          workingDir: server.home,
          steps: steps({ text: `[[tool shell ${shell}]] [[say done by ${model}]]`, mode: 'full' }),
        })
        assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
        assert.equal(run.steps[0]?.output, `done by ${model}`)
        const asked = stub.requests.map((request) => [request.path, request.model, request.key])
        assert.deepEqual(asked, [
          [path, calledAs ?? model, key],
          [path, calledAs ?? model, key],
        ])
        const calls = await callsOf(run)
        assert.deepEqual(
          calls.map((call) => [call.provider, call.model, call.status, call.httpStatus]),
          [
            [provider, model, 'ok', 200],
            [provider, model, 'ok', 200],
          ],
        )
        for (const call of calls) assert.ok((call.inputTokens ?? 0) > 0 && (call.outputTokens ?? 0) > 0)
        const input = calls.reduce((sum, call) => sum + (call.inputTokens ?? 0), 0)
        assert.equal(run.steps[0].usage?.inputTokens, input, 'the step’s usage is what the gateway counted')
      })
    }
  })

  test('the cost of three resumed steps is the sum of what each call cost', async () => {
    const run = await server.run({
      ...base,
      name: 'Bill',
      model: 'stub/echo',
      workingDir: server.home,
      steps: steps(
        '[[cost 0.25]] one',
        { text: `[[tool shell ${shell}]] [[cost 0.5]] two`, mode: 'full' },
        '[[cost 1]] three',
      ),
    })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.deepEqual(
      (await callsOf(run)).map((call) => [call.costUsd, call.costFrom]),
      [
        [0.25, 'provider'],
        [0.5, 'provider'],
        [0.5, 'provider'],
        [1, 'provider'],
      ],
    )
    assert.deepEqual(
      run.steps.map((step) => step.usage?.costUsd),
      [0.25, 1, 1],
    )
    assert.equal(run.usage?.costUsd, 2.25)
  })

  test('retries cost what they cost, and are in the run', async () => {
    const run = await server.run({
      ...base,
      name: 'Retry',
      model: 'stub/echo',
      fallbackModels: [{ provider: 'openrouter', model: 'stub/other' }],
      steps: steps({ text: '[[cost 0.5]] [[status-of stub/echo 429]] hello', maxRetries: 0 }),
    })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    const calls = await callsOf(run)
    assert.deepEqual(
      [...new Set(calls.map((call) => `${call.model} ${call.status} ${call.httpStatus}`))],
      ['stub/echo failed 429', 'stub/other ok 200'],
    )
    assert.equal(run.usage?.costUsd, 0.5)
  })

  test('a budget of 1.5 calls lets two calls through and stops before the third', async () => {
    const input = { ...base, model: 'stub/echo', maxCostUsd: 1.5, workingDir: server.home }
    stub.reset()
    const apart = await server.run({ ...input, name: 'Steps', steps: steps(...Array<string>(3).fill('[[cost 1]] go')) })
    assert.equal(apart.status, 'budget_exceeded')
    assert.equal(stub.requests.length, 2)
    assert.equal(apart.error?.kind, 'budget')
    assert.match(apart.error.message, /step 3 .*reached its budget of \$1\.50: \$2\.00 spent/)
    assert.match(apart.error.hint ?? '', /raise the budget of the workflow/)
    assert.equal(apart.steps[2]?.attempts[0]?.executed, 'no', 'its agent was not started')
    assert.equal(apart.usage?.costUsd, 2)

    stub.reset()
    const tools = `[[cost 1]] [[tool shell ${shell}]] [[tool shell ${shell}]] [[say never]]`
    const within = await server.run({ ...input, name: 'One step', steps: steps({ text: tools, mode: 'full' }) })
    assert.equal(within.status, 'budget_exceeded', JSON.stringify(within.error))
    assert.equal(stub.requests.length, 2)
    assert.equal(within.error?.kind, 'budget')
    assert.match(within.error.message, /reached its budget of \$1\.50: \$2\.00 spent/)
    assert.equal(within.usage?.costUsd, 2)
    assert.deepEqual(
      (await callsOf(within)).map((call) => call.status),
      ['ok', 'ok', 'refused'],
    )
  })

  test('a limit of tokens stops a run too', async () => {
    const run = await server.run({
      ...base,
      name: 'Tokens',
      model: 'stub/echo',
      maxTokens: 5,
      steps: steps('a prompt that is longer than that', 'never'),
    })
    assert.equal(run.status, 'budget_exceeded')
    assert.match(run.error?.message ?? '', /limit of 5 tokens/)
  })

  test('the general and the monthly budget hold for runs that name none; spend says who used what', async () => {
    await using own = await startServer({ env: gooseEnv(stub.url) })
    await own.api('PUT', '/budget', { monthlyUsd: null, perRunUsd: 0.5 })
    const input = { ...base, model: 'stub/echo', steps: steps('[[cost 0.75]] one', '[[cost 0.75]] two') }
    const general = await own.run({ ...input, name: 'General' })
    assert.equal(general.status, 'budget_exceeded')
    assert.match(general.error?.message ?? '', /budget of \$0\.50: \$0\.75 spent/)
    await own.api('PUT', '/budget', { monthlyUsd: 1, perRunUsd: null })
    const monthly = await own.run({ ...input, name: 'Monthly' })
    assert.equal(monthly.status, 'budget_exceeded')
    assert.match(monthly.error?.message ?? '', /monthly budget of \$1\.00: \$1\.50 spent/)
    const spend = await own.api<Spend>('GET', '/spend?days=7')
    assert.equal(spend.days.length, 7)
    assert.deepEqual([spend.today.costUsd, spend.month.costUsd, spend.days.at(-1)?.costUsd], [1.5, 1.5, 1.5])
    assert.deepEqual(
      spend.models.map(({ provider, model, calls, costUsd }) => [provider, model, calls, costUsd]),
      [['openrouter', 'stub/echo', 2, 1.5]],
    )
    const ids = new Set(spend.workflows.map(({ workflowId }) => workflowId))
    assert.deepEqual(ids, new Set([general.workflowId, monthly.workflowId]))
  })

  test('a server that is killed in mid-stream and comes back: the turn is interrupted, asked again, and answers', async () => {
    stub.reset()
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Restart',
      model: 'stub/echo',
      steps: steps('[[stream 40 100]]'),
    })
    const { id } = await server.startRun(workflow.id)
    await server.until(id, (run) => run.steps[0]?.attempts[0] !== undefined && stub.requests.length > 0)
    await server.kill()
    await server.restart()
    const run = await server.ended(id, 60_000)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.match(run.steps[0]?.output ?? '', /^word1 .*word40 $/)
    const statuses = (await callsOf(run)).map((call) => call.status)
    assert.equal(statuses[0], 'cut_off', `the call under way has no figures: ${statuses.join(', ')}`)
    assert.equal(statuses.at(-1), 'ok')
  })

  test('an agent that is still waiting when the server comes back goes on with the same token', async () => {
    stub.reset()
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Goes on',
      model: 'stub/echo',
      workingDir: server.home,
      steps: steps({
        text: `[[tool shell {"command":"until [ -e ${server.home}/go-on ]; do sleep 0.1; done"}]] [[say after the restart]]`,
        mode: 'full',
      }),
    })
    const { id } = await server.startRun(workflow.id)
    for (let settled = false; !settled;) {
      const { items } = await server.api<{ items: ModelCall[] }>('GET', `/runs/${id}/model-calls`)
      settled = items[0]?.status === 'ok'
    }
    await server.kill()
    await server.restart()
    await writeFile(join(server.home, 'go-on'), '')
    const run = await server.ended(id, 60_000)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.steps[0]?.attempts.length, 1, 'one attempt: the agent never noticed')
    assert.deepEqual(
      (await callsOf(run)).map((call) => call.status),
      ['ok', 'ok'],
    )
  })

  test('neither a key nor a provider’s address is in any file or process of an agent', async () => {
    const key = 'key-of-lab-0123456789'
    const workflow = await server.createWorkflow({
      name: 'Canary',
      agent: 'goose',
      provider: 'lab',
      model: 'my-model',
      workingDir: server.home,
      steps: steps({ text: '[[tool shell {"command":"sleep 1"}]] [[stream 20 40]]', mode: 'full' }, '[[say bye]]'),
    })
    const { id } = await server.startRun(workflow.id)
    const sightings = new Set<string>()
    let looks = 0
    for (let isOver = false; !isOver;) {
      for (const needle of [key, `${stub.url}/compatible`]) {
        for (const place of await placesWith(needle, server)) sightings.add(`${needle} in ${place}`)
      }
      looks += 1
      const { status } = await server.api<Run>('GET', `/runs/${id}`)
      isOver = status !== 'queued' && status !== 'running'
    }
    const ended = await server.ended(id)
    assert.equal(ended.status, 'succeeded', JSON.stringify(ended.error))
    for (const place of await placesWith(key, server)) sightings.add(`${key} in ${place}`)
    assert.deepEqual([...sightings], [])
    assert.ok(looks > 3, `looked ${looks} times`)
    assert.ok(
      stub.requests.some((request) => request.key === `Bearer ${key}`),
      'the provider got it',
    )
  })
})

/** Files of agents' roots and run folders, and command lines and environments of all processes but ours and the server's. */
async function placesWith(needle: string, server: TestServer): Promise<string[]> {
  const found: string[] = []
  for (const folder of ['roots', 'spool']) {
    const place = join(server.dataDir, folder)
    const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => [])
    // Run folders have pipes in them, whose reading would never end.
    for (const entry of entries.filter((one) => one.isFile())) {
      const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0))
      if (bytes.includes(needle)) found.push(`${folder}: ${entry.name}`)
    }
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid || Number(pid) === server.pid) continue
    for (const file of ['cmdline', 'environ']) {
      const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      if (text.includes(needle)) found.push(`/proc/${pid}/${file}`)
    }
  }
  return found
}
