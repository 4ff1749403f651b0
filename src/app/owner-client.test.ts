import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { MaestroError } from '#src/core/index.ts'
import { createOwnerClient, createRemoteClient, type OwnerClient } from './owner-client.ts'
import { connectOwner } from './owner-socket.ts'
import type { RuntimePlace } from './runtime-dir.ts'

const fakeOwner = fileURLToPath(new URL('./testing/fake-owner.ts', import.meta.url))

interface Setup {
  readonly dataDir: string
  readonly place: RuntimePlace
  readonly env: NodeJS.ProcessEnv
  start(...args: string[]): Promise<OwnerClient>
}

async function withFolder(work: (setup: Setup) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'm-cli-'))
  const dataDir = join(dir, 'data')
  const place = { xdgRuntimeDir: undefined, tmpDir: dir, uid: process.getuid?.() ?? 0 }
  const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: dir }
  delete env['XDG_RUNTIME_DIR']
  const start = (...args: string[]) =>
    createOwnerClient({ dataDir, version: '1.0.0', place, ensure: 'start', env, command: [fakeOwner, ...args] })
  try {
    await work({ dataDir, place, env, start })
  } finally {
    await stopOwner(dataDir, place)
    rmSync(dir, { recursive: true, force: true })
  }
}

async function stopOwner(dataDir: string, place: RuntimePlace): Promise<void> {
  if (!existsSync(dataDir)) return
  const client = await createOwnerClient({
    dataDir,
    version: 'any',
    place,
    anyVersion: true,
    ensure: 'must-run',
  }).catch((error: unknown) => {
    // Anything else would leave a process behind.
    if (error instanceof MaestroError && error.details?.['reason'] === 'not_running') return undefined
    throw error
  })
  if (client === undefined) return
  await client.request('POST', '/stop')
  client.close()
  await gone(client.owner.pid)
}

async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 500; i++) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`process ${pid} did not end`)
}

const lines = (path: string) => readFileSync(path, 'utf8').trim().split('\n')

test('eight clients at once end with one owner and eight answers', () =>
  withFolder(async ({ dataDir, start }) => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => start()))
    const answers = await Promise.all(clients.map((client) => client.request('GET', '/who')))
    for (const client of clients) client.close()
    assert.equal(lines(join(dataDir, 'owners')).length, 1)
    const pids = new Set(answers.map((answer) => (answer.json as { pid: number }).pid))
    assert.deepEqual([...pids], [Number(lines(join(dataDir, 'owners'))[0])])
    assert.equal(lines(join(dataDir, 'starts')).length, 1, 'only one of them started a process')
  }))

test('starts the owner without a task marker or the address of another node, so no sweep ends it', () =>
  withFolder(async ({ start, env }) => {
    for (const name of Object.keys(env)) if (name.startsWith('MAESTRO_')) delete env[name]
    Object.assign(env, { MAESTRO_RUN_ID: 'turn_x', MAESTRO_URL: 'https://far', MAESTRO_TOKEN: 't', KEPT: '1' })
    const client = await start()
    const { json } = await client.request('GET', '/env')
    client.close()
    const names = (json as { env: string[] }).env.filter((name) => /^(MAESTRO_|KEPT)/.test(name))
    assert.deepEqual(names, ['KEPT'])
  }))

test('starts a new owner after the old one was killed', () =>
  withFolder(async ({ start }) => {
    const first = await start()
    process.kill(first.owner.pid, 'SIGKILL')
    first.close()
    await gone(first.owner.pid)
    const second = await start()
    second.close()
    assert.notEqual(second.owner.pid, first.owner.pid)
  }))

test('reports a start that fails with its exit and its last log lines', () =>
  withFolder(async ({ dataDir, start }) => {
    await assert.rejects(
      start('--fail', 'port 3000 is taken'),
      (error) =>
        error instanceof MaestroError &&
        error.code === 'unavailable' &&
        /exit code 1; its last lines:\nport 3000 is taken/.test(error.message) &&
        (error.hint ?? '').includes(join(dataDir, 'logs', 'owner.log')),
    )
  }))

test('gives up on an owner that never answers, after the bound', () =>
  withFolder(async ({ dataDir, place }) => {
    // A program that ends well without ever listening: as if the folder stayed owned by a stuck process.
    const started = createOwnerClient({
      dataDir,
      version: '1.0.0',
      place,
      ensure: 'start',
      command: ['-e', '0', '--'],
      startTimeoutMs: 300,
    })
    await assert.rejects(
      started,
      (error) => error instanceof MaestroError && /did not answer in time/.test(error.message),
    )
  }))

test('must-run starts nothing', () =>
  withFolder(async ({ dataDir, place }) => {
    await assert.rejects(
      createOwnerClient({ dataDir, version: '1.0.0', place, ensure: 'must-run' }),
      (error) =>
        error instanceof MaestroError && error.code === 'unavailable' && error.hint === 'start it: maestro serve',
    )
    assert.equal(existsSync(dataDir), false)
  }))

test('sends requests over kept connections and reads streams from a cursor', () =>
  withFolder(async ({ start }) => {
    const client = await start()
    const answers = []
    for (let i = 0; i < 3; i++) answers.push((await client.request('PUT', `/n/${i}`, { a: 1 })).json)
    const events = []
    for await (const event of client.stream('/stream', { lastEventId: '6' })) events.push(event)
    await assert.rejects(
      async () => {
        for await (const _event of client.stream('/no-stream')) assert.fail('no event was due')
      },
      (error) => error instanceof MaestroError && error.details?.['status'] === 200,
    )
    client.close()
    assert.deepEqual(
      answers.map((answer) => (answer as { path: string }).path),
      ['/n/0', '/n/1', '/n/2'],
    )
    assert.deepEqual(events, [
      { id: '7', event: 'task', data: '{"after":"6"}' },
      { id: '7', event: 'end', data: '{}' },
    ])
  }))

test('says that the owner went away when it did', () =>
  withFolder(async ({ dataDir, place, start }) => {
    const client = await start()
    process.kill(client.owner.pid, 'SIGKILL')
    await gone(client.owner.pid)
    await assert.rejects(
      client.request('GET', '/who'),
      (error) => error instanceof MaestroError && error.code === 'unavailable',
    )
    client.close()
    assert.equal(await connectOwner({ dataDir, version: '1.0.0', place }), undefined)
  }))

test('speaks to a remote node with its token, below the path of its URL', async () => {
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    seen.push([request.method, request.url, request.headers.authorization])
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"code":"unauthenticated"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createRemoteClient({ url: `http://127.0.0.1:${port}/base/`, token: 'secret-token' })
  assert.deepEqual(await client.request('GET', '/api/v1/runs'), { status: 401, json: { code: 'unauthenticated' } })
  client.close()
  assert.deepEqual(seen, [['GET', '/base/api/v1/runs', 'Bearer secret-token']])
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

test('refuses a remote address or token that cannot work, without showing the token', () => {
  const bad: [string, string][] = [
    ['ftp://host', 'ok'],
    ['not a url', 'ok'],
    ['https://user:pass@host', 'ok'],
    ['https://host', ''],
    ['https://host', 'two\nlines'],
  ]
  for (const [url, token] of bad) {
    assert.throws(
      () => createRemoteClient({ url, token }),
      (error) => error instanceof MaestroError && error.code === 'invalid_input' && !error.message.includes('pass@'),
    )
  }
})
