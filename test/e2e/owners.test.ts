// Who owns a data folder, and what a start says that cannot be: ports, second servers, folders and
// configurations that are no good, servers that come and go by themselves, and signals.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import { readOwner } from '#src/store/index.ts'
import type { Run } from '#src/workflows/contract.ts'
import { type CommandResult, envOf, maestro } from '#test/harness/command.ts'
import { startServer, steps, type TestServer } from '#test/harness/server.ts'
import { mountSmallDisk, needsSmallDisk } from '#test/harness/small-disk.ts'

const base = { agent: 'fake', model: 'sample/violin' }

describe('a start that cannot be', () => {
  let home: string
  let env: Record<string, string>
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'maestro-start-'))
    env = envOf({ home, dataDir: join(home, 'data') })
  })
  after(() => rm(home, { recursive: true, force: true }))

  test('names the port that is taken and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, err } = await maestro(['serve'], { env: { ...env, PORT: String(port) } })
    other.close()
    assert.equal(code, 1)
    assert.match(err, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`))
    assert.match(err, new RegExp(`PORT=${port + 1}`))
    assert.equal(await readOwner(join(home, 'data')), undefined, 'nobody is left as its owner')
  })

  test('lists every problem of a configuration at once', async () => {
    const bad = { PORT: 'loud', MAESTRO_MAX_RUNS: '-1', MAESTRO_AUTH: 'maybe' }
    const { code, err } = await maestro(['serve'], { env: { ...env, ...bad } })
    assert.equal(code, 2)
    for (const [name, value] of Object.entries(bad)) {
      assert.ok(err.includes(name) && err.includes(JSON.stringify(value)), `${name} is not in: ${err}`)
    }
  })

  test('a configuration file that is no JSON is named, and left as it is', async () => {
    const dataDir = join(home, 'bad-config')
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'config.json'), '{ "port": 1')
    const { code, err } = await maestro(['serve'], { env: { ...env, MAESTRO_DATA_DIR: dataDir } })
    assert.equal(code, 2)
    assert.ok(err.includes(join(dataDir, 'config.json')), err)
    assert.deepEqual(await readdir(dataDir), ['config.json'])
  })

  test('a data folder that is a file is named as one', async () => {
    const file = join(home, 'file')
    await writeFile(file, 'mine')
    const { code, err } = await maestro(['serve'], { env: { ...env, MAESTRO_DATA_DIR: file } })
    assert.notEqual(code, 0)
    assert.match(err, /error: .*file.* is not a folder/)
    assert.match(err, /hint: .*MAESTRO_DATA_DIR/)
    assert.doesNotMatch(err, /EEXIST|ENOTDIR|\n\s+at /)
  })

  test('a data folder that cannot be written is named, new or old', { skip: needsSmallDisk() }, async () => {
    await using disk = await mountSmallDisk(1)
    const old = join(disk.folder, 'old')
    await mkdir(old)
    disk.makeReadOnly()
    for (const dataDir of [old, join(disk.folder, 'new')]) {
      for (const command of [['serve'], ['run', 'sample']]) {
        const { code, err } = await maestro(command, { env: { ...env, MAESTRO_DATA_DIR: dataDir } })
        assert.equal(code, 1, err)
        assert.ok(err.includes(dataDir), err)
        assert.match(err, /hint: .*MAESTRO_DATA_DIR/)
        assert.doesNotMatch(err, /\n\s+at /)
      }
    }
  })

  test('a secret key that others can read is refused, with the command that mends it', async () => {
    const dataDir = join(home, 'open-key')
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'secret.key'), `${Buffer.alloc(32, 1).toString('base64')}\n`)
    await chmod(join(dataDir, 'secret.key'), 0o644)
    const { code, err } = await maestro(['serve'], { env: { ...env, MAESTRO_DATA_DIR: dataDir } })
    assert.equal(code, 1)
    assert.match(err, /chmod 600 .*secret\.key/)
  })

  test('without HOME the folder of the user is found, or asked for', async () => {
    const { HOME: _, MAESTRO_DATA_DIR: __, ...homeless } = env
    const { code, err } = await maestro(['status'], { env: homeless })
    assert.ok(code === 5 || code === 0, err)
  })
})

describe('one owner', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(() => server[Symbol.asyncDispose]())

  test('a second server says where the first is, and leaves it alone', async () => {
    const second = await maestro(['serve'], { env: envOf(server) })
    assert.equal(second.code, 0, second.err)
    assert.ok(second.out.includes(`Maestro already runs at ${server.url} (pid ${server.pid})`), second.out)
    assert.match(second.out, /signin\?code=/)
    assert.equal((await server.raw('GET', '/api/v1/health')).status, 200)
  })

  test('eight servers at once after a kill -9: one owner, seven say where, and the run goes on', async () => {
    for (let round = 0; round < 2; round++) {
      const workflow = await server.createWorkflow({
        ...base,
        name: 'Goes on',
        steps: steps('[[stream 80 50]]', 'two'),
      })
      const { id } = await server.startRun(workflow.id)
      await server.until(id, (run) => run.lastSeq > 6)
      await server.kill()
      const children: ChildProcess[] = []
      const ends = Array.from({ length: 8 }, () =>
        maestro(['serve'], { env: envOf(server), timeoutMs: 60_000, onStart: (child) => children.push(child) }),
      )
      const told: CommandResult[] = []
      for (const end of ends) void end.then((result) => told.push(result)).catch(() => undefined)
      await until(() => told.length === 7, 'seven of the eight have ended')
      const owner = await readOwner(server.dataDir)
      assert.ok(owner?.url != null)
      for (const { code, out, err } of told) {
        assert.equal(code, 0, err)
        assert.ok(out.includes(`Maestro already runs at ${owner.url} (pid ${owner.pid})`), out)
      }
      const answer = await fetch(`${owner.url}/api/v1/runs/${id}?waitSec=30`)
      const run = (await answer.json()) as Run
      assert.equal(run.status, 'succeeded', JSON.stringify(run))
      assert.equal(run.steps[0]?.attempts.length, 1, 'its agent was not disturbed')
      const child = children.find(({ pid }) => pid === owner.pid)
      assert.ok(child !== undefined, 'the owner is one of the eight')
      child.kill('SIGTERM')
      await Promise.all(ends)
      assert.equal(child.exitCode, 0)
      await server.restart()
    }
  })
})

describe('an owner on demand', () => {
  let home: string
  let env: Record<string, string>
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'maestro-demand-'))
    env = { ...envOf({ home, dataDir: join(home, 'data') }), MAESTRO_IDLE_EXIT_SEC: '2' }
  })
  after(() => rm(home, { recursive: true, force: true }))

  test('a run starts one, which stays while it works and leaves when there is nothing to do', async () => {
    const waited = await maestro(['run', 'sample', '--wait', '30', '--json'], { env })
    assert.equal(waited.code, 0, waited.err)
    assert.equal((JSON.parse(waited.out) as Run).status, 'succeeded')
    const owner = await readOwner(join(home, 'data'))
    assert.ok(owner?.url != null, 'it was started')

    const input = { ...base, name: 'Outlasts', steps: steps('[[stream 20 10]] [[wait 4]] [[stream 5 5]]') }
    const made = await fetch(`${owner.url}/api/v1/workflows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    const { id } = (await made.json()) as { id: string }
    const started = await maestro(['run', id, '--json'], { env })
    const run = JSON.parse(started.out) as Run
    // Nobody is connected any more, for longer than it would be idle.
    await until(() => !isAlive(owner.pid), 'it left')
    const after = await maestro(['show', run.id, '--json'], { env })
    const ended = JSON.parse(after.out) as Run
    assert.equal(ended.status, 'succeeded')
    assert.equal(ended.steps[0]?.attempts.length, 1, 'the first owner saw it to its end')
    assert.ok((ended.endedAt ?? 0) - ended.createdAt > 4_000)
    const again = await readOwner(join(home, 'data'))
    assert.notEqual(again?.pid, owner.pid, 'showing it started another one')
    await until(() => !isAlive(again?.pid ?? 0), 'that one left too')
    assert.equal((await maestro(['status'], { env })).code, 5)
  })
})

