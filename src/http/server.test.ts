// The server around the routes: sign-in, the page, the owner's socket, starting and stopping.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer, connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { MaestroError, Problem, defineTool, silentLog } from '#src/core/index.ts'
import { createHttp } from './create-http.ts'
import type { HttpDeps } from './ports.ts'
import { ask, bearer, goodCookie, open, readSse, startTestHttp } from './testing/index.ts'
import type { TestHttp } from './testing/index.ts'

const runId = `run_${'0'.repeat(26)}`

describe('the server', () => {
  let it: TestHttp
  let folder = ''
  const script = `console.log(${JSON.stringify('x'.repeat(5_000))})`

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maestro-http-'))
    await mkdir(join(folder, 'web', 'assets'), { recursive: true })
    await writeFile(
      join(folder, 'web', 'index.html'),
      '<!doctype html><style nonce="__CSP_NONCE__"></style><div id="root"></div>',
    )
    await writeFile(join(folder, 'web', 'assets', 'app-abc123.js'), script)
    await writeFile(join(folder, 'web', 'favicon.svg'), '<svg/>')
    await writeFile(join(folder, 'secret.txt'), 'canary')
    it = await startTestHttp({ staticDir: join(folder, 'web') })
    it.log.start(runId)
  })
  after(async () => {
    await it[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  describe('sign-in', () => {
    test('a good link sets a strict cookie and leads to the page; the same link again only says what to do', async () => {
      it.auth.codes.add('msc_1')
      const first = await ask(it.port, '/signin?code=msc_1', { headers: {} })
      assert.equal(first.status, 303)
      assert.equal(first.headers.location, '/')
      const cookie = first.headers['set-cookie']?.[0] ?? ''
      assert.match(cookie, /^maestro_session=mss_new; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
      assert.equal((await ask(it.port, '/api/v1/session', { headers: { cookie } })).status, 200)
      const again = await ask(it.port, '/signin?code=msc_1', { headers: {} })
      assert.equal(again.status, 401)
      assert.match(again.text, /maestro open/)
      assert.equal((await ask(it.port, '/signin?code=msc_1', { headers: { cookie } })).status, 303)
    })

    test('looking ahead does not use a link up', async () => {
      it.auth.codes.add('msc_2')
      assert.equal((await ask(it.port, '/signin?code=msc_2', { method: 'HEAD', headers: {} })).status, 204)
      assert.equal((await ask(it.port, '/signin?code=msc_2', { headers: { 'sec-purpose': 'prefetch' } })).status, 204)
      assert.equal((await ask(it.port, '/signin?code=msc_2', { headers: {} })).status, 303)
    })

    test('the cookie is Secure where the page is https', async () => {
      await using secure = await startTestHttp({
        config: { host: '127.0.0.1', port: 0, authMode: 'on', publicUrl: 'https://m.example' },
      })
      secure.auth.codes.add('msc_3')
      const { headers } = await ask(secure.port, '/signin?code=msc_3', { headers: { host: 'm.example' } })
      assert.match(headers['set-cookie']?.[0] ?? '', /; Secure$/)
    })

    test('says who is signed in, and signs out', async () => {
      it.auth.sessions.add('mss_leaving')
      const headers = { cookie: 'maestro_session=mss_leaving' }
      assert.deepEqual((await ask(it.port, '/api/v1/session', { headers })).json(), {
        actor: { kind: 'browser', sessionId: 'mss_leaving' },
        version: '0.0.0-test',
        nodeName: 'test-node',
        dataDir: 'data',
      })
      const out = await ask(it.port, '/api/v1/session/signout', { method: 'POST', headers })
      assert.match(out.headers['set-cookie']?.[0] ?? '', /Max-Age=0/)
      assert.equal((await ask(it.port, '/api/v1/session', { headers })).status, 401)
    })
  })

  describe('the page', () => {
    const page = (path: string, headers = {}) => ask(it.port, path, { headers: { accept: 'text/html', ...headers } })

    test('is given for every route of its own, with a fresh nonce in text and policy', async () => {
      const nonces = new Set<string>()
      for (const path of ['/', '/runs/run_1', '/workflows/a.b', '/index.html']) {
        const { status, text, headers } = await page(path)
        assert.equal(status, 200, path)
        const nonce = /nonce="([\w-]{22})"/.exec(text)?.[1] ?? ''
        assert.ok(String(headers['content-security-policy']).includes(`style-src 'self' 'nonce-${nonce}';`), path)
        nonces.add(nonce)
      }
      assert.equal(nonces.size, 4)
    })

    test('files keep for ever when their name holds a hash, are checked again otherwise', async () => {
      const asset = await page('/assets/app-abc123.js')
      assert.equal(asset.text, script)
      assert.match(String(asset.headers['cache-control']), /immutable/)
      assert.equal(asset.headers['content-type'], 'text/javascript; charset=utf-8')
      const icon = await page('/favicon.svg')
      assert.equal(icon.headers['cache-control'], 'no-cache')
      assert.equal((await page('/favicon.svg', { 'if-none-match': icon.headers.etag })).status, 304)
    })

    test('files are sent compressed to who can read that', async () => {
      let response = await open(it.port, '/assets/app-abc123.js', { headers: { 'accept-encoding': 'gzip, br' } })
      for (const until = Date.now() + 3_000; response.headers['content-encoding'] !== 'br' && Date.now() < until;) {
        response.resume()
        response = await open(it.port, '/assets/app-abc123.js', { headers: { 'accept-encoding': 'gzip, br' } })
      }
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      assert.equal(brotliDecompressSync(Buffer.concat(chunks)).toString('utf8'), script)
    })

    test('no path leads out of the folder, or to a file that is not there', async () => {
      const paths = [
        '/../secret.txt',
        '/..%2fsecret.txt',
        '/%2e%2e/secret.txt',
        '/assets/../../secret.txt',
        '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
        '/....//secret.txt',
        '/%00secret.txt',
        '/secret.txt',
        '/assets/none.js',
        '//etc/passwd',
      ]
      for (const path of paths) {
        const { status, text } = await ask(it.port, path, { headers: {} })
        assert.ok(!text.includes('canary') && !text.includes('root:'), path)
        if (path.includes('assets/none') || path === '/secret.txt') assert.equal(status, 404, path)
      }
    })

    test('takes GET only', async () => {
      assert.equal((await ask(it.port, '/', { method: 'POST', headers: bearer })).status, 404)
    })

    test('when it is not built, says what to run, and is found once it is there', async () => {
      const dir = join(folder, 'later')
      await using other = await startTestHttp({ staticDir: dir })
      const { status, text } = await ask(other.port, '/', { headers: {} })
      assert.equal(status, 503)
      assert.match(text, /npm run build/)
      await mkdir(dir)
      await writeFile(join(dir, 'index.html'), 'built')
      const built = await ask(other.port, '/', { headers: {} })
      assert.equal(built.text, 'built')
      assert.equal(built.headers['cache-control'], 'no-cache')
    })
  })

  test('readiness names what is missing and nothing more', async () => {
    const health: HttpDeps['health'] = () =>
      Promise.resolve({
        ready: false,
        checks: [{ name: 'database', ok: false, detail: 'at /home/x' } as { name: string; ok: boolean }],
      })
    await using other = await startTestHttp({ health })
    const { status, text } = await ask(other.port, '/api/v1/ready', { headers: {} })
    assert.equal(status, 503)
    assert.equal(text, '{"ready":false,"checks":[{"name":"database","ok":false}]}')
  })

  test('a socket of the owner needs no Host, no sign-in, and may follow a hello line', async () => {
    const path = join(folder, 'owner.sock')
    const unix = createServer((socket) => {
      socket.once('data', (first: Buffer) => {
        const end = first.indexOf('\n') + 1
        assert.equal(first.subarray(0, end).toString('utf8'), 'hello\n')
        socket.pause()
        if (end < first.length) socket.unshift(first.subarray(end))
        it.http.trustSocket(socket)
        it.http.server.emit('connection', socket)
        socket.resume()
      })
    })
    unix.listen(path)
    await once(unix, 'listening')
    const viaSocket = (together: boolean) =>
      new Promise<string>((resolve, reject) => {
        const text = 'GET /api/v1/session HTTP/1.1\r\nHost: anything\r\nConnection: close\r\n\r\n'
        const socket: Socket = connect(path, () => {
          socket.write(together ? `hello\n${text}` : 'hello\n')
          if (!together) setImmediate(() => socket.write(text))
        })
        let got = ''
        socket.on('data', (chunk: Buffer) => (got += chunk.toString('utf8')))
        socket.on('close', () => resolve(got))
        socket.on('error', reject)
      })
    for (const together of [true, false]) {
      assert.match(
        await viaSocket(together),
        /200 OK[\s\S]*"actor":\{"kind":"owner","via":"socket"\}/,
        `together: ${together}`,
      )
    }
    unix.close()
  })

  test('a port in use is named, with who may hold it and a way out', async () => {
    const other = createHttp({ ...depsOf(it), config: { host: '127.0.0.1', port: it.port, authMode: 'on' } })
    await assert.rejects(other.listen(), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'conflict')
      assert.match(error.message, new RegExp(`port ${it.port} .*in use.*Maestro`))
      assert.match(error.hint ?? '', /PORT=\d+/)
      return true
    })
    await other.close()
  })

  test('an address that is not of this machine is invalid', async () => {
    const other = createHttp({ ...depsOf(it), config: { host: '192.0.2.1', port: 0, authMode: 'on' } })
    await assert.rejects(
      other.listen(),
      (error: unknown) => error instanceof MaestroError && error.code === 'invalid_input',
    )
    await other.close()
  })

  test('without sign-in it does not bind beyond loopback', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'maestro.local']) {
      assert.throws(
        () => createHttp({ ...depsOf(it), config: { host, port: 0, authMode: 'off' } }),
        /only loopback/,
        host,
      )
    }
  })

  test('with sign-in off everybody is the owner, and Host and Origin are still checked', async () => {
    await using trusting = await startTestHttp({ config: { host: '127.0.0.1', port: 0, authMode: 'off' } })
    assert.equal((await ask(trusting.port, '/api/v1/session', { headers: {} })).status, 200)
    assert.equal((await ask(trusting.port, '/api/v1/session', { headers: { host: 'evil.example' } })).status, 403)
    assert.equal((await ask(trusting.port, '/api/v1/session', { headers: { origin: 'null' } })).status, 403)
  })

  test('closing ends streams with a hint to come back, lets a request finish, and takes no new ones', async () => {
    const slow = Promise.withResolvers<unknown>()
    const called = Promise.withResolvers<void>()
    const other = await startTestHttp({
      tools: [slowTool],
      calls: { call: () => (called.resolve(), slow.promise) },
    })
    other.log.start(runId)
    const stream = await open(other.port, `/api/v1/runs/${runId}/events`)
    const under = ask(other.port, '/api/v1/slow')
    await called.promise
    const closed = other.http.close({ graceMs: 3_000 })
    let text = ''
    for await (const chunk of stream) text += String(chunk)
    assert.match(text, /retry: 1000\n: closing/)
    await assert.rejects(ask(other.port, '/api/v1/health'), /ECONNREFUSED/)
    slow.resolve({ done: true })
    assert.deepEqual((await under).json(), { done: true })
    const started = performance.now()
    await closed
    assert.ok(performance.now() - started < 1_000, 'closing waited for nothing')
  })

  test('closing is bounded although somebody holds on', async () => {
    const other = await startTestHttp({ tools: [slowTool], calls: { call: () => new Promise(() => undefined) } })
    other.log.start(runId)
    const stalled = await open(other.port, `/api/v1/runs/${runId}/events`)
    stalled.on('error', () => undefined).pause()
    const hung = ask(other.port, '/api/v1/slow').catch((error: unknown) => error)
    const idle = connect(other.port, '127.0.0.1').on('error', () => undefined)
    await once(idle, 'connect')
    const started = performance.now()
    await other.http.close({ graceMs: 100 })
    assert.ok(performance.now() - started < 1_000)
    assert.ok((await hung) instanceof Error)
  })

  test('HEAD of a stream answers and ends', async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const head = request(
        {
          host: '127.0.0.1',
          port: it.port,
          path: `/api/v1/runs/${runId}/events`,
          method: 'HEAD',
          headers: bearer,
          agent: false,
        },
        (response) => {
          response.resume()
          response.on('end', () => resolve(response.statusCode ?? 0))
        },
      )
      head.on('error', reject)
      head.end()
    })
    assert.equal(answer, 200)
    assert.equal(it.log.watches, 0)
  })

  test('a page that watches keeps its session by cookie alone', async () => {
    const response = await open(it.port, `/api/v1/runs/${runId}/events`, { headers: { cookie: goodCookie } })
    it.log.end(runId)
    const messages = []
    for await (const message of readSse(response)) messages.push(message.event)
    assert.deepEqual(messages, ['task', 'end'])
    assert.equal(
      Problem.parse((await ask(it.port, `/api/v1/runs/${runId}/events`, { headers: {} })).json()).code,
      'unauthenticated',
    )
  })
})

const slowTool = defineTool({
  name: 'slow',
  title: 'Slow',
  description: 'Slow.',
  effect: 'read',
  scope: 'slow:read',
  input: z.object({}),
  output: z.unknown(),
  http: { method: 'get', path: '/slow' },
  subject: () => [],
  run: () => Promise.resolve(null),
})

const depsOf = (it: TestHttp): HttpDeps => ({
  tools: [],
  calls: { call: () => Promise.resolve(null) },
  auth: it.auth,
  config: { host: '127.0.0.1', port: 0, authMode: 'on' },
  streams: it.log,
  staticDir: '/nonexistent',
  version: '0',
  about: { nodeName: 'n', dataDir: 'd' },
  log: silentLog,
  health: () => Promise.resolve({ ready: true, checks: [] }),
})
