import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, createServer as createNetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MaestroError, silentLog } from '#src/core/index.ts'
import type { Hello } from './owner-hello.ts'
import { connectOwner, listenOwnerSocket, socketPointer } from './owner-socket.ts'
import { type RuntimePlace, socketPath } from './runtime-dir.ts'

interface Setup {
  readonly dataDir: string
  readonly place: RuntimePlace
  readonly path: string
  readonly hellos: Hello[]
  listen(helloMs?: number): Promise<AsyncDisposable>
}

async function withFolder(work: (setup: Setup) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'm-own-'))
  const dataDir = join(dir, 'data')
  mkdirSync(dataDir)
  const place = { xdgRuntimeDir: undefined, tmpDir: dir, uid: process.getuid?.() ?? 0 }
  const hellos: Hello[] = []
  const http = createServer((request, response) => response.end(`answer to ${request.url}`))
  const listen = (helloMs = 5_000) =>
    listenOwnerSocket({
      dataDir,
      version: '1.0.0',
      log: silentLog,
      place,
      helloMs,
      url: () => 'http://127.0.0.1:3000',
      onHttp: (socket, hello) => {
        hellos.push(hello)
        http.emit('connection', socket)
      },
    })
  try {
    await work({ dataDir, place, hellos, listen, path: socketPath(dataDir, place) })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Sends bytes as they are; everything that comes back until the other side ends. */
function talk(path: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ path })
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('end', () => {
      socket.end()
      resolve(answer)
    })
    socket.on('error', reject)
    if (bytes !== '') socket.write(bytes)
  })
}

const hello = JSON.stringify({ maestro: 'http', version: '1.0.0', cwd: '/tmp' })

test('answers a hello with who it is, in a 0600 socket', () =>
  withFolder(async ({ dataDir, place, path, hellos, listen }) => {
    await using _listening = await listen()
    assert.equal(statSync(path).mode & 0o777, 0o600)
    const owner = await connectOwner({ dataDir, version: '1.0.0', place, cwd: '/somewhere', sshAuthSock: '/agent' })
    owner?.socket.destroy()
    assert.deepEqual(owner?.hello, { ok: true, version: '1.0.0', pid: process.pid, url: 'http://127.0.0.1:3000' })
    assert.deepEqual(hellos, [{ maestro: 'http', version: '1.0.0', cwd: '/somewhere', sshAuthSock: '/agent' }])
  }))

