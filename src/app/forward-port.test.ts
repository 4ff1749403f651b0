import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { connect, createServer as createNetServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MaestroError, silentLog } from '#src/core/index.ts'
import { type ForwardOptions, forwardPort } from './forward-port.ts'
import type { TcpHello } from './owner-hello.ts'
import { listenOwnerSocket, type Refusal } from './owner-socket.ts'
import type { RuntimePlace } from './runtime-dir.ts'

interface Setup {
  readonly hellos: TcpHello[]
  readonly problems: MaestroError[]
  readonly options: ForwardOptions
  listen(whyNot?: Refusal): Promise<AsyncDisposable>
}

async function withFolder(work: (setup: Setup) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'm-fwd-'))
  const dataDir = join(dir, 'data')
  mkdirSync(dataDir)
  const place: RuntimePlace = { xdgRuntimeDir: undefined, tmpDir: dir, uid: process.getuid?.() ?? 0 }
  const hellos: TcpHello[] = []
  const problems: MaestroError[] = []
  const http = createServer((incoming, response) => {
    incoming.pipe(response)
  })
  const listen = (whyNot?: Refusal) =>
    listenOwnerSocket({
      dataDir,
      version: '2.0.0',
      log: silentLog,
      place,
      onHttp: (socket) => http.emit('connection', socket),
      onTcp(socket, hello) {
        hellos.push(hello)
        http.emit('connection', socket)
      },
      whyNot: (hello) => (hello.maestro === 'tcp' ? whyNot : undefined),
    })
  const options: ForwardOptions = {
    dataDir,
    version: '1.0.0',
    place,
    ensure: 'must-run',
    host: '127.0.0.1',
    port: 0,
    profiles: ['core'],
    onProblem: (error) => problems.push(error),
  }
  try {
    await work({ hellos, problems, options, listen })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function post(url: string, body: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode, text }))
    })
    sent.on('error', reject).end(body)
  })
}

test('hands each connection to the owner with where it came in, whatever version the owner is', () =>
  withFolder(async ({ hellos, options, listen }) => {
    await using _owner = await listen()
    await using port = await forwardPort(options)
    const body = 'x'.repeat(3_000_000)
    assert.deepEqual(await post(`${port.url}/mcp`, body), { status: 200, text: body })
    const bound = Number(new URL(port.url).port)
    assert.deepEqual(hellos.at(-1), {
      maestro: 'tcp',
      version: '1.0.0',
      bind: { host: '127.0.0.1', port: bound },
      peer: '127.0.0.1',
      profiles: ['core'],
    })
  }))

test('outlives the owner: what comes while none answers is told to come again, then the next one serves', () =>
  withFolder(async ({ problems, options, listen }) => {
    const first = await listen()
    await using port = await forwardPort(options)
    assert.equal((await post(port.url, 'one')).text, 'one')
    await first[Symbol.asyncDispose]()
    assert.equal((await post(port.url, 'two')).status, 503)
    assert.match(problems[0]?.message ?? '', /no Maestro runs/)
    await using _second = await listen()
    assert.equal((await post(port.url, 'three')).text, 'three')
  }))

test('is refused with what the owner says is missing, and its port is free again', () =>
  withFolder(async ({ options, listen }) => {
    await using _owner = await listen({ error: 'it lacks sign-in', hint: 'turn it on' })
    const refused = await forwardPort(options).then(
      () => assert.fail('it was opened'),
      (thrown: unknown) => thrown,
    )
    assert.ok(refused instanceof MaestroError)
    assert.match(refused.message, /it lacks sign-in/)
    assert.equal(refused.hint, 'turn it on')
  }))

test('says that a port is in use before it looks for an owner', () =>
  withFolder(async ({ options }) => {
    const other = createNetServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    await assert.rejects(forwardPort({ ...options, port }), (error: MaestroError) => {
      assert.equal(error.code, 'conflict')
      assert.match(error.message, new RegExp(`port ${port} on 127.0.0.1 is in use`))
      return true
    })
    other.close()
  }))

test('ends the other half when one half is lost', () =>
  withFolder(async ({ options, listen }) => {
    await using _owner = await listen()
    await using port = await forwardPort(options)
    const socket: Socket = connect(Number(new URL(port.url).port), '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf')
    await once(socket, 'data')
    const closed = once(socket, 'close')
    socket.on('error', () => undefined)
    await _owner[Symbol.asyncDispose]()
    await closed
  }))
