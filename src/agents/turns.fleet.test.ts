// Turns with everything real below them: tasks and checkpoints in a database, processes under the
// fleet's runner. Only the agent is the rehearsal.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { randomIds, silentLog, systemClock } from '#src/core/index.ts'
import { createLocalDriver } from '#src/fleet/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { createTasks, tasksMigrations, type TaskLease } from '#src/tasks/index.ts'
import { standardAgents } from './adapters.ts'
import { agentsMigrations } from './migrations.ts'
import { createFakeGrants } from './testing/fake-grants.ts'
import { createAgentTurns } from './turns.ts'
import type { AgentTurns, TurnRequest, TurnResult } from './types.ts'

const request: TurnRequest = {
  agent: 'fake',
  provider: 'openrouter',
  model: 'some/model',
  prompt: 'hello',
  mode: 'plan',
  workingDir: null,
  mcpServerIds: [],
  timeoutMs: 30_000,
  idleTimeoutMs: 30_000,
  maxTurns: 10,
  runId: 'run',
  budget: { maxCostUsd: null, maxTokens: null },
  conversationId: 'c',
  continueFrom: null,
}

test('turns of a run go through the database and the runner, and leave only their record', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'maestro-turns-fleet-'))
  const rootsDir = path.join(dir, 'roots')
  const runsDir = path.join(dir, 'runs')
  const store = await openTestStore([tasksMigrations, agentsMigrations])
  const driver = createLocalDriver({ runsDir, nodeId: 'n1', log: silentLog, clock: systemClock })
  const tasks = createTasks({
    store,
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
    nodeId: 'n1',
    nodeName: 'test',
    leaseMs: 30_000,
    maxRunning: 2,
  })
  const agents = standardAgents({ env: process.env, dataDir: dir, nodePath: process.execPath })
  const turns = createAgentTurns({
    tasks,
    driver,
    store,
    ...agents,
    grants: createFakeGrants(),
    mcpServers: async () => [],
    checkServers: async () => [],
    secretValues: () => [],
    rootsDir,
    clock: systemClock,
    log: silentLog,
  })
  try {
    const results: TurnResult[] = []
    const turnIds: string[] = []
    const done = Promise.withResolvers<void>()
    tasks.handle('run', async (run) => {
      try {
        const first = await playOne(run, turns, { ...request, prompt: 'the word is banana' })
        const second = await playOne(run, turns, { ...request, continueFrom: first.turnId })
        const third = await playOne(run, turns, { ...request, prompt: '[[error auth]]', continueFrom: second.turnId })
        results.push(first.result, second.result, third.result)
        turnIds.push(first.turnId, second.turnId, third.turnId)
        await run.finish({ status: 'succeeded', executed: 'yes', error: null, usage: null })
        done.resolve()
      } catch (thrown) {
        done.reject(thrown)
      }
    })
    await tasks.start()
    const { task } = await tasks.create({
      kind: 'run',
      title: 'r',
      startedBy: { kind: 'system' },
      place: null,
      spec: {},
    })
    await done.promise
    assert.deepEqual(
      results.map((result) => [result.status, result.executed]),
      [
        ['succeeded', 'yes'],
        ['succeeded', 'yes'],
        ['failed', 'yes'],
      ],
    )
    assert.match(results[1]?.text ?? '', /turn 2 of this conversation[\s\S]*the word is banana/)
    const turn = await tasks.get(turnIds[2] ?? '')
    assert.deepEqual([turn.status, turn.error?.kind, turn.place], ['failed', 'auth', 'node:n1'])
    const events = await tasks.events(task.id, 0, 10_000)
    const textOf = (turnId: string | undefined): string =>
      events.map(({ taskId, body }) => (taskId === turnId && body.type === 'text.delta' ? body.text : '')).join('')
    assert.equal(textOf(turnIds[0]), results[0]?.text)
    assert.equal(textOf(turnIds[1]), results[1]?.text)
    assert.deepEqual([await readdir(rootsDir), await readdir(runsDir)], [[], []])
  } finally {
    await tasks[Symbol.asyncDispose]()
    driver.release()
    await store[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  }

  async function playOne(run: TaskLease, port: AgentTurns, asked: TurnRequest) {
    const turn = await store.tx(() => port.create(run, asked))
    const result = await port.drive(turn)
    await store.tx(() => result.record())
    await result.cleanUp()
    return { turnId: turn.taskId, result }
  }
})
