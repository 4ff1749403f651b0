// Hostile requests against a real server with sign-in on, and a hunt for a secret through everything that
// was written.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { envOf, maestro } from '#test/harness/command.ts'
import { filesWith, modesIn } from '#test/harness/data-folder.ts'
import { root, startServer, steps, type TestServer } from '#test/harness/server.ts'

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

const base = { agent: 'fake', model: 'sample/violin' }
/** Routes for those who have not signed in yet. */
const openRoutes = new Set(['get /api/v1/health', 'get /api/v1/ready', 'get /api/health'])

describe('hostile requests', () => {
  let server: TestServer
  let token: string
  let readOnly: string
  let routes: { method: string; path: string; reads: boolean }[]
  const seen: string[] = []
  before(async () => {
    server = await startServer({ env: { MAESTRO_AUTH: 'on' } })
    const env = envOf(server)
    token = (await maestro(['token', 'create', 'all'], { env })).out.trim()
    readOnly = (await maestro(['token', 'create', 'reads', '--read-only'], { env })).out.trim()
    const document = JSON.parse((await ask('GET', '/api/v1/openapi.json', { token })).text) as {
      paths: Record<string, Record<string, { description?: string }>>
    }
    routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { description = '' }]) => ({
        method,
        path,
        reads: description.includes('Effect: read.'),
      })),
    )
    assert.ok(routes.length > 25, `the document has ${routes.length} routes`)
  })
  after(() => server[Symbol.asyncDispose]())

  /** As bytes on the wire: nothing is tidied up on the way. */
  function ask(
    method: string,
    path: string,
    options: { token?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
  ): Promise<Answer> {
    const { hostname, port } = new URL(server.url)
    const { token, body } = options
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...options.headers,
    }
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        answer.on('error', reject).on('end', () => {
          if ((answer.statusCode ?? 0) >= 400) seen.push(text)
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
        })
      })
      asked.on('error', reject)
      asked.end(body)
    })
  }

  const filled = (path: string) => path.replace(/\{\w+\}/g, 'run_00000000000000000000000000')

  test('every documented route refuses who has not signed in, and nobody else', async () => {
    for (const { method, path } of routes) {
      const isOpen = openRoutes.has(`${method} ${path}`)
      for (const headers of [{}, { authorization: 'Bearer mst_nonsense' }, { cookie: 'maestro_session=nonsense' }]) {
        const body = method === 'get' || method === 'delete' ? undefined : '{}'
        const { status } = await ask(method.toUpperCase(), filled(path), {
          headers,
          ...(body === undefined ? {} : { body }),
        })
        // After some wrong credentials the next ones are not even looked at for a while.
        const expected = isOpen ? [200] : Object.keys(headers).length === 0 ? [401] : [401, 429]
        assert.ok(expected.includes(status), `${method} ${path} answered ${status}`)
      }
    }
    for (const path of ['/api/v1/none', '/api', '/api/v2/runs', '/api-docs']) {
      assert.ok([401, 404].includes((await ask('GET', path)).status), path)
    }
  })

  test('a read-only token changes nothing, on any route', async () => {
    assert.equal((await ask('GET', '/api/v1/workflows', { token: readOnly })).status, 200)
    const before = (await ask('GET', '/api/v1/workflows', { token })).text
    const own = new Set(['post /api/v1/session/signout'])
    // Some reads are posted: tools of agents by name. What they may not do is compared at the end.
    for (const { method, path, reads } of routes) {
      if (method === 'get' || own.has(`${method} ${path}`)) continue
      const target = path.replace('{workflowId}', 'sample').replace('{name}', 'OPENROUTER_API_KEY')
      const inputs = ['{}', JSON.stringify({ name: 'x', steps: steps('x'), value: 'v', model: 'm', id: 'm' })]
      for (const body of inputs) {
        const answer = await ask(method.toUpperCase(), filled(target), {
          token: readOnly,
          ...(method === 'delete' ? {} : { body }),
        })
        assert.ok(
          [400, 403, 404, ...(reads ? [200] : [])].includes(answer.status),
          `${method} ${path} answered ${answer.status}: ${answer.text}`,
        )
      }
    }
    assert.equal((await ask('GET', '/api/v1/workflows', { token })).text, before)
    assert.equal((await ask('GET', '/api/v1/health')).status, 200, 'it was not stopped')
  })

  test('foreign hosts, origins and cross-site requests are refused before anyone is asked who they are', async () => {
    const own = new URL(server.url).host
    const cases: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: `evil.example:${new URL(server.url).port}` },
      { host: own, origin: 'http://evil.example' },
      { host: own, origin: 'null' },
      { host: own, origin: 'http://127.0.0.1:1' },
      { host: own, 'sec-fetch-site': 'cross-site' },
      { host: own, 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of cases) {
      for (const [method, path] of [
        ['POST', '/api/v1/workflows/sample/runs'],
        ['GET', '/api/v1/runs'],
      ] as const) {
        const { status } = await ask(method, path, { token, headers, ...(method === 'POST' ? { body: '{}' } : {}) })
        assert.equal(status, 403, `${method} with ${JSON.stringify(headers)} answered ${status}`)
      }
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
    ]) {
      const { status } = await ask('POST', '/api/v1/workflows/sample/runs', {
        token,
        body: '{}',
        headers: { 'content-type': type },
      })
      assert.equal(status, 415, type)
    }
  })

  test('bodies that are too large, too deep, polluting or no JSON are refused, and cost little', async () => {
    const post = (body: string, headers = {}) => ask('POST', '/api/v1/workflows', { token, body, headers })
    const large = await post(JSON.stringify({ name: 'x'.repeat(5_000_000) })).catch(String)
    // The connection is closed under a client that goes on sending.
    assert.ok(typeof large === 'string' ? /EPIPE|ECONNRESET/.test(large) : large.status === 413)
    assert.equal((await post(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)).status, 400)
    assert.equal((await post(`{"name":${'['.repeat(200_000)}`)).status, 400)
    for (const body of [
      '{"__proto__":{"polluted":true},"name":"x","steps":[{"id":"a","text":"x"}]}',
      '{"constructor":{"prototype":{"polluted":true}},"name":"x","steps":[{"id":"a","text":"x"}]}',
      '{"name":"x","steps":[{"id":"a","text":"x","__proto__":{"polluted":true}}]}',
      '[]',
      'null',
      '"text"',
      '{',
      '\u0000',
    ]) {
      assert.equal((await post(body)).status, 400, body)
    }
    assert.equal((await ask('GET', '/api/v1/runs?__proto__[x]=1&__proto__=2', { token })).status, 400)
    assert.equal((await ask('GET', '/api/v1/runs?limit=1e99', { token })).status, 400)
    assert.equal((await ask('GET', `/api/v1/runs?cursor=${'x'.repeat(4_000)}`, { token })).status, 400)
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })

  test('200 requests at once are all answered', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask('GET', '/api/v1/workflows', { token })))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  })

  test('clients that send a header a letter at a time do not keep others out', async () => {
    const { port, hostname } = new URL(server.url)
    const slow = Array.from({ length: 100 }, () => connect(Number(port), hostname).on('error', () => undefined))
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nX-a: ')
    const at = performance.now()
    assert.equal((await ask('GET', '/api/v1/health')).status, 200)
    assert.ok(performance.now() - at < 2_000)
    for (const socket of slow) socket.destroy()
  })

  test('request lines that are no HTTP, smuggled lengths and huge headers end with 4xx and a closed connection', async () => {
    const host = new URL(server.url).host
    const cases = [
      'NONSENSE\r\n\r\n',
      `GET http://evil.example/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      `POST /api/v1/workflows HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'y'.repeat(40_000)}\r\nConnection: close\r\n\r\n`,
      `GET /\u0000 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    ]
    for (const text of cases) {
      assert.match(await wire(server.url, text), /^HTTP\/1\.1 4\d\d /, JSON.stringify(text.slice(0, 80)))
    }
  })

  test('no refusal held a stack, or a path of the source', () => {
    assert.ok(seen.length > 100)
    for (const text of seen) {
      assert.ok(!text.includes(root) && !/\bat \S+ \(|node_modules|file:\/\//.test(text), text)
    }
  })
})

