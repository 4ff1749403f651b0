// A client of Maistro against the real server: its 18 paths with their shapes, its seven messages.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import type { Run, Workflow } from '#src/workflows/contract.ts'
import { viewExecution } from '#test/harness/execution-viewer.ts'
import { startServer, steps, type TestServer } from '#test/harness/server.ts'

/** What answers may have; which of it they must have is what is tested. */
interface Reply {
  readonly success?: boolean
  readonly error?: string
  readonly models?: string[]
  readonly availableModels?: string[]
  readonly defaultModel?: string
  readonly apiKey?: string
}
interface Row {
  readonly id: string
  readonly path: string
}

const base = { agent: 'fake', model: 'sample/violin' }
const isEnd = ({ type }: { type: string }) => type === 'end'

describe('the Maistro layer', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ auth: true })
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
  })

  async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; json: Reply }> {
    const response = await server.raw(method, path, body)
    return { status: response.status, json: (await response.json()) as Reply }
  }
  const ok = async <T = Reply>(method: string, path: string, body?: unknown): Promise<T> => {
    const { status, json } = await ask(method, path, body)
    assert.equal(status, 200, `${method} ${path}: ${JSON.stringify(json)}`)
    return json as T
  }
  const rows = (path: string): Promise<Row[]> => ok<Row[]>('GET', path)

  test('health is open, everything else needs sign-in, and says so in one sentence', async () => {
    const health = await fetch(`${server.url}/api/health`)
    assert.deepEqual([health.status, await health.json()], [200, { status: 'ok' }])
    for (const path of ['/api/configs', '/api/folders', '/api/mcp-servers', '/api/models']) {
      const response = await fetch(`${server.url}${path}`)
      const json = (await response.json()) as { error: string }
      assert.equal(response.status, 401)
      assert.deepEqual(Object.keys(json), ['error'])
    }
    const foreign = await fetch(`${server.url}/api/models`, { headers: { origin: 'https://evil.example' } })
    assert.equal(foreign.status, 403)
  })

  test('a configuration of a client is made under its own id, listed, replaced, moved and deleted', async () => {
    const config = {
      id: 'config-1700000000000',
      name: 'Report',
      path: 'reports',
      prompts: ['first', { text: 'second', mcpServerIds: [], model: 'openai/o3-mini-high' }],
      trigger: { enabled: false, configId: 'config-1700000000009', preserveSession: true },
      schedule: { enabled: true, frequency: 'monthly', time: '09:00', days: [], dayOfMonth: '31' },
      colour: 'a field of its own',
    }
    const saved = await ok('POST', '/api/configs', config)
    const expected = {
      ...config,
      prompts: [
        { text: 'first', mcpServerIds: [], model: null },
        { text: 'second', mcpServerIds: [], model: 'openai/o3-mini-high' },
      ],
    }
    assert.deepEqual(saved, { success: true, config: expected })
    assert.deepEqual(await ok('GET', '/api/configs?folderPath=reports'), [expected])
    assert.deepEqual(await ok('GET', '/api/configs?folderPath=report'), [])

    // What a Maistro client does not know stays, with its prompt, wherever the prompt goes.
    const {
      id: _id,
      version: _version,
      updatedAt: _updatedAt,
      ...workflow
    } = await server.api<Workflow>('GET', `/workflows/${config.id}`)
    await server.api('PUT', `/workflows/${config.id}`, {
      ...workflow,
      tags: ['kept'],
      maxCostUsd: 2,
      steps: workflow.steps.map((step, index) => ({ ...step, mode: 'plan', maxTurns: index + 7 })),
    })
    await ok('POST', '/api/configs', { ...expected, name: 'Renamed', prompts: expected.prompts.toReversed() })
    const after = await server.api<Workflow>('GET', `/workflows/${config.id}`)
    assert.deepEqual([after.name, after.tags, after.maxCostUsd], ['Renamed', ['kept'], 2])
    assert.deepEqual(
      after.steps.map(({ text, mode, maxTurns }) => [text, mode, maxTurns]),
      [
        ['second', 'plan', 8],
        ['first', 'plan', 7],
      ],
    )

    const moved = await ok('PUT', `/api/configs/${config.id}/move`, { folderPath: 'archive/old' })
    assert.equal(moved.success, true)
    assert.equal((await rows('/api/configs?folderPath=archive%2Fold'))[0]?.id, config.id)
    assert.equal((await ask('PUT', `/api/configs/${config.id}/move`, {})).status, 400)
    assert.equal((await ask('PUT', '/api/configs/config-none/move', { folderPath: 'a' })).status, 404)
    assert.deepEqual(await ok('DELETE', `/api/configs/${config.id}`), { success: true })
    assert.deepEqual(await ok('DELETE', `/api/configs/${config.id}`), { success: true })
    assert.deepEqual(await ok('DELETE', '/api/configs/..%2F..%2Fetc'), { success: true })
  })

  test('what cannot be a configuration is refused with every problem in words, and nothing is written', async () => {
    const before = await ok('GET', '/api/configs')
    const wrong = await ask('POST', '/api/configs', { id: '../../../X', name: ' ', prompts: [7], trigger: 'x' })
    assert.equal(wrong.status, 400)
    assert.deepEqual(Object.keys(wrong.json), ['error'])
    for (const field of ['id', 'name', 'prompts.0', 'trigger'])
      assert.match(wrong.json.error ?? '', new RegExp(`${field}: `))
    const empty = await ask('POST', '/api/configs', { id: 'config-2', name: 'X', path: 'a//b', prompts: [''] })
    assert.equal(empty.status, 400)
    assert.match(empty.json.error ?? '', /path: .*prompts\.0\.text: the prompt is empty|prompts\.0\.text: .*path: /)
    for (const body of [
      {},
      { id: 'N'.repeat(10_000), name: 'x', prompts: ['y'] },
      { id: 'a\0b', name: 'x', prompts: ['y'] },
    ])
      assert.equal((await ask('POST', '/api/configs', body)).status, 400)
    assert.deepEqual(await ok('GET', '/api/configs'), before)
  })

  test('folders are made, renamed with what is in them, and removed without losing anything', async () => {
    assert.deepEqual(await ok('POST', '/api/folders', { path: 'team/weekly' }), {
      success: true,
      folder: { name: 'weekly', path: 'team/weekly', parentPath: 'team', isFolder: true },
    })
    await ok('POST', '/api/configs', { id: 'config-f', name: 'In it', path: 'team/weekly', prompts: ['x'] })
    const paths = async () => (await rows('/api/folders')).map(({ path }) => path)
    assert.deepEqual(
      (await paths()).filter((path) => path.startsWith('team')),
      ['team', 'team/weekly'],
    )
    assert.deepEqual(await ok('PUT', '/api/folders/team%2Fweekly', { newPath: 'team/monthly' }), { success: true })
    assert.equal((await rows('/api/configs?folderPath=team/monthly')).length, 1)
    assert.deepEqual(await ok('DELETE', '/api/folders/team%2Fmonthly'), { success: true })
    assert.equal((await rows('/api/configs?folderPath=team')).length, 1)
    assert.equal((await ask('POST', '/api/folders', { path: '../x' })).status, 400)
    await ok('DELETE', '/api/configs/config-f')
  })

  test('values of an MCP server go in and come out masked; a mask that comes back changes nothing', async () => {
    const canary = 'canary-of-the-layer-0123456789'
    const row = {
      id: 'mcp-server-1700000000000',
      name: 'Search',
      command: 'npx',
      args: `-y "a server" --root '/x y'`,
      env: { SEARCH_KEY: canary },
      description: 'Looks things up',
      defaultEnabled: true,
    }
    const saved = await ok('POST', '/api/mcp-servers', row)
    const shown = { ...row, args: "-y 'a server' --root '/x y'", env: { SEARCH_KEY: '********' } }
    assert.deepEqual(saved, { success: true, mcpServer: shown })
    assert.deepEqual(await ok('POST', '/api/mcp-servers', { ...shown, name: 'Find' }), {
      success: true,
      mcpServer: { ...shown, name: 'Find' },
    })
    const listed = await ok('GET', '/api/mcp-servers')
    assert.deepEqual(listed, [{ ...shown, name: 'Find' }])
    assert.doesNotMatch(JSON.stringify(listed), /canary/)
    const own = await server.api<{ env: { isSet: boolean; hint: string }[] }>('GET', `/mcp-servers/${row.id}`)
    assert.deepEqual([own.env[0]?.isSet, own.env[0]?.hint], [true, canary.slice(-4)])
    const wrong = await ask('POST', '/api/mcp-servers', { name: 'X', command: ' ', env: { NEW: '********' } })
    assert.equal(wrong.status, 400)
    assert.match(wrong.json.error ?? '', /command: .*env\.NEW: /)
    assert.deepEqual(await ok('DELETE', `/api/mcp-servers/${row.id}`), { success: true })
    assert.deepEqual(await ok('DELETE', `/api/mcp-servers/${row.id}`), { success: true })
    assert.deepEqual(await ok('GET', '/api/mcp-servers'), [])
  })

  test('models are added, made the default and removed; the key goes in and never comes out', async () => {
    const first = await ok('GET', '/api/models')
    assert.deepEqual(first.apiKey, '')
    assert.equal(first.defaultModel, 'anthropic/claude-3.7-sonnet')
    const added = await ok('POST', '/api/models', { modelId: 'some/model:free' })
    assert.deepEqual(added, { success: true, models: [...(first.availableModels ?? []), 'some/model:free'] })
    assert.deepEqual(await ok('POST', '/api/models/default', { model: 'some/model:free' }), {
      success: true,
      defaultModel: 'some/model:free',
    })
    assert.equal((await ask('POST', '/api/models/default', { model: 'not/there' })).status, 400)
    assert.equal((await ask('DELETE', '/api/models/some%2Fmodel%3Afree')).status, 409)
    await ok('POST', '/api/models/default', { model: first.defaultModel })
    assert.deepEqual(await ok('DELETE', '/api/models/some%2Fmodel%3Afree'), {
      success: true,
      models: first.availableModels,
    })
    assert.equal((await ok('DELETE', '/api/models/not%2Fthere')).success, true)
    assert.equal((await ok('POST', '/api/models/apikey', { apiKey: 'sk-or-v1-canary-abcdef' })).success, true)
    assert.equal((await ok('POST', '/api/models/apikey', { apiKey: '********' })).success, true)
    const after = await ok('GET', '/api/models')
    assert.equal(after.apiKey, '********')
    const providers = (await server.api<{ providers: { id: string; keyHint: string }[] }>('GET', '/models')).providers
    assert.equal(providers.find(({ id }) => id === 'openrouter')?.keyHint, 'cdef')
    assert.equal((await ask('POST', '/api/models/apikey', { apiKey: '' })).status, 400)
  })

  test('every path is documented with an example, in the document and on its page', async () => {
    const document = await ok<{ paths: Record<string, Record<string, { tags: string[] }>> }>(
      'GET',
      '/api/v1/openapi.json',
    )
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { tags }]) => tags.includes('Maistro'))
        .map(([method]) => `${method} ${path}`),
    )
    assert.equal(documented.length, 18, documented.join(', '))
    const response = await server.raw('GET', '/api-docs')
    assert.match(await response.text(), /<h2 id="Maistro">/)
  })
})

