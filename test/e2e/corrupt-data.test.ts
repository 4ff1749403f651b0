// Data that was damaged while the server was down: each damage has its own clear error or recovery, nothing
// is written over, and what the server says of itself stays true.

import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Run } from '#src/workflows/contract.ts'
import { envOf, maestro } from '#test/harness/command.ts'
import { marked, startServer, steps, type TestServer } from '#test/harness/server.ts'

const base = { agent: 'fake', model: 'sample/violin' }

describe('damage found at a start', () => {
  let server: TestServer
  const file = (name: string) => join(server.dataDir, name)
  before(async () => {
    server = await startServer()
  })
  after(() => server[Symbol.asyncDispose]())

  async function problemOf(path: string): Promise<{ code: string; detail: string; hint?: string }> {
    const answer = await server.raw('GET', `/api/v1${path}`)
    assert.ok(!answer.ok, `${path} answered ${answer.status}`)
    return (await answer.json()) as { code: string; detail: string; hint?: string }
  }

  test('models.json and configs.json: named, kept, and the rest goes on', async () => {
    await server.api('PUT', '/models/default', { model: 'openai/gpt-4o-2024-11-20' })
    const workflow = await server.createWorkflow({ ...base, name: 'Before', steps: steps('x') })
    const run = await server.ended((await server.startRun(workflow.id)).id)
    const wholeModels = await readFile(file('models.json'), 'utf8')
    const wholeConfigs = await readFile(file('configs.json'), 'utf8')
    await server.stop()
    const damaged = { 'models.json': '{"defaultModel": 7', 'configs.json': '\u0000\u0001garbage' }
    for (const [name, text] of Object.entries(damaged)) await writeFile(file(name), text)
    await server.restart()
    for (const [path, name] of [
      ['/models', 'models.json'],
      ['/workflows', 'configs.json'],
    ] as const) {
      const problem = await problemOf(path)
      assert.equal(problem.code, 'corrupt_data')
      assert.ok(problem.detail.includes(name), problem.detail)
      assert.ok((problem.hint ?? '') !== '', `${path} says what to do`)
    }
    const put = await server.raw('PUT', '/api/v1/models/default', { model: 'openai/o3-mini-high' })
    assert.ok(!put.ok)
    assert.equal((await server.api<Run>('GET', `/runs/${run.id}`)).status, 'succeeded', 'history is there')
    assert.equal((await maestro(['doctor'], { env: envOf(server) })).code, 1)
    for (const [name, text] of Object.entries(damaged)) assert.equal(await readFile(file(name), 'utf8'), text)
    await writeFile(file('models.json'), wholeModels)
    await writeFile(file('configs.json'), wholeConfigs)
    assert.equal((await server.raw('GET', '/api/v1/models')).status, 200, 'mended without a restart')
    assert.equal((await server.raw('GET', '/api/v1/workflows')).status, 200)
  })

  test('owner.json and owner.socket full of garbage are as good as none', async () => {
    await server.kill()
    await writeFile(file('owner.json'), '{"pid": "one"')
    await writeFile(file('owner.socket'), '/nowhere\u0000/at all\n')
    await server.restart()
    assert.equal((await maestro(['status'], { env: envOf(server) })).code, 0)
  })

  test('an empty node-id: the run that was at work is not left running for ever', async () => {
    const workflow = await server.createWorkflow({ ...base, name: 'Whose', steps: steps('[[stream 60 50]]') })
    const { id } = await server.startRun(workflow.id)
    await server.until(id, (run) => run.lastSeq > 5)
    await server.kill()
    const nodeId = await readFile(file('node-id'), 'utf8')
    assert.notEqual(nodeId, '')
    await writeFile(file('node-id'), '')
    await server.restart()
    const run = await server.ended(id, 40_000)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.steps[0]?.attempts.length, 1, 'its own agent was found')
    assert.equal(await readFile(file('node-id'), 'utf8'), nodeId)
  })

  test('a run folder that is gone at the restart: the turn was cut off, and runs again', async () => {
    const { id, turnId } = await atWork('Gone')
    await server.kill()
    await rm(file(join('spool', turnId)), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    await server.restart()
    const run = await server.ended(id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.steps[0]?.attempts[0]?.status, 'interrupted')
    assert.equal(run.steps[0].attempts.length, 2)
    assert.deepEqual(await marked([turnId]), [], 'nothing of the first attempt is left running')
  })

  test('a run folder with garbage in it at the restart: never a success that was none', async () => {
    const { id, turnId } = await atWork('Garbled')
    await server.kill()
    for (const generation of (await readdir(file(join('spool', turnId)))).filter((name) => name.startsWith('g'))) {
      for (const name of ['claim', 'rc', 'group', 'limits', 'why'])
        await writeFile(file(join('spool', turnId, generation, name)), '\u0000\u00ff not of ours\n')
    }
    await server.restart()
    const run = await server.ended(id, 40_000)
    assert.notEqual(run.steps[0]?.attempts[0]?.status, 'succeeded')
    assert.ok(['succeeded', 'failed', 'interrupted', 'waiting'].includes(run.status), run.status)
    assert.deepEqual(await marked([turnId]), [], 'nothing of the first attempt is left running')
  })

  test('another secret.key, or none: refused by name, and nothing is changed', async () => {
    await server.api('PUT', '/secrets/OPENROUTER_API_KEY', { value: 'sk-or-v1-kept-0123456789' })
    await server.stop()
    const key = await readFile(file('secret.key'), 'utf8')
    await writeFile(file('secret.key'), `${Buffer.alloc(32, 3).toString('base64')}\n`, { mode: 0o600 })
    const replaced = await maestro(['serve'], { env: envOf(server) })
    assert.equal(replaced.code, 1)
    assert.match(replaced.err, /secret\.key.* is not the one/)
    await writeFile(file('secret.key'), 'short\n', { mode: 0o600 })
    const cut = await maestro(['serve'], { env: envOf(server) })
    assert.notEqual(cut.code, 0)
    assert.match(cut.err, /secret\.key holds \d+ bytes/)
    await rm(file('secret.key'))
    const gone = await maestro(['serve'], { env: envOf(server) })
    assert.equal(gone.code, 1)
    assert.match(gone.err, /secret\.key is missing/)
    await writeFile(file('secret.key'), key, { mode: 0o600 })
    await server.restart()
    const { items } = await server.api<{ items: { hint: string }[] }>('GET', '/secrets')
    assert.deepEqual(
      items.map((secret) => secret.hint),
      ['6789'],
    )
  })

  async function atWork(name: string): Promise<{ id: string; turnId: string }> {
    const workflow = await server.createWorkflow({ ...base, name, steps: steps('[[stream 60 50]]') })
    const { id } = await server.startRun(workflow.id)
    const run = await server.until(id, (one) => one.lastSeq > 5)
    return { id, turnId: run.steps[0]?.attempts[0]?.turnId ?? assert.fail('it has a turn') }
  }
})