test('loses no byte of a request that comes in one piece with the hello', () =>
  withFolder(async ({ path, listen }) => {
    await using _listening = await listen()
    const answer = await talk(path, `${hello}\nGET /one HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    assert.match(answer, /^\{"ok":true[^\n]*\}\nHTTP\/1\.1 200 OK/)
    assert.match(answer, /answer to \/one$/)
  }))

test('refuses a first line that is no hello, by what is wrong with it', () =>
  withFolder(async ({ path, hellos, listen }) => {
    await using _listening = await listen()
    const cases: [string, RegExp][] = [
      ['GET / HTTP/1.1\r\n\r\n', /did not begin with a hello line/],
      ['\0\x01\xff\n', /did not begin with a hello line/],
      ['[]\n', /did not begin with a hello line/],
      ['{"maestro":"mcp","version":"1.0.0","cwd":"/"}\n', /does not speak \\"mcp\\", only \\"http\\"/],
      ['{"maestro":"http","version":"1.0.0"}\n', /not valid: cwd/],
      [`${hello.slice(0, -1)},"x":"${'y'.repeat(4096)}"}\n`, /longer than 4096 bytes/],
      ['z'.repeat(20_000), /longer than 4096 bytes/],
    ]
    for (const [bytes, expected] of cases) {
      const answer = await talk(path, bytes)
      assert.match(answer, /^\{"ok":false,"error":".*","hint":".+"\}\n$/, bytes.slice(0, 40))
      assert.match(answer, expected)
    }
    assert.deepEqual(hellos, [])
  }))

test('refuses a client that is slow with its hello', () =>
  withFolder(async ({ path, listen }) => {
    await using _listening = await listen(40)
    assert.match(await talk(path, hello), /not complete in time/)
  }))

test('survives a client that goes away in the middle of its hello', () =>
  withFolder(async ({ dataDir, place, path, listen }) => {
    await using _listening = await listen()
    await new Promise<void>((resolve) => {
      const socket = connect({ path }, () => socket.write('{"maes', () => socket.destroy()))
      socket.on('close', () => resolve())
    })
    const owner = await connectOwner({ dataDir, version: '1.0.0', place })
    owner?.socket.destroy()
    assert.equal(owner?.hello.ok, true)
  }))

test('finds nobody before, after, and where only a dead owner left its socket', () =>
  withFolder(async ({ dataDir, place, path, listen }) => {
    const ask = () => connectOwner({ dataDir, version: '1.0.0', place })
    assert.equal(await ask(), undefined)
    await (await listen())[Symbol.asyncDispose]()
    assert.equal(await ask(), undefined)
    assert.equal(existsSync(path), false)
    assert.equal(existsSync(join(dataDir, socketPointer)), false)
    await abandonSocket(path)
    assert.equal(await ask(), undefined)
    await using _next = await listen()
    const owner = await ask()
    owner?.socket.destroy()
    assert.equal(owner?.hello.pid, process.pid)
  }))

/** Leaves a socket file that nobody listens on, as `kill -9` does: the file is linked elsewhere and put back. */
async function abandonSocket(path: string): Promise<void> {
  const { renameSync } = await import('node:fs')
  const server = createNetServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  renameSync(path, `${path}.kept`)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  renameSync(`${path}.kept`, path)
}

test('does not remove a file in its place that is no socket', () =>
  withFolder(async ({ path, listen }) => {
    writeFileSync(path, 'precious')
    await assert.rejects(listen(), (error) => error instanceof MaestroError && error.code === 'conflict')
    assert.equal(readFileSync(path, 'utf8'), 'precious')
  }))

test('is found by a client whose environment names another runtime folder', () =>
  withFolder(async ({ dataDir, place, listen }) => {
    await using _listening = await listen()
    const elsewhere = join(place.tmpDir, 'cron')
    mkdirSync(elsewhere)
    const owner = await connectOwner({ dataDir, version: '1.0.0', place: { ...place, tmpDir: elsewhere } })
    owner?.socket.destroy()
    assert.equal(owner?.hello.pid, process.pid)
  }))

test('refuses an owner of another version with the way to go on, unless any will do', () =>
  withFolder(async ({ dataDir, place, listen }) => {
    await using _listening = await listen()
    await assert.rejects(
      connectOwner({ dataDir, version: '2.0.0', place }),
      (error) =>
        error instanceof MaestroError &&
        error.code === 'conflict' &&
        /is version 1\.0\.0, this command is 2\.0\.0/.test(error.message) &&
        /maestro stop/.test(error.hint ?? ''),
    )
    const owner = await connectOwner({ dataDir, version: '2.0.0', place, anyVersion: true })
    owner?.socket.destroy()
    assert.equal(owner?.hello.version, '1.0.0')
  }))

test('reports an owner that accepts and stays silent, rather than waiting for ever or starting a second', () =>
  withFolder(async ({ dataDir, place, path }) => {
    const open: { destroy(): void }[] = []
    const server = createNetServer((socket) => void open.push(socket))
    await new Promise<void>((resolve) => server.listen(path, resolve))
    await assert.rejects(
      connectOwner({ dataDir, version: '1.0.0', place, helloMs: 40 }),
      (error) => error instanceof MaestroError && error.code === 'unavailable' && /said nothing/.test(error.message),
    )
    for (const socket of open) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }))

test('flushes an answer that is under way when it closes', () =>
  withFolder(async ({ path, listen }) => {
    const listening = await listen()
    const answer = talk(path, `${hello}\nGET /last HTTP/1.1\r\nhost: x\r\n\r\n`)
    const early = await Promise.race([answer, new Promise((resolve) => setImmediate(resolve, 'open'))])
    assert.equal(early, 'open')
    // The hello has been answered once a second connection got through.
    assert.match(await talk(path, 'x\n'), /"ok":false/)
    await listening[Symbol.asyncDispose]()
    assert.match(await answer, /answer to \/last/)
  }))