describe('the Maistro WebSocket', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
  })

  const start = async (id: string): Promise<string> => {
    const response = await server.raw('POST', `/api/run/${id}`)
    const json = (await response.json()) as { success: boolean; message: string; runId: string }
    assert.equal(response.status, 200, JSON.stringify(json))
    assert.deepEqual(Object.keys(json).sort(), ['message', 'runId', 'success'])
    return json.runId
  }

  test('a run that was started with nobody watching runs, and a viewer who comes late is told all of it', async () => {
    const { id } = await server.createWorkflow({ ...base, name: 'Late', steps: steps('one', '[[stream 60 20]]') })
    const runId = await start(id)
    await server.until(runId, (run) => run.steps[1]?.status === 'running')
    using late = await viewExecution(server.url, `/ws/execution/${id}`)
    const told = await late.until(isEnd)
    const run = await server.ended(runId)
    assert.equal(run.status, 'succeeded')
    assert.deepEqual(
      told.filter(({ type }) => type !== 'output' && type !== 'connection'),
      [
        { type: 'start', promptIndex: 0, totalPrompts: 2, prompt: 'one' },
        { type: 'complete', promptIndex: 0 },
        { type: 'start', promptIndex: 1, totalPrompts: 2, prompt: '[[stream 60 20]]' },
        { type: 'complete', promptIndex: 1 },
        { type: 'end', message: 'Execution completed' },
      ],
    )
    assert.equal(late.text(), run.steps.map((step) => step.output).join(''))
    // Whoever lost the connection in the meantime asks for the run by name.
    using again = await viewExecution(server.url, `/ws/execution/${id}?runId=${runId}`)
    assert.deepEqual((await again.until(isEnd)).slice(1), told.slice(1))
  })

  test('two viewers are told the same; runs that start while they watch follow one after the other', async () => {
    const { id } = await server.createWorkflow({ ...base, name: 'Twice', steps: steps('[[stream 20 5]]') })
    using first = await viewExecution(server.url, `/ws/execution/${id}`)
    using second = await viewExecution(server.url, `/ws/execution/${id}`)
    await start(id)
    await start(id)
    const [told, same] = [await first.until(isEnd, 2), await second.until(isEnd, 2)]
    assert.deepEqual(told.slice(1), same.slice(1))
    assert.deepEqual(
      told.filter(({ type }) => type !== 'output').map(({ type }) => type),
      ['connection', 'start', 'complete', 'end', 'start', 'complete', 'end'],
    )
  })

  test('a run that fails is told as an error, then ends; what it said is text', async () => {
    const { id } = await server.createWorkflow({
      ...base,
      name: 'Fails',
      steps: steps('say <img src=x onerror=alert(1)> [[error auth]]'),
    })
    using viewer = await viewExecution(server.url, `/ws/execution/${id}`)
    await start(id)
    const told = await viewer.until(isEnd)
    const error = told.find(({ type }) => type === 'error')
    assert.match(String(error?.['message']), /\w/)
    assert.equal(told.at(-1)?.['message'], 'Execution ended: failed')
  })

  test('a triggered workflow goes on in the same socket', async () => {
    const next = await server.createWorkflow({ ...base, name: 'Next', steps: steps('and next') })
    const { id } = await server.createWorkflow({
      ...base,
      name: 'First',
      steps: steps('at first'),
      onSuccess: { workflowId: next.id, preserveSession: false, enabled: true },
    })
    using viewer = await viewExecution(server.url, `/ws/execution/${id}`)
    await start(id)
    const told = await viewer.until(isEnd)
    assert.deepEqual(
      told.flatMap(({ type, prompt }) => (type === 'start' ? [prompt] : [])),
      ['at first', 'and next'],
    )
    assert.equal(told.filter(isEnd).length, 1)
  })

  test('heartbeats are answered; an unknown workflow, a foreign page and a foreign run are refused before the upgrade', async () => {
    const { id } = await server.createWorkflow({ ...base, name: 'Beats', steps: steps('x') })
    using viewer = await viewExecution(server.url, `/ws/execution/${id}`)
    viewer.send({ type: 'heartbeat', configId: id })
    viewer.send('gibberish')
    viewer.send({ type: 'heartbeat', configId: id })
    const told = await viewer.until(({ type }) => type === 'heartbeat_ack', 2)
    assert.ok(!Number.isNaN(Date.parse(String(told.at(-1)?.['timestamp']))))
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' }
    const other = await server.run({ ...base, name: 'Other', steps: steps('x') })
    for (const [path, status] of [
      ['/ws/execution/not-there', 404],
      ['/ws/execution/..%2F..%2Fx', 404],
      [`/ws/execution/${id}?runId=${other.id}`, 404],
      [`/ws/execution/${id}?runId=zzz`, 400],
    ] as const) {
      assert.equal(await refusedUpgrade(server.url, path, upgrade), status, path)
    }
    assert.equal(
      await refusedUpgrade(server.url, `/ws/execution/${id}`, { ...upgrade, origin: 'https://evil.example' }),
      403,
    )
  })

  test('a restarted server goes on telling the run to whoever comes back', async () => {
    await using own = await startServer({ keepPort: true })
    const { id } = await own.createWorkflow({ ...base, name: 'Survives', steps: steps('[[stream 60 30]]') })
    const run = await own.startRun(id)
    {
      using viewer = await viewExecution(own.url, `/ws/execution/${id}`)
      await viewer.until(({ type }) => type === 'output', 3)
    }
    await own.kill()
    await own.restart()
    using back = await viewExecution(own.url, `/ws/execution/${id}`)
    await back.until(isEnd)
    const ended: Run = await own.ended(run.id)
    assert.equal(back.text(), ended.steps[0]?.output)
  })
})

/** The status with which a request to upgrade is refused. */
async function refusedUpgrade(url: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, {
      headers: { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'sec-websocket-version': '13', ...headers },
    })
      .on('response', (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      .on('upgrade', () => resolve(101))
      .on('error', reject)
      .end()
  })
}
