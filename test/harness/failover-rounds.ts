// Rounds of losing a node: two servers on one PostgreSQL, a run at work on one of them, kill -9 of that
// one at a random moment. The other must go on; the dead one must leave nothing running.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '#src/core/testing/random.ts'
import { startPostgres } from '#src/store/testing/index.ts'
import { isFinal } from '#src/tasks/index.ts'
import type { Run } from '#src/workflows/contract.ts'
import { marked, spokenText, startServer, steps, type TestServer } from './server.ts'

export interface FailoverReport {
  rounds: number
  lost: number
  repeated: number
  orphans: number
  /** From the kill to the first sign of the other node, in ms. */
  takeOverP50Ms: number
  takeOverMaxMs: number
  problems: string[]
}

export async function failoverRounds(options: { rounds: number; seed: number }): Promise<FailoverReport> {
  await using postgres = await startPostgres()
  const env = {
    DATABASE_URL: await postgres.createDatabase(),
    MAESTRO_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
    MAESTRO_LEASE_MS: '2000',
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
    const victim = holds(left, begun) ? left : right
    const other = victim === left ? right : left
    await victim.kill()
    const killedAt = Date.now()
    const before = (await other.api<Run>('GET', `/runs/${id}`)).lastSeq
    const moved = await other.until(id, (run) => run.lastSeq > before || isFinal(run.status), 40_000)
    if (!isFinal(moved.status)) took.push(Date.now() - killedAt)
    await check(other, id, report)
    await victim.restart()
  }
  took.sort((a, b) => a - b)
  report.takeOverP50Ms = took[Math.floor(took.length / 2)] ?? 0
  report.takeOverMaxMs = took.at(-1) ?? 0
  return report
}

function holds(server: TestServer, run: Run): boolean {
  return run.steps.some((step) =>
    step.attempts.some((attempt) => existsSync(join(server.dataDir, 'spool', attempt.turnId))),
  )
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
