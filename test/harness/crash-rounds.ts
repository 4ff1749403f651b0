// Rounds of kill -9 at random moments of a five-step run: the server, the agent, or both. After each,
// the run must end as if nothing had been: every step recorded once, nothing lost, nothing left running.

import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '#src/core/testing/random.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'
import type { Run } from '#src/workflows/contract.ts'
import { marked, spokenText, startServer, steps, type TestServer } from './server.ts'

export interface CrashReport {
  rounds: number
  /** Runs that were acknowledged and did not end as succeeded. */
  lost: number
  /** Steps with more than one recorded result, or text of a recorded turn said twice. */
  repeated: number
  /** Processes of ended turns still alive. */
  orphans: number
  serverKills: number
  agentKills: number
  /** Turns that were cut off and tried again. */
  interruptions: number
  /** Server start to ready after a kill, in ms. */
  restartP50Ms: number
  restartP95Ms: number
  problems: string[]
}

const stepCount = 5

export async function crashRounds(options: { rounds: number; seed: number }): Promise<CrashReport> {
  await using server = await startServer()
  const random = createRandom(options.seed)
  const report: CrashReport = {
    rounds: 0,
    lost: 0,
    repeated: 0,
    orphans: 0,
    serverKills: 0,
    agentKills: 0,
    interruptions: 0,
    restartP50Ms: 0,
    restartP95Ms: 0,
    problems: [],
  }
  const restarts: number[] = []
  const workflow = await server.createWorkflow({
    name: 'Crash rounds',
    agent: 'fake',
    model: 'sample/violin',
    steps: steps(...Array.from({ length: stepCount }, (_, index) => `Step ${index + 1} [[stream 6 15]]`)),
  })
  for (let round = 0; round < options.rounds; round++) {
    report.rounds++
    const { id } = await server.startRun(workflow.id)
    await delay(random() * 900)
    const dice = random()
    if (dice > 0.33) report.agentKills += await killAgents(server, id)
    if (dice < 0.67) {
      await server.kill()
      report.serverKills++
      const at = performance.now()
      await server.restart()
      restarts.push(performance.now() - at)
      // Now and then once more, right into the recovery.
      if (random() < 0.3) {
        await delay(random() * 200)
        await server.kill()
        report.serverKills++
        await server.restart()
      }
    }
    await check(server, id, report)
  }
  restarts.sort((a, b) => a - b)
  report.restartP50Ms = Math.round(restarts[Math.floor(restarts.length * 0.5)] ?? 0)
  report.restartP95Ms = Math.round(restarts[Math.floor(restarts.length * 0.95)] ?? 0)
  return report
}

async function killAgents(server: TestServer, runId: string): Promise<number> {
  const run = await server.api<Run>('GET', `/runs/${runId}`)
  const turns = run.steps.flatMap((step) => step.attempts.map((attempt) => attempt.turnId))
  const pids = await marked(turns)
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself a moment ago.
    }
  }
  return pids.length > 0 ? 1 : 0
}

async function check(server: TestServer, runId: string, report: CrashReport): Promise<void> {
  const run = await server.ended(runId, 60_000)
  if (run.status !== 'succeeded' || run.steps.length !== stepCount) {
    report.lost++
    report.problems.push(`${runId} ended as ${run.status}: ${run.error?.message ?? ''}`)
  }
  const events = await server.events(runId)
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) report.problems.push(`${runId} has a gap at ${index + 1}`)
  }
  for (const step of run.steps) {
    const recorded = events.filter(
      (event) =>
        event.body.type === 'step.ended' && event.body.index === step.index && event.body.status === 'succeeded',
    )
    const succeeded = step.attempts.filter((attempt) => attempt.status === 'succeeded')
    if (recorded.length !== 1 || succeeded.length !== 1) {
      report.repeated++
      report.problems.push(`${runId} step ${step.index + 1} was recorded ${recorded.length} times`)
    }
    if (textOf(events, succeeded[0]?.turnId) !== step.output) {
      report.repeated++
      report.problems.push(`${runId} step ${step.index + 1} says in its events something else than in its result`)
    }
    report.interruptions += step.attempts.filter((attempt) => attempt.status === 'interrupted').length
  }
  const left = await leftAfter(run, 5_000)
  if (left.length > 0) {
    report.orphans += left.length
    report.problems.push(`${runId} left processes ${left.join(', ')}`)
  }
}

/** A process that was just killed takes a moment to go. */
async function leftAfter(run: Run, ms: number): Promise<number[]> {
  const turns = run.steps.flatMap((step) => step.attempts.map((attempt) => attempt.turnId))
  const giveUpAt = Date.now() + ms
  for (;;) {
    const left = await marked(turns)
    if (left.length === 0 || Date.now() > giveUpAt) return left
    await delay(50)
  }
}

function textOf(events: readonly TaskEvent[], turnId: string | undefined): string {
  return spokenText(events.filter((event) => event.taskId === turnId))
}
