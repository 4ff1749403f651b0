// The runs list with 10,000 runs, the log of a run with 10,000 events, and the list of 1,000 workflows with
// their ten last runs each, from a real server. Files and rows are written by the rooms' own code.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomIds, silentLog, systemClock } from '#src/core/index.ts'
import { openStore, readTextIfExists, syncFolder, writeFileAtomic } from '#src/store/index.ts'
import { createTasks, tasksMigrations } from '#src/tasks/index.ts'
import type { TaskEventBody } from '#src/tasks/contract.ts'
import { createDefinitions, createRunsRepo, workflowsMigrations } from '#src/workflows/index.ts'
import { authMigrations } from '#src/auth/index.ts'
import { callsMigrations } from '#src/calls/index.ts'
import { agentsMigrations } from '#src/agents/index.ts'
import { startServer } from '#test/harness/server.ts'
import { percentile } from './engine.ts'

const runCount = 10_000
const eventCount = 10_000
const workflowCount = 1_000

export async function run(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'maestro-bench-lists-'))
  try {
    const longRun = await fill(folder)
    await using server = await startServer({ dataDir: folder, env: { MAESTRO_MAX_RUNS: '1' } })
    const list: number[] = []
    const filtered: number[] = []
    const log: number[] = []
    const page: number[] = []
    const workflows: number[] = []
    const search: number[] = []
    const folder1: number[] = []
    for (let i = 0; i < 15; i++) {
      list.push(await timed(() => server.api('GET', '/runs?limit=50')))
      filtered.push(await timed(() => server.api('GET', '/runs?limit=50&workflowId=bench-1&status=cancelled')))
      page.push(await timed(() => server.api('GET', `/runs/${longRun}`)))
      log.push(await timed(() => server.events(longRun)))
      workflows.push(await timed(() => server.api('GET', '/workflows')))
      search.push(await timed(() => server.api('GET', '/workflows?q=needle')))
      folder1.push(await timed(() => server.api('GET', '/workflows?path=folder-1')))
    }
    return {
      runs: runCount,
      listP50Ms: percentile(list, 0.5),
      listP95Ms: percentile(list, 0.95),
      filteredListP50Ms: percentile(filtered, 0.5),
      events: eventCount,
      runP50Ms: percentile(page, 0.5),
      wholeLogP50Ms: percentile(log, 0.5),
      workflows: workflowCount,
      workflowsP50Ms: percentile(workflows, 0.5),
      workflowsP95Ms: percentile(workflows, 0.95),
      workflowSearchP50Ms: percentile(search, 0.5),
      workflowFolderP50Ms: percentile(folder1, 0.5),
      targetMs: 200,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const at = performance.now()
  await work()
  return performance.now() - at
}

/** Fills a data folder; returns the run with the long log. All runs are ended, so nothing starts. */
async function fill(dataDir: string): Promise<string> {
  await using store = await openStore({
    dataDir,
    migrations: [tasksMigrations, authMigrations, callsMigrations, agentsMigrations, workflowsMigrations],
    log: silentLog,
    clock: systemClock,
    diskReserveMb: 1,
  })
  const tasks = createTasks({
    store,
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
    nodeId: 'bench',
    nodeName: 'bench',
    leaseMs: 10_000,
    maxRunning: 0,
  })
  const repo = createRunsRepo(store)
  await fillWorkflows(dataDir)
  const step = {
    stepId: 's1',
    title: 'Bench',
    prompt: 'x'.repeat(500),
    agent: 'fake',
    provider: null,
    model: 'm',
    mode: 'plan',
    mcpServerIds: [],
    timeoutMs: 1,
    idleTimeoutMs: 1,
    maxTurns: 1,
    maxRetries: 0,
    fallbacks: [],
    session: 'shared',
    onInterrupted: 'retry',
  } as const
  let last = ''
  for (let batch = 0; batch < runCount / 100; batch++) {
    await store.tx(async () => {
      for (let i = 0; i < 100; i++) {
        const { task } = await tasks.create({
          kind: 'run',
          title: 'Bench',
          startedBy: { kind: 'system' },
          place: null,
          subject: `workflow:${workflowIdOf(batch * 100 + i)}`,
          spec: {},
        })
        await repo.insertRun({
          runId: task.id,
          workflowId: workflowIdOf(batch * 100 + i),
          workflowName: 'Bench',
          trigger: 'api',
          rerunOf: null,
          snapshot: {
            workflowId: workflowIdOf(batch * 100 + i),
            name: 'Bench',
            version: '1',
            workingDir: null,
            runTimeoutMs: 1,
            maxCostUsd: null,
            maxTokens: null,
            onSuccess: null,
            steps: [step, step, step],
          },
        })
        last = task.id
        if (i + batch > 0) await tasks.requestStop(task.id, 'bench')
      }
    })
  }
  await appendEvents(store, last)
  return last
}

const workflowIdOf = (n: number): string => `bench-${n % workflowCount}`

async function fillWorkflows(dataDir: string): Promise<void> {
  const files = { readTextIfExists, writeFileAtomic, syncFolder }
  const definitions = createDefinitions({ dataDir, clock: systemClock, ids: randomIds, files })
  const text = 'A prompt as somebody writes it, of a common length. '.repeat(20)
  await definitions.saveAll(() =>
    Array.from({ length: workflowCount }, (_, n) => ({
      key: String(n),
      id: workflowIdOf(n),
      input: {
        name: `Bench ${n}`,
        path: `folder-${n % 20}`,
        agent: 'fake',
        steps: ['one', 'two', 'three'].map((id) => ({ id, text: n % 100 === 0 ? `${text} needle` : text })),
      },
    })),
  )
}

async function appendEvents(store: Awaited<ReturnType<typeof openStore>>, runId: string): Promise<void> {
  const { createEventLog } = await import('../src/tasks/log.ts')
  const log = createEventLog(store, systemClock)
  const text = 'A sentence as an agent says it, of a common length. '
  for (let batch = 0; batch < eventCount / 500; batch++) {
    const events: TaskEventBody[] = Array.from({ length: 500 }, () => ({ type: 'text.delta', messageId: 'm', text }))
    await log.append(runId, runId, events)
  }
}
