// Workflows and runs at the edges: as large as allowed, with hostile names, changed or deleted under a run,
// stopped at every moment, and more of them than may work at once.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import type { Run, RunSummary, Workflow } from '#src/workflows/contract.ts'
import { envOf, maestro } from '#test/harness/command.ts'
import { marked, startServer, steps, type TestServer } from '#test/harness/server.ts'

const base = { agent: 'fake', model: 'sample/violin' }

describe('runs at the edges', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ env: { MAESTRO_MAX_RUNS: '2' } })
  })
  after(() => server[Symbol.asyncDispose]())

  test('twenty runs at once with room for two: never more at work, all end, in the order they were asked for', async () => {
    const workflow = await server.createWorkflow({ ...base, name: 'Many', steps: steps('[[stream 3 20]]') })
    const started: Run[] = []
    for (let count = 0; count < 20; count++) started.push(await server.startRun(workflow.id))
    let most = 0
    for (;;) {
      const { items } = await server.api<{ items: RunSummary[] }>('GET', `/runs?workflowId=${workflow.id}&limit=50`)
      const running = items.filter((run) => run.status === 'running').length
      most = Math.max(most, running)
      if (running === 0 && items.every((run) => run.status !== 'queued')) break
      await delay(15)
    }
    assert.equal(most, 2)
    const ended = await Promise.all(started.map((run) => server.ended(run.id)))
    assert.deepEqual(new Set(ended.map((run) => run.status)), new Set(['succeeded']))
    const begun = ended.map((run) => run.startedAt ?? 0)
    assert.deepEqual(
      begun,
      begun.toSorted((a, b) => a - b),
    )
    // By the clock of the log itself: at no moment three.
    const moments = ended.flatMap((run) => [
      { at: run.startedAt ?? 0, change: 1 },
      { at: run.endedAt ?? 0, change: -1 },
    ])
    let atWork = 0
    for (const { change } of moments.toSorted((a, b) => a.at - b.at || a.change - b.change)) {
      atWork += change
      assert.ok(atWork <= 2, `${atWork} at once`)
    }
  })

  test('200 steps are taken, 201 refused; stopped on the way, the rest is skipped', async () => {
    const many = (count: number) => ({
      ...base,
      name: 'Long',
      steps: steps(...Array.from({ length: count }, () => '[[say x]]')),
    })
    const refused = await server.raw('POST', '/api/v1/workflows', many(201))
    assert.equal(refused.status, 400)
    const workflow = await server.createWorkflow(many(200))
    const { id } = await server.startRun(workflow.id)
    const midway = await server.until(id, (run) => run.stepsDone >= 10)
    assert.equal(midway.steps.length, 200)
    const stopped = await server.api<Run>('POST', `/runs/${id}/cancel`)
    assert.ok(stopped.stopRequestedAt !== null)
    const run = await server.ended(id)
    assert.equal(run.status, 'cancelled')
    assert.equal(run.steps.at(-1)?.status, 'skipped')
  })

  test('a prompt of 900 KB reaches the agent whole', async () => {
    const run = await server.run({ ...base, name: 'Large', steps: steps(`begin ${'ä'.repeat(450_000)} end`) }, 40_000)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.match(run.steps[0]?.output ?? '', /your prompt: 450010 characters/)
  })

  test('names of 500 odd characters are kept as they are, and run nothing', async () => {
    const folder = await readdir(server.dataDir)
    const odd = `$(touch x) \`touch x\` ; touch x ' " 🎼 ../../x %s ${'🎻'.repeat(500)}`.slice(0, 499)
    const name = odd.isWellFormed() ? odd : odd.slice(0, -1)
    const workflow = await server.createWorkflow({
      ...base,
      name,
      steps: steps({ text: '[[say x]]', name: '$(touch x)' }),
    })
    assert.equal(workflow.name, name)
    const run = await server.ended((await server.startRun(workflow.id)).id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.workflowName, name)
    assert.ok(!existsSync(join(server.dataDir, 'x')) && !existsSync(join(server.home, 'x')))
    assert.deepEqual(await readdir(server.dataDir), folder)
    const shown = await maestro(['runs', '--workflow', workflow.id], { env: envOf(server) })
    assert.equal(shown.code, 0, shown.err)
    for (const bad of ['two\nlines', 'bell\u0007', 'nul\u0000', 'x'.repeat(501), '   ']) {
      const { status } = await server.raw('POST', '/api/v1/workflows', { ...base, name: bad, steps: steps('x') })
      assert.equal(status, 400, JSON.stringify(bad.slice(0, 20)))
    }
  })

  test('a half of a pair of surrogates is stored as it can be, or refused, and never breaks a list', async () => {
    const answer = await server.raw('POST', '/api/v1/workflows', {
      ...base,
      name: 'half \ud83c',
      steps: steps('x \ud83c'),
    })
    assert.ok(answer.status === 201 || answer.status === 400, String(answer.status))
    if (answer.status === 201) {
      const { id } = (await answer.json()) as Workflow
      assert.ok(['succeeded', 'failed'].includes((await server.ended((await server.startRun(id)).id)).status))
    }
    assert.equal((await server.raw('GET', '/api/v1/workflows')).status, 200)
    assert.equal((await server.raw('GET', '/api/v1/runs')).status, 200)
  })

  test('a workflow deleted or changed under a run: the run keeps what it began with', async () => {
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Kept',
      steps: steps('[[stream 20 50]]', '[[say first edition]]'),
    })
    const deleted = await server.startRun(workflow.id)
    const other = await server.createWorkflow({
      ...base,
      name: 'Changed',
      steps: steps('[[stream 20 50]]', '[[say first edition]]'),
    })
    const changed = await server.startRun(other.id)
    for (const { id } of [deleted, changed]) await server.until(id, (run) => run.lastSeq > 4)
    await server.api('DELETE', `/workflows/${workflow.id}`)
    await server.api('PUT', `/workflows/${other.id}`, {
      ...base,
      name: 'New',
      steps: steps('a', '[[say second edition]]', 'c'),
    })
    for (const { id } of [deleted, changed]) {
      const run = await server.ended(id)
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
      assert.deepEqual(run.steps.map((step) => step.output)[1], 'first edition')
      assert.equal(run.steps.length, 2)
    }
    const again = await server.api<Run>('POST', `/runs/${deleted.id}/rerun`)
    assert.equal((await server.ended(again.id)).status, 'succeeded', 'it can run again without its workflow')
    assert.equal((await server.raw('POST', `/api/v1/workflows/${workflow.id}/runs`, {})).status, 404)
  })

  test('cancelled while queued, in a wait before a retry, twice, and after its end', async () => {
    const hold = await server.createWorkflow({ ...base, name: 'Holds', steps: steps('[[hang]]') })
    const holders = [await server.startRun(hold.id), await server.startRun(hold.id)]
    for (const { id } of holders) await server.until(id, (run) => run.status === 'running')
    const queued = await server.startRun(hold.id)
    assert.equal(queued.status, 'queued')
    const cancelled = await server.api<Run>('POST', `/runs/${queued.id}/cancel`)
    assert.equal(cancelled.status, 'cancelled')
    assert.deepEqual(
      cancelled.steps.map((step) => [step.status, step.attempts.length]),
      [['skipped', 0]],
    )
    for (const { id } of holders) {
      await Promise.all([server.api('POST', `/runs/${id}/cancel`), server.api('POST', `/runs/${id}/cancel`)])
      const run = await server.ended(id)
      assert.equal(run.status, 'cancelled', JSON.stringify(run.error))
      assert.deepEqual(await marked(run.steps[0]?.attempts.map((attempt) => attempt.turnId) ?? []), [])
      const requests = (await server.events(id)).filter((event) => event.body.type === 'task.stop_requested')
      assert.equal(requests.length, 1)
      assert.equal((await server.api<Run>('POST', `/runs/${id}/cancel`)).status, 'cancelled', 'again changes nothing')
    }

    const failing = await server.createWorkflow({
      ...base,
      name: 'Fails',
      steps: steps({ text: '[[error rate_limited]]', maxRetries: 5 }),
    })
    const { id } = await server.startRun(failing.id)
    await server.until(id, (run) => run.steps[0]?.attempts[0]?.status === 'failed')
    const at = performance.now()
    await server.api('POST', `/runs/${id}/cancel`)
    const run = await server.ended(id)
    assert.equal(run.status, 'cancelled')
    assert.ok(performance.now() - at < 2_000, 'it does not wait for its next attempt')

    for (const verb of ['resume', 'rerun'] as const) {
      const { status } = await server.raw('POST', `/api/v1/runs/${id}/${verb}`, {})
      assert.equal(status, verb === 'resume' ? 409 : 202)
    }
    const rerun = (await server.api<{ items: RunSummary[] }>('GET', '/runs?limit=1')).items[0]
    await server.api('POST', `/runs/${rerun?.id}/cancel`)
    assert.equal((await server.raw('POST', `/api/v1/runs/run_00000000000000000000000000/cancel`, {})).status, 404)
  })
})
