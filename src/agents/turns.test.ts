// Turns with real processes: the rehearsal agent under a driver that keeps its output in memory.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { MaestroError, silentLog, systemClock } from '#src/core/index.ts'
import type { TaskEventBody } from '#src/tasks/index.ts'
import type { Checkpoint } from './adapter.ts'
import { createFakeAdapter } from './fake/index.ts'
import { createFakeGrants } from './testing/fake-grants.ts'
import { createFakeLease, type FakeLease } from './testing/fake-lease.ts'
import { createFakeStore } from './testing/fake-store.ts'
import { createProcessDriver, processesOf, type ProcessDriver } from './testing/process-driver.ts'
import { createAgentTurns } from './turns.ts'
import type { AgentTurns, AgentTurnsDeps, TurnRequest, TurnResult } from './types.ts'

interface Bench {
  readonly turns: AgentTurns
  readonly driver: ProcessDriver
  readonly rootsDir: string
  lease(changes?: Partial<TurnRequest>): FakeLease
  /** A first or following turn, recorded and cleaned up. */
  play(changes?: Partial<TurnRequest>): Promise<{ result: TurnResult; lease: FakeLease; text: string }>
}

const secret = 'sk-very-secret-0123456789'
const secrets = [secret]

async function withBench(use: (bench: Bench) => Promise<void>, changes: Partial<AgentTurnsDeps> = {}): Promise<void> {
  const rootsDir = await mkdtemp(path.join(tmpdir(), 'maestro-turns-'))
  const driver = createProcessDriver()
  const scriptPath = fileURLToPath(new URL('./fake/fake-agent.mjs', import.meta.url))
  const baseEnv = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' }
  const adapter = createFakeAdapter({ nodePath: process.execPath, scriptPath, baseEnv })
  const turns = createAgentTurns({
    tasks: {
      createChild: async (run, task) => createFakeLease(`turn_of_${run.taskId}`, task.spec),
      get: async () => ({ executed: 'maybe' }),
    },
    driver,
    store: createFakeStore(),
    adapters: [adapter],
    binaries: async () => process.execPath,
    grants: createFakeGrants(),
    mcpServers: async () => [],
    checkServers: async () => [],
    secretValues: () => secrets,
    rootsDir,
    clock: systemClock,
    log: silentLog,
    ...changes,
  })
  let count = 0
  const lease = (request: Partial<TurnRequest> = {}): FakeLease => {
    count += 1
    return createFakeLease(`turn_${String(count).padStart(26, '0')}`, requestOf(request))
  }
  try {
    await use({
      turns,
      driver,
      rootsDir,
      lease,
      play: async (request) => {
        const held = lease(request)
        const result = await turns.drive(held)
        await result.record()
        await result.cleanUp()
        return { result, lease: held, text: textOf(held.events) }
      },
    })
  } finally {
    await driver[Symbol.asyncDispose]()
    await rm(rootsDir, { recursive: true, force: true })
  }
}

function requestOf(changes: Partial<TurnRequest>): TurnRequest {
  return {
    agent: 'fake',
    provider: 'openrouter',
    model: 'some/model',
    prompt: 'hello',
    mode: 'plan',
    workingDir: null,
    mcpServerIds: [],
    timeoutMs: 20_000,
    idleTimeoutMs: 20_000,
    maxTurns: 10,
    runId: 'run',
    budget: { maxCostUsd: null, maxTokens: null },
    conversationId: 'conversation',
    continueFrom: null,
    ...changes,
  }
}

function textOf(events: readonly TaskEventBody[]): string {
  return events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isTrue(); i++) await systemClock.sleep(10)
  assert.ok(isTrue(), 'the condition did not come true in 5 s')
}

test('a turn ends with its text, its usage and nothing left on disk', async () => {
  await withBench(async ({ play, rootsDir }) => {
    const { result, lease, text } = await play({ prompt: 'hello there' })
    assert.equal(result.status, 'succeeded')
    assert.equal(result.executed, 'yes')
    assert.equal(result.text, text)
    assert.match(text, /rehearsal[\s\S]*some\/model[\s\S]*turn 1 of this conversation/i)
    assert.equal(result.usage?.costUsd, 0)
    assert.deepEqual(lease.executed, ['maybe'])
    assert.deepEqual(lease.ends, [{ status: 'succeeded', executed: 'yes', error: null }])
    assert.deepEqual(await readdir(rootsDir), [])
  })
})