describe('a stored secret', () => {
  test('is nowhere in clear: not in files, the database, the log, the spool or a command line', async () => {
    const canary = 'sk-or-v1-CANARY-7d1f0c55aa9e4b1b'
    await using server = await startServer({ env: { MAESTRO_LOG_LEVEL: 'debug' } })
    const env = envOf(server)
    const commandLines: string[] = []
    const set = await maestro(['secrets', 'set', 'OPENROUTER_API_KEY'], {
      env,
      stdin: canary,
      onStart: () =>
        void promisify(execFile)('ps', ['-eww', '-o', 'args']).then(({ stdout }) => commandLines.push(stdout)),
    })
    assert.equal(set.code, 0, set.err)
    assert.ok(!(set.out + set.err).includes(canary))
    const failing = await server.run({
      ...base,
      name: 'Fails',
      steps: steps('[[tool shell {"command": "env"}]]', { text: '[[error auth]]', maxRetries: 0 }),
    })
    assert.equal(failing.status, 'failed')
    const running = await server.createWorkflow({ ...base, name: 'Holds it', steps: steps('[[stream 60 40]]') })
    const { id } = await server.startRun(running.id)
    await server.until(id, (run) => run.lastSeq > 5)
    commandLines.push((await promisify(execFile)('ps', ['-eww', '-o', 'args'])).stdout)
    // With a run at work: its spool is there.
    const during = await filesWith(server.dataDir, canary)
    await server.ended(id)
    assert.equal(await server.stop(), 0)
    const after = await filesWith(server.dataDir, canary)
    assert.deepEqual([...during, ...after], [])
    assert.ok(!server.log().includes(canary))
    assert.ok(!commandLines.some((lines) => lines.includes(canary)))
    await server.restart()
    const stored = await server.api<{ items: { hint: string }[] }>('GET', '/secrets')
    assert.deepEqual(
      stored.items.map((secret) => secret.hint),
      [canary.slice(-4)],
      'it was stored all the same',
    )
    for (const [path, mode] of await modesIn(server.dataDir)) {
      assert.equal(mode & 0o077, 0, `${path} has mode ${mode.toString(8)}`)
    }
  })
})

/** What a server answers to these bytes. */
function wire(url: string, text: string): Promise<string> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'))
    const timer = setTimeout(() => socket.destroy(), 5_000)
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer)
    })
  })
}
