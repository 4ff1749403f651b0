// Two servers share the work through one PostgreSQL. One is killed with a run at work: the other goes on
// from the last recorded step, and what was left running on the first is ended by its own runner.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needsPostgres, type PostgresServer, startPostgres } from '#src/store/testing/index.ts'
import type { Run } from '#src/workflows/contract.ts'
import { marked, spokenText, startServer, steps, type TestServer } from '#test/harness/server.ts'

const base = { agent: 'fake', model: 'sample/violin' }

describe('two nodes on one PostgreSQL', needsPostgres(), () => {
  let postgres: PostgresServer
  let nodes: TestServer[]
  const open = new AsyncDisposableStack()
  before(async () => {
    postgres = open.use(await startPostgres())
    const databaseUrl = await postgres.createDatabase()
    const env = {
      DATABASE_URL: databaseUrl,
      MAESTRO_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      MAESTRO_LEASE_MS: '2000',
      MAESTRO_MAX_RUNS: '2',
    }
    nodes = await Promise.all(
      ['left', 'right'].map(async (name) => open.use(await startServer({ env: { ...env, MAESTRO_NODE_NAME: name } }))),
    )
  })
  after(() => open.disposeAsync())

  test('runs asked of one node are shared, and each node shows all of them', async () => {
    const [left, right] = nodes as [TestServer, TestServer]
    const workflow = await left.createWorkflow({ ...base, name: 'Shared', steps: steps('[[stream 10 30]]', 'two') })
    const started = await Promise.all(Array.from({ length: 6 }, () => left.startRun(workflow.id)))
    const runs = await Promise.all(started.map((run) => right.ended(run.id)))
    assert.deepEqual(new Set(runs.map((run) => run.status)), new Set(['succeeded']))
    const places = new Set<string | null>()
    for (const run of runs) {
      const task = await right.api<{ place: string | null }>('GET', `/tasks/${run.steps[0]?.attempts[0]?.turnId}`)
      places.add(task.place)
    }
    assert.equal(places.size, 2, 'both nodes worked')
  })

  test('a node killed in mid-step: the other goes on with the next attempt, every step recorded once', async () => {
    const [left, right] = nodes as [TestServer, TestServer]
    const workflow = await left.createWorkflow({
      ...base,
      name: 'Taken over',
      steps: steps('one', 'two', '[[stream 160 50]]', 'four'),
    })
    // Whoever has it is the one to kill.
    const { id } = await left.startRun(workflow.id)
    const midway = await right.until(id, (run) => run.steps[2]?.attempts[0] !== undefined)
    const turnId = midway.steps[2]?.attempts[0]?.turnId ?? ''
    const owner = await nodeOf(turnId, nodes)
    const other = nodes.find((node) => node !== owner) as TestServer
    await other.until(id, () => true)
    const recordedBefore = (await other.events(id)).filter((event) => event.body.type === 'step.ended').length
    assert.equal(recordedBefore, 2)
    const killedAt = Date.now()
    await owner.kill()
    const taken = await other.until(id, (run) => (run.steps[2]?.attempts.length ?? 0) > 1, 40_000)
    const tookMs = Date.now() - killedAt
    assert.ok(tookMs < 20_000, `took over after ${tookMs} ms`)
    assert.equal(taken.steps[2]?.attempts[0]?.status, 'interrupted')
    assert.deepEqual(await marked([turnId]), [], 'its runner had ended it before')
    const run = await other.ended(id, 60_000)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    const events = await other.events(id)
    for (const step of run.steps) {
      const recorded = events.filter((event) => event.body.type === 'step.ended' && event.body.index === step.index)
      assert.equal(recorded.length, 1)
      const turn = step.attempts.find((attempt) => attempt.status === 'succeeded')
      assert.equal(spokenText(events.filter((event) => event.taskId === turn?.turnId)), step.output)
    }
    await owner.restart()
    const again = await owner.api<Run>('GET', `/runs/${id}`)
    assert.equal(again.status, 'succeeded', 'the killed node sees the same when it is back')
  })

  test('the database goes away and comes back: nothing acknowledged is lost', async () => {
    const [left] = nodes as [TestServer]
    const workflow = await left.createWorkflow({ ...base, name: 'Outage', steps: steps('[[stream 60 50]]', 'two') })
    const { id } = await left.startRun(workflow.id)
    await left.until(id, (run) => run.steps[0]?.status === 'running')
    await postgres.stop()
    const refused = await left.raw('POST', `/api/v1/workflows/${workflow.id}/runs`, {})
    assert.equal(refused.status, 503)
    assert.equal(((await refused.json()) as { code: string }).code, 'unavailable')
    await postgres.start()
    const run = await untilBack(left, id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  })
})

/** The server that runs a turn, told by who has its folder. */
async function nodeOf(turnId: string, nodes: readonly TestServer[]): Promise<TestServer> {
  const { existsSync } = await import('node:fs')
  const node = nodes.find((one) => existsSync(`${one.dataDir}/spool/${turnId}`))
  assert.ok(node !== undefined, 'one of the nodes has the run folder')
  return node
}

async function untilBack(server: TestServer, runId: string): Promise<Run> {
  const giveUpAt = Date.now() + 60_000
  for (;;) {
    const response = await server.raw('GET', `/api/v1/runs/${runId}`)
    const run = (await response.json()) as Run
    if (response.ok && ['succeeded', 'failed', 'waiting', 'interrupted'].includes(run.status)) return run
    assert.ok(Date.now() < giveUpAt, `still ${response.status} ${run.status}\n${server.log().slice(-3000)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