test('a following turn knows the earlier prompts and counts only its own usage', async () => {
  await withBench(async ({ play }) => {
    const first = await play({ prompt: 'my favourite number is 41' })
    const second = await play({ prompt: 'and now?', continueFrom: first.lease.taskId })
    assert.match(second.text, /turn 2 of this conversation/)
    assert.match(second.text, /my favourite number is 41/)
    const third = await play({ prompt: 'and now?', continueFrom: first.lease.taskId })
    assert.match(third.text, /turn 2 of this conversation/, 'a second attempt starts from the same checkpoint')
    assert.equal(second.result.usage?.inputTokens, 2)
  })
})

test('a missing checkpoint fails the turn before anything runs', async () => {
  await withBench(async ({ play, driver }) => {
    const { result, lease } = await play({ continueFrom: 'turn_99999999999999999999999999' })
    assert.equal(result.error?.kind, 'session_not_found')
    assert.equal(result.executed, 'no')
    assert.deepEqual(lease.executed, [])
    assert.equal(driver.started.length, 0)
  })
})

test('a conversation of another agent is refused, not dropped', async () => {
  const foreign: Checkpoint = { adapter: 'goose', sessionId: 's', cumulative: requestUsage, data: '{}' }
  const store = createFakeStore()
  await withBench(
    async ({ play }) => {
      store.put('turn_goose', foreign)
      const { result } = await play({ continueFrom: 'turn_goose' })
      assert.equal(result.error?.kind, 'session_not_found')
      assert.match(result.error.message, /goose/)
    },
    { store },
  )
})

const requestUsage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: null, cacheWriteTokens: null, costUsd: null }

test('what an agent does wrong is in the result, never thrown', async () => {
  const cases: [prompt: string, status: string, kind: string, retryable: boolean][] = [
    ['[[say partly]] [[exit 3]]', 'failed', 'crashed', false],
    ['[[error rate_limited]]', 'failed', 'rate_limited', true],
    ['[[error auth]]', 'failed', 'auth', false],
    ['[[error budget]]', 'budget_exceeded', 'budget', false],
    ['[[exit 0]]', 'failed', 'crashed', false],
    ['[[exit 137]]', 'interrupted', 'killed', false],
  ]
  await withBench(async ({ play }) => {
    for (const [prompt, status, kind, retryable] of cases) {
      const { result } = await play({ prompt })
      const seen = {
        status: result.status,
        kind: result.error?.kind,
        retryable: result.retryable,
        executed: result.executed,
      }
      assert.deepEqual(seen, { status, kind, retryable, executed: 'yes' }, prompt)
    }
  })
})

test('time limits end a turn with their own names', async () => {
  await withBench(async ({ play }) => {
    const wall = await play({ prompt: '[[stream 400 20]]', timeoutMs: 400 })
    assert.deepEqual([wall.result.status, wall.result.error?.kind], ['timed_out', 'wall_timeout'])
    assert.match(wall.result.text, /^word1 word2/)
    const idle = await play({ prompt: '[[silent 30]]', idleTimeoutMs: 300 })
    assert.deepEqual([idle.result.status, idle.result.error?.kind], ['timed_out', 'idle_timeout'])
  })
})

test('a stop keeps the partial text and leaves no process, not even one that ignores it', async () => {
  await withBench(async ({ turns, lease }) => {
    const held = lease({ prompt: '[[ignore-term]] [[spawn-child]] [[stream 5 0]] [[hang]]' })
    const driving = turns.drive(held)
    await until(() => textOf(held.events).includes('word5'))
    assert.ok(processesOf(held.taskId).length >= 3, 'agent, child and grandchild')
    held.askToStop('asked by a person')
    const result = await driving
    assert.equal(result.status, 'cancelled')
    assert.match(result.error?.message ?? '', /asked by a person/)
    assert.equal(result.text, 'word1 word2 word3 word4 word5 ')
    assert.deepEqual(processesOf(held.taskId), [])
  })
})

test('a stop before the start starts nothing', async () => {
  await withBench(async ({ turns, lease, driver }) => {
    const held = lease()
    held.askToStop('changed my mind')
    const result = await turns.drive(held)
    assert.deepEqual([result.status, result.executed], ['cancelled', 'no'])
    assert.equal(driver.started.length, 0)
  })
})

