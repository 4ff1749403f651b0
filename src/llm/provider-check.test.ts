// A test of a provider costs nothing and says in words what is wrong, whatever is wrong.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { systemClock } from '#src/core/index.ts'
import { createOutgoing } from './gateway/outgoing.ts'
import { createProviderCheck } from './provider-check.ts'
import { realKey, serve, type Upstream } from './testing/gateway.ts'
import { setUpModels } from './testing/setup.ts'

async function setUp(t: TestContext, upstream: Upstream) {
  const url = await serve(t, upstream)
  const models = setUpModels(t).open()
  const outgoing = createOutgoing({})
  t.after(() => outgoing[Symbol.dispose]())
  await models.createProvider({ title: 'Lab', baseUrl: `${url}/v1`, apiKey: realKey })
  return { url, models, check: createProviderCheck({ providers: models, outgoing, clock: systemClock }) }
}

test('a good answer says how many models there are and which', async (t) => {
  const seen: unknown[] = []
  const { check, url } = await setUp(t, (request, response) => {
    seen.push([request.method, request.url, request.headers.authorization])
    response.end('{"data":[{"id":"a"},{"id":"b/c"},{"id":"not an id"}]}')
  })
  const result = await check.test('lab', {})
  assert.deepEqual(
    [result.ok, result.url, result.httpStatus, result.message, result.models],
    [true, `${url}/v1/models`, 200, 'Lab answers, and offers 2 models', ['a', 'b/c']],
  )
  assert.deepEqual(seen, [['GET', '/v1/models', `Bearer ${realKey}`]])
})

test('OpenRouter is asked for the key’s state; what only speaks like it, for its models', async (t) => {
  let hasKeyRoute = true
  const { check, models, url } = await setUp(t, (request, response) => {
    if (request.url === '/api/v1/key' && hasKeyRoute) {
      response.end('{"data":{"usage":1.5,"limit_remaining":8.5}}')
    } else if (request.url === '/api/v1/models') response.end('{"data":[{"id":"a"}]}')
    else response.writeHead(404).end()
  })
  await models.updateProvider('openrouter', { baseUrl: url, apiKey: realKey })
  assert.equal(
    (await check.test('openrouter', {})).message,
    'The key works at OpenRouter: $1.50 used, $8.50 left of its limit',
  )
  hasKeyRoute = false
  assert.equal((await check.test('openrouter', {})).message, 'OpenRouter answers, and offers 1 model')
})

test('each status is explained with what to do, and the key is not repeated', async (t) => {
  let status = 200
  const { check } = await setUp(t, (_request, response) => {
    response.writeHead(status, { location: 'https://elsewhere.example/v1' })
    response.end(`{"error":{"message":"about ${realKey}:\\n  no"}}`)
  })
  for (const [given, message, hint] of [
    [401, /refused the key \(401\): about \[the key\]: no/, /valid key/],
    [402, /no credit left/, /add credit/],
    [403, /does not allow this/, /what the key may do/],
    [404, /nothing at http.*\/v1\/models \(404\)/, /base URL/],
    [429, /too many requests/, /wait/],
    [500, /answered 500/, /its side/],
    [302, /points to https:\/\/elsewhere\.example/, /no other address/],
  ] as const) {
    status = given
    const result = await check.test('lab', {})
    assert.equal(result.ok, false)
    assert.equal(result.httpStatus, given)
    assert.match(result.message, message)
    assert.match(result.hint ?? '', hint)
    assert.equal(JSON.stringify(result).includes(realKey), false)
  }
})

test('a web page, other JSON and a flood are told apart from a list', async (t) => {
  let body = ''
  const { check } = await setUp(t, (_request, response) => {
    if (body !== 'flood') response.end(body)
    else {
      const block = Buffer.alloc(1024 * 1024, 'x')
      const more = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    }
  })
  for (const [given, message] of [
    ['<!doctype html><p>hello', /a web page instead of a list of models/],
    ['{"data": 1}', /instead of a list of models/],
    ['', /not JSON/],
    ['flood', /more than 16 MB/],
  ] as const) {
    body = given
    const result = await check.test('lab', {})
    assert.equal(result.ok, false)
    assert.match(result.message, message)
  }
})

test('an address that cannot be reached is explained', async (t) => {
  const { check, url } = await setUp(t, (_request, response) => void response.end('{}'))
  const garbage = createTcpServer((socket) => socket.end('220 mail.example ready\r\n'))
  garbage.listen(0, '127.0.0.1')
  await once(garbage, 'listening')
  t.after(() => garbage.close())
  for (const [baseUrl, message, hint] of [
    ['http://127.0.0.1:1/v1', /nothing listens at 127\.0\.0\.1:1/, /start the server/],
    ['http://no-such-host.invalid/v1', /the name no-such-host\.invalid is not known/, /spelling/],
    [url.replace('http:', 'https:'), /does not speak TLS/, /http:\/\//],
    [`http://127.0.0.1:${(garbage.address() as AddressInfo).port}`, /not HTTP/, /https:\/\//],
  ] as const) {
    const result = await check.test('lab', { baseUrl, apiKey: 'typed-just-now' })
    assert.equal(result.ok, false)
    assert.equal(result.httpStatus, null)
    assert.match(result.message, message)
    assert.match(result.hint ?? '', hint)
  }
})

test('a stored key goes to the stored address alone; a typed one where it was typed for', async (t) => {
  const seen: unknown[] = []
  const other = await serve(t, (request, response) => {
    seen.push(request.headers.authorization)
    response.end('{"data":[]}')
  })
  const { check } = await setUp(t, (_request, response) => void response.end('{"data":[]}'))
  const refused = await check.test('lab', { baseUrl: `${other}/v1` })
  assert.match(refused.message, /stored key is only sent to the stored address/)
  assert.equal((await check.test('lab', { baseUrl: `${other}/v1`, apiKey: 'typed' })).ok, true)
  assert.deepEqual(seen, ['Bearer typed'])
})

test('the offered models come with context and price where they are told, and are kept', async (t) => {
  let asked = 0
  const { check, models, url } = await setUp(t, (request, response) => {
    asked += 1
    if (request.url?.startsWith('/v1beta') === true) {
      response.end(
        '{"models":[{"name":"models/g","displayName":"G","inputTokenLimit":9,"supportedGenerationMethods":["generateContent"]},{"name":"models/e","supportedGenerationMethods":["embedContent"]}]}',
      )
    } else {
      response.end(
        '{"data":[{"id":"a","name":"A","context_length":1000,"pricing":{"prompt":"0.000003","completion":"0.000015","input_cache_read":"0.0000003"}},{"id":"b","pricing":{"prompt":"-1","completion":"-1"}}]}',
      )
    }
  })
  const price = { inputUsdPerMillion: 3, outputUsdPerMillion: 15, cacheReadUsdPerMillion: 0.3 }
  const expected = [
    { id: 'a', name: 'A', contextTokens: 1000, price },
    { id: 'b', name: null, contextTokens: null, price: null },
  ]
  assert.deepEqual(await check.models('lab'), expected)
  assert.deepEqual(await check.models('lab'), expected)
  assert.equal(asked, 1)
  await models.updateProvider('google', { baseUrl: url, apiKey: realKey })
  assert.deepEqual(await check.models('google'), [{ id: 'g', name: 'G', contextTokens: 9, price: null }])
})