describe('signals', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ env: { MAESTRO_MAX_RUNS: '3' } })
  })
  after(() => server[Symbol.asyncDispose]())

  async function threeAtWork(): Promise<string[]> {
    const workflow = await server.createWorkflow({ ...base, name: 'Works', steps: steps('[[stream 100 50]]') })
    const runs = await Promise.all(Array.from({ length: 3 }, () => server.startRun(workflow.id)))
    for (const { id } of runs) await server.until(id, (run) => run.lastSeq > 5)
    return runs.map((run) => run.id)
  }

  async function succeededOnce(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const run = await server.ended(id)
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
      assert.equal(run.steps[0]?.attempts.length, 1)
    }
  }

  test('SIGTERM with three runs at work: exit 0 within seconds, and the next start finds them', async () => {
    const ids = await threeAtWork()
    const at = performance.now()
    assert.equal(await server.stop(), 0, server.log())
    assert.ok(performance.now() - at < 4_000, `took ${Math.round(performance.now() - at)} ms`)
    await server.restart()
    await succeededOnce(ids)
  })

  test('a second SIGTERM ends at once a server that is kept from stopping', async () => {
    const ids = await threeAtWork()
    // A client in the middle of a request is given some seconds.
    const { port, hostname } = new URL(server.url)
    const client = connect(Number(port), hostname)
    client.on('error', () => undefined)
    client.write(`POST /api/v1/workflows HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\n`)
    client.write('Content-Length: 100\r\n\r\n{')
    await once(client, 'connect')
    assert.equal((await server.raw('GET', '/api/v1/health')).status, 200)
    process.kill(server.pid, 'SIGTERM')
    await until(() => server.log().includes('Stopping.'), 'it has seen the first')
    process.kill(server.pid, 'SIGTERM')
    assert.equal(await server.exited(1_000), 143)
    client.destroy()
    await server.restart()
    await succeededOnce(ids)
  })

  test('stopped for five seconds and continued: nothing is lost, nothing begins twice', async () => {
    const ids = await threeAtWork()
    process.kill(server.pid, 'SIGSTOP')
    await delay(5_000)
    process.kill(server.pid, 'SIGCONT')
    await succeededOnce(ids)
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean, what: string, timeoutMs = 40_000): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs
  while (!condition()) {
    assert.ok(Date.now() < giveUpAt, `not within ${timeoutMs} ms: ${what}`)
    await delay(25)
  }
}