test('a server that takes over goes on where the log ended: nothing twice, nothing lost', async () => {
  await withBench(async ({ turns, lease, driver }) => {
    const held = lease({ prompt: '[[stream 60 20]]' })
    const driving = turns.drive(held)
    await until(() => textOf(held.events).includes('word5'))
    held.lose()
    await assert.rejects(driving, (thrown) => thrown instanceof MaestroError && thrown.code === 'conflict')
    const before = held.events.length
    assert.equal((await driver.probe(held.taskId, 2)).state, 'running', 'the process was left alone')
    const next = held.takenOver()
    const result = await turns.drive(next)
    assert.equal(result.status, 'succeeded')
    assert.equal(textOf(next.events), Array.from({ length: 60 }, (_, i) => `word${i + 1} `).join(''))
    assert.equal(result.text, textOf(next.events))
    assert.equal(held.events.length, before, 'the first holder wrote nothing more')
    assert.equal(driver.started.length, 1)
    const again = next.takenOver()
    await turns.drive(again)
    assert.deepEqual(again.events, next.events, 'reading an ended turn once more adds nothing')
  })
})

test('a lost process is interrupted, and whether it did something is not known', async () => {
  await withBench(async ({ turns, lease, driver }) => {
    const held = lease({ prompt: '[[stream 3 0]] [[hang]]' })
    const driving = turns.drive(held)
    await until(() => textOf(held.events).includes('word3'))
    driver.lose(held.taskId)
    const result = await driving
    assert.deepEqual([result.status, result.executed, result.error?.kind], ['interrupted', 'maybe', 'interrupted'])
    assert.equal(result.text, 'word1 word2 word3 ')
  })
})

test('a turn of a node that is gone is interrupted, and nothing is started in its stead', async () => {
  await withBench(async ({ turns, driver, lease }) => {
    const held = { ...lease(), place: 'node:gone' }
    const result = await turns.drive(held)
    assert.deepEqual([result.status, result.executed, result.error?.kind], ['interrupted', 'maybe', 'interrupted'])
    assert.match(result.error?.message ?? '', /node:gone/)
    assert.equal(driver.started.length, 0)
  })
})

test('a secret split over pieces of a message is hidden everywhere', async () => {
  await withBench(async ({ play }) => {
    const { result, lease } = await play({
      prompt: `[[say the key is ${secret} really]] [[tool look {"at":"${secret}"}]] [[say ${secret}]]`,
    })
    assert.equal(result.status, 'succeeded')
    assert.equal(JSON.stringify(lease.events).includes(secret), false)
    assert.match(textOf(lease.events), /the key is \[redacted\] really/)
    assert.equal(result.text, '[redacted]')
  })
})

test('garbage and huge lines do not hurt', async () => {
  await withBench(async ({ play }) => {
    const { result, lease } = await play({ prompt: '[[garbage]] [[huge-line 5000000]] [[say still here]]' })
    assert.equal(result.status, 'succeeded')
    assert.equal(result.text, 'still here')
    const lines = lease.events.filter((event) => event.type === 'log.line')
    assert.ok(lines.some((line) => line.stream === 'err' && line.text === 'a warning on stderr: naïve 🎼'))
    assert.ok(lines.some((line) => line.stream === 'out' && line.text.startsWith('not JSON at all')))
    assert.ok(lease.events.some((event) => event.type === 'agent.warned' && /was cut/.test(event.text)))
    assert.ok(JSON.stringify(lease.events).length < 100_000)
  })
})

test('a folder that is not there is a failure that did not run', async () => {
  await withBench(async ({ play }) => {
    const { result, lease } = await play({ workingDir: '/nonexistent/folder' })
    assert.deepEqual([result.status, result.executed, result.error?.kind], ['failed', 'no', 'bad_usage'])
    assert.match(result.error?.message ?? '', /\/nonexistent\/folder/)
    assert.deepEqual(lease.executed, ['maybe', 'no'])
  })
})

test('an agent that is not installed says how to install it', async () => {
  await withBench(
    async ({ play }) => {
      const { result } = await play()
      assert.deepEqual([result.executed, result.error?.kind], ['no', 'not_installed'])
      assert.match(result.error?.hint ?? '', /maestro agents install fake/)
    },
    { binaries: async () => undefined },
  )
})

test('check refuses unknown agents and modes before a run begins', async () => {
  await withBench(async ({ turns }) => {
    assert.throws(() => turns.check(requestOf({ agent: 'nobody' })), /there is no agent "nobody"/)
    turns.check(requestOf({ mode: 'edit' }))
  })
})

test('create records the request as a child of the run, at the driver’s place', async () => {
  await withBench(async ({ turns }) => {
    const run = createFakeLease('run_1', null)
    const child = await turns.create(run, requestOf({ prompt: 'line one\nline two' }))
    assert.deepEqual(await child.spec(), requestOf({ prompt: 'line one\nline two' }))
  })
})
