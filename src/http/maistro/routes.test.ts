import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MaestroError, silentLog } from '#src/core/index.ts'
import { ask, postJson, startTestHttp } from '../testing/index.ts'
import { maistroRoutes } from './routes.ts'

const routes = maistroRoutes({ calls: { call: () => Promise.resolve(null) }, log: silentLog })

describe('the 18 paths of Maistro', () => {
  test('are these', () => {
    assert.deepEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted(), [
      'delete /api/configs/{id}',
      'delete /api/folders/{path}',
      'delete /api/mcp-servers/{id}',
      'delete /api/models/{modelId}',
      'get /api/configs',
      'get /api/folders',
      'get /api/health',
      'get /api/mcp-servers',
      'get /api/models',
      'post /api/configs',
      'post /api/folders',
      'post /api/mcp-servers',
      'post /api/models',
      'post /api/models/apikey',
      'post /api/models/default',
      'post /api/run/{id}',
      'put /api/configs/{id}/move',
      'put /api/folders/{path}',
    ])
  })

  for (const { method, path, params, query, body, success, examples } of routes) {
    test(`the example of ${method} ${path} is valid, going in and coming out`, () => {
      const [example] = examples ?? []
      assert.ok(example !== undefined)
      const known = { ...params?.shape, ...query?.shape, ...body?.schema.shape }
      assert.deepEqual(
        Object.keys(example.input).filter((name) => !(name in known)),
        [],
      )
      for (const schema of [params, query, body?.schema]) {
        if (schema !== undefined) assert.doesNotThrow(() => schema.parse(example.input))
      }
      assert.deepEqual(success.schema?.parse(example.output), example.output)
    })
  }
})

test('slashes in a path come encoded, and reach the tool decoded', async () => {
  const seen: unknown[] = []
  await using it = await startTestHttp({
    calls: { call: (_ctx, tool, input) => Promise.resolve(void seen.push([tool, input])) },
  })
  await ask(it.port, '/api/folders/a%2Fb%20c%25', { method: 'DELETE' })
  assert.deepEqual(seen, [['folder_delete', { path: 'a/b c%' }]])
  assert.equal((await ask(it.port, '/api/folders/a/b', { method: 'DELETE' })).status, 404)
})

test('every failure below these paths is one text, with the status of its kind; elsewhere it stays a Problem', async () => {
  const failures: Record<string, MaestroError> = {
    folder_list: new MaestroError('conflict', 'two of one name'),
    workflow_run: new MaestroError('not_ready', 'no key', { hint: 'enter one' }),
    folder_create: new MaestroError('invalid_input', 'not valid', { issues: [{ path: 'path', message: 'no ..' }] }),
  }
  await using it = await startTestHttp({
    calls: { call: (_ctx, tool) => Promise.reject(failures[tool] ?? new Error('secret words')) },
  })
  const listed = await ask(it.port, '/api/folders')
  assert.deepEqual(
    [listed.status, listed.json(), listed.headers['content-type']],
    [409, { error: 'two of one name' }, 'application/json'],
  )
  assert.deepEqual((await ask(it.port, '/api/run/x', { method: 'POST' })).json(), { error: 'no key; hint: enter one' })
  assert.deepEqual((await postJson(it.port, '/api/folders', { path: '../x' })).json(), {
    error: 'not valid; path: no ..',
  })
  const fault = await ask(it.port, '/api/models')
  assert.equal(fault.status, 500)
  assert.doesNotMatch(fault.text, /secret words/)
  assert.deepEqual(Object.keys((await ask(it.port, '/api/configs', { headers: {} })).json() as object), ['error'])
  assert.deepEqual(Object.keys((await ask(it.port, '/api/configs/x')).json() as object), ['error'])
  assert.match(String((await ask(it.port, '/api/else')).headers['content-type']), /problem\+json/)
  const form = await ask(it.port, '/api/folders', { method: 'POST', body: 'a=b' })
  assert.equal(form.status, 415)
})
