// Rounds of losing a node: two servers on one PostgreSQL, a run at work on one of them, kill -9 of that
// one at a random moment. The other must go on; the dead one must leave nothing running.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '#src/core/testing/random.ts'
import { startPostgres } from '#src/store/testing/index.ts'
import type { Run } from '#src/workflows/contract.ts'
import { marked, spokenText, startServer, steps, type TestServer } from './server.ts'

export interface FailoverReport {
  rounds: number
  lost: number
  repeated: number
  orphans: number
  /** From the kill to the other node's claim, in ms. */
  takeOverP50Ms: number
  takeOverMaxMs: number
  problems: string[]
}

export async function failoverRounds(options: { rounds: number; seed: number }): Promise<FailoverReport> {
  await using postgres = await startPostgres()
  const env = {
    DATABASE_URL: await postgres.createDatabase(),
    MAESTRO_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
    MAESTRO_LEASE_MS: '3000',
  }
  await using left = await startServer({ env: { ...env, MAESTRO_NODE_NAME: 'left' } })
  await using right = await startServer({ env: { ...env, MAESTRO_NODE_NAME: 'right' } })
  const random = createRandom(options.seed)
  const report: FailoverReport = {
    rounds: 0,
    lost: 0,
    repeated: 0,
    orphans: 0,
    takeOverP50Ms: 0,
    takeOverMaxMs: 0,
    problems: [],
  }
  const took: number[] = []
  const workflow = await left.createWorkflow({
    name: 'Failover',
    agent: 'fake',
    model: 'sample/violin',
    steps: steps(...Array.from({ length: 5 }, (_, index) => `Step ${index + 1} [[stream 8 60]]`)),
  })
  for (let round = 0; round < options.rounds; round++) {
    report.rounds++
    const { id } = await left.startRun(workflow.id)
    const begun = await left.until(id, (run) => run.steps[0]?.attempts[0] !== undefined)
    await delay(random() * 2_000)
    const victim = (await holds(left, begun)) ? left : right
    const other = victim === left ? right : left
    const killedAt = Date.now()
    await victim.kill()
    await check(other, id, report)
    const claims = (await other.events(id)).filter((event) => event.taskId === id && event.body.type === 'task.started')
    const takenAt = claims.find((event) => event.at > killedAt)?.at
    if (takenAt !== undefined) took.push(takenAt - killedAt)
    await victim.restart()
  }
  took.sort((a, b) => a - b)
  report.takeOverP50Ms = took[Math.floor(took.length / 2)] ?? 0
  report.takeOverMaxMs = took.at(-1) ?? 0
  return report
}

/** By the place of its first turn: the node that claimed the run runs all of it. */
async function holds(server: TestServer, run: Run): Promise<boolean> {
  const turnId = run.steps[0]?.attempts[0]?.turnId
  const { place } = await server.api<{ place: string | null }>('GET', `/tasks/${turnId}`)
  const nodeId = await readFile(join(server.dataDir, 'node-id'), 'utf8')
  return place === `node:${nodeId.trim()}`
}

async function check(server: TestServer, id: string, report: FailoverReport): Promise<void> {
  const run = await server.ended(id, 60_000)
  if (run.status !== 'succeeded') {
    report.lost++
    report.problems.push(`${id} ended as ${run.status}: ${run.error?.message ?? ''}`)
  }
  const events = await server.events(id)
  for (const step of run.steps) {
    const recorded = events.filter((event) => event.body.type === 'step.ended' && event.body.index === step.index)
    const turn = step.attempts.find((attempt) => attempt.status === 'succeeded')
    const text = spokenText(events.filter((event) => event.taskId === turn?.turnId))
    if (recorded.length !== 1 || text !== step.output) {
      report.repeated++
      report.problems.push(`${id} step ${step.index + 1}: recorded ${recorded.length} times`)
    }
  }
  const orphans = await marked(run.steps.flatMap((step) => step.attempts.map((attempt) => attempt.turnId)))
  if (orphans.length > 0) {
    report.orphans += orphans.length
    report.problems.push(`${id} left processes ${orphans.join(', ')}`)
  }
}
