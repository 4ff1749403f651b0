// What may come in at all, sent as raw requests.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { defineTool } from '#src/core/index.ts'
import { guardRules } from './guards.ts'
import { ask, askRaw, bearer, goodCookie, postJson, startTestHttp } from './testing/index.ts'
import type { TestHttp } from './testing/index.ts'

const write = defineTool({
  name: 'thing_write',
  title: 'Write',
  description: 'Writes.',
  effect: 'write',
  scope: 'things:write',
  input: z.object({ text: z.string().optional() }),
  output: z.null(),
  http: { method: 'post', path: '/things' },
  subject: () => [],
  run: () => Promise.resolve(null),
})

const runId = `run_${'0'.repeat(26)}`

describe('guards', () => {
  let it: TestHttp
  let called = 0

  before(async () => {
    it = await startTestHttp({ tools: [write], calls: { call: () => Promise.resolve(called++) } })
    it.log.start(runId)
    it.log.end(runId)
  })
  after(() => it[Symbol.asyncDispose]())

  const upgrade = (headers: Record<string, string>) => {
    const lines = Object.entries({ Host: `127.0.0.1:${it.port}`, Authorization: bearer.authorization, ...headers })
    const key =
      'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
    return askRaw(
      it.port,
      `GET /ws/runs/${runId} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}${key}\r\n`,
    )
  }

  test('refuses foreign Host headers on every path, health too', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${it.port}`,
      '127.0.0.1',
      `127.0.0.1:${it.port + 1}`,
      `127.0.0.1.evil.example:${it.port}`,
      `localhost.:${it.port}`,
    ]) {
      for (const path of ['/', '/api/v1/health', '/api/v1/session', `/api/v1/runs/${runId}/events`, '/signin?code=x']) {
        const { status } = await ask(it.port, path, { headers: { ...bearer, host } })
        assert.equal(status, 403, `${host} ${path}`)
      }
    }
  })

  test('answers to the loopback names with its own port', async () => {
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const { status } = await ask(it.port, '/api/v1/health', { headers: { host: `${host}:${it.port}` } })
      assert.equal(status, 200, host)
    }
  })

  test('refuses foreign and null origins with good credentials, and does not call the tool', async () => {
    const before = called
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${it.port + 1}`,
      `https://127.0.0.1:${it.port}`,
      '',
    ]) {
      for (const credentials of [bearer, { cookie: goodCookie }]) {
        const headers = { ...credentials, origin, 'content-type': 'application/json' }
        const { status, headers: answered } = await ask(it.port, '/api/v1/things', {
          method: 'POST',
          headers,
          body: '{}',
        })
        assert.equal(status, 403, origin)
        assert.equal(answered['access-control-allow-origin'], undefined)
        assert.equal(
          (await ask(it.port, `/api/v1/runs/${runId}/events`, { headers: { ...credentials, origin } })).status,
          403,
        )
      }
    }
    assert.equal(called, before)
  })

  test("lets the page's own origin write", async () => {
    const headers = {
      cookie: goodCookie,
      origin: `http://localhost:${it.port}`,
      host: `localhost:${it.port}`,
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
    }
    assert.equal((await ask(it.port, '/api/v1/things', { method: 'POST', headers, body: '{}' })).status, 200)
  })

  test('refuses a preflight: there is no CORS', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const { status, headers: answered } = await ask(it.port, '/api/v1/things', { method: 'OPTIONS', headers })
    assert.equal(status, 403)
    assert.ok(!Object.keys(answered).some((name) => name.startsWith('access-control-')))
  })

  test('refuses a form post, a text post and a multipart post', async () => {
    const before = called
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/jsonx',
    ]) {
      for (const body of ['text=1', '']) {
        const headers = { cookie: goodCookie, 'content-type': type }
        assert.equal((await ask(it.port, '/api/v1/things', { method: 'POST', headers, body })).status, 415, type)
      }
      const headers = { cookie: goodCookie, 'content-type': type, origin: 'https://evil.example' }
      assert.equal((await ask(it.port, '/api/v1/things', { method: 'POST', headers, body: 'text=1' })).status, 403)
    }
    assert.equal(called, before)
  })

  test('refuses what a page on another site or another port makes a browser fetch', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = {
        cookie: goodCookie,
        'sec-fetch-site': site,
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'image',
      }
      for (const path of ['/', '/api/v1/session', `/api/v1/runs/${runId}/events`]) {
        assert.equal((await ask(it.port, path, { headers })).status, 403, `${site} ${path}`)
      }
    }
  })

  test('lets a person follow a link from elsewhere to the page, never to the API or into a frame', async () => {
    const visit = (path: string, dest: string) =>
      ask(it.port, path, {
        headers: {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': dest,
          accept: 'text/html',
        },
      })
    assert.notEqual((await visit('/runs/1', 'document')).status, 403)
    assert.equal((await visit('/api/v1/session', 'document')).status, 403)
    assert.equal((await visit('/API/v1/session', 'document')).status, 403)
    assert.equal((await visit('/', 'iframe')).status, 403)
  })

  test('refuses WebSocket upgrades of foreign pages and of nobody', async () => {
    const statusOf = async (headers: Record<string, string>) => (await upgrade(headers)).split('\r\n')[0]
    assert.match((await statusOf({})) ?? '', /101/)
    assert.match((await statusOf({ Origin: 'https://evil.example' })) ?? '', /403/)
    assert.match((await statusOf({ Origin: 'null' })) ?? '', /403/)
    assert.match((await statusOf({ Host: 'evil.example' })) ?? '', /403/)
    assert.match((await statusOf({ 'Sec-Fetch-Site': 'cross-site' })) ?? '', /403/)
    assert.match((await statusOf({ Authorization: 'Bearer no' })) ?? '', /401/)
  })

  test('refuses request targets that are not paths', async () => {
    const answer = await askRaw(
      it.port,
      `GET http://evil.example/api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:${it.port}\r\nConnection: close\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 400/)
  })

  test('asks for sign-in everywhere but at the open doors', async () => {
    for (const { method, path } of it.http.routes) {
      const isOpen = path.endsWith('/health') || path.endsWith('/ready')
      const { status } = await ask(it.port, path.replace(/\{\w+\}/g, runId), {
        method: method.toUpperCase(),
        headers: {},
      })
      assert.equal(status, isOpen ? 200 : 401, `${method} ${path}`)
    }
    for (const path of ['/api', '/api/', '/api/v1/nothing', '/api/v2/x', '/api-docs']) {
      assert.equal((await ask(it.port, path, { headers: {} })).status, 401, path)
    }
  })

  test('sends the security headers with every kind of answer, and no trace of CORS', async () => {
    const paths = [
      '/',
      '/signin?code=x',
      '/plain.css',
      '/api-docs',
      '/api/v1/health',
      '/api/v1/session',
      '/api/v1/nothing',
      `/api/v1/runs/${runId}/events`,
      '/assets/none.js',
    ]
    for (const path of paths) {
      for (const headers of [bearer, {}, { host: 'evil.example' }]) {
        const { headers: got } = await ask(it.port, path, { headers })
        assert.match(String(got['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/, path)
        assert.equal(got['x-content-type-options'], 'nosniff')
        assert.equal(got['referrer-policy'], 'no-referrer')
        assert.ok(got['x-request-id'])
        assert.ok(!Object.keys(got).some((name) => name.startsWith('access-control-')))
      }
    }
    assert.match(await askRaw(it.port, 'broken\r\n\r\n'), /400[\s\S]*Content-Security-Policy/)
  })

  test('a request may not choose a broken request id', async () => {
    const kept = await ask(it.port, '/api/v1/health', { headers: { 'x-request-id': 'abc-12345' } })
    assert.equal(kept.headers['x-request-id'], 'abc-12345')
    const made = await ask(it.port, '/api/v1/health', { headers: { 'x-request-id': 'a b<script>' } })
    assert.match(String(made.headers['x-request-id']), /^req_/)
  })

  test('posting JSON with a token is what works', async () => {
    assert.equal((await postJson(it.port, '/api/v1/things', { text: 'x' })).status, 200)
  })
})

test('a public address adds its host with and without the port', () => {
  const { hosts, origins } = guardRules({ host: '0.0.0.0', port: 3000, publicUrl: 'https://maestro.example.org' })
  assert.ok(hosts.has('maestro.example.org') && hosts.has('maestro.example.org:443') && hosts.has('127.0.0.1:3000'))
  assert.ok(origins.has('https://maestro.example.org') && !origins.has('http://maestro.example.org'))
  assert.ok(!hosts.has('0.0.0.0:3000'))
})
