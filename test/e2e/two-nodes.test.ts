// Two servers share the work through one PostgreSQL. One is killed with a run at work: the other goes on
// from the last recorded step, and what was left running on the first is ended by its own runner.
// `npm run bench failover` plays many more rounds of it.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needsPostgres, type PostgresServer, startPostgres } from '#src/store/testing/index.ts'
import type { Run } from '#src/workflows/contract.ts'
import { failoverRounds } from '#test/harness/failover-rounds.ts'
import { startServer, steps, type TestServer } from '#test/harness/server.ts'

const base = { agent: 'fake', model: 'sample/violin' }

test('a node killed at work: the other goes on, every step recorded once, no orphan', needsPostgres(), async () => {
  const report = await failoverRounds({ rounds: 3, seed: 3 })
  assert.deepEqual(report.problems, [])
  assert.equal(report.lost + report.repeated + report.orphans, 0)
  assert.ok(report.takeOverMaxMs < 20_000, `took over after ${report.takeOverMaxMs} ms`)
})

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
