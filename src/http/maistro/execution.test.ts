import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { MaestroError } from '#src/core/index.ts'
import type { TaskEvent, TaskEventBody } from '#src/tasks/contract.ts'
import { bearer, startTestHttp } from '../testing/index.ts'
import { createNarrator } from './execution-messages.ts'
import { createExecutionPlan } from './execution-plan.ts'

const id = (letter: string) => `run_${letter.repeat(26)}`

function narrated(bodies: readonly (TaskEventBody | [taskId: string, TaskEventBody])[]): object[] {
  const narrate = createNarrator({ rootId: id('a'), totalPrompts: 2 })
  return bodies.flatMap((entry, index) => {
    const [taskId, body] = Array.isArray(entry) ? entry : [id('a'), entry]
    const event: TaskEvent = { seq: index + 1, at: 0, taskId, body }
    return [...narrate(event)]
  })
}
const delta = (messageId: string, text: string): TaskEventBody => ({ type: 'text.delta', messageId, text })

test('messages of an agent are kept apart, tools stand on lines of their own, control characters go', () => {
  const said = narrated([
    delta('1', 'I loo'),
    delta('1', 'k.\x1b[2J'),
    delta('2', 'Again.'),
    { type: 'tool.called', callId: 'c', server: 'files', tool: 'list', input: { path: '/a\nb'.repeat(200) } },
    { type: 'tool.returned', callId: 'c', ok: true, output: 'x', truncated: false },
    { type: 'tool.returned', callId: 'd', ok: false, output: 'no\nsuch thing', truncated: false },
    delta('3', '<img src=x>'),
  ])
  const text = said.map((message) => ('content' in message ? String(message.content) : '?')).join('')
  const lines = text.split('\n')
  assert.deepEqual(lines.slice(0, 2), ['I look.[2J', 'Again.'])
  assert.match(lines[2] ?? '', /^\[tool\] files: list \{"path":"\/a\\nb/)
  assert.equal([...(lines[2] ?? '')].length, 200)
  assert.deepEqual(lines.slice(3), ['[tool failed] no such thing', '<img src=x>'])
})

test('only the end of the run itself is an error, with its hint', () => {
  const error = { code: 'not_ready' as const, kind: 'auth', message: 'the key was refused', hint: 'enter it' }
  const ended = { type: 'task.ended' as const, status: 'failed' as const, executed: 'yes' as const, error }
  assert.deepEqual(narrated([['turn_1', ended], ended]), [{ type: 'error', message: 'the key was refused (enter it)' }])
  assert.deepEqual(narrated([{ ...ended, status: 'timed_out', error: null }]), [
    { type: 'error', message: 'the run ended: timed out' },
  ])
})

test('a viewer is shown what is under way, then what begins, each once, and nothing of before', () => {
  const row = (letter: string, createdAt: number, endedAt: number | null, status = 'running') =>
    ({ id: id(letter), createdAt, endedAt, status }) as Parameters<
      ReturnType<typeof createExecutionPlan>['learn']
    >[0][0]
  const plan = createExecutionPlan()
  const all = () => {
    const order: string[] = []
    for (let next = plan.next(); next !== undefined; next = plan.next()) order.push(next.charAt(4))
    return order.join('')
  }
  plan.learn([row('d', 40, null), row('c', 30, null, 'waiting'), row('b', 20, null), row('a', 10, 15)])
  assert.equal(all(), 'bdc')
  plan.learn([row('f', 60, 61), row('e', 50, null), row('d', 40, null), row('z', 5, null)])
  plan.drop(id('e'))
  assert.equal(all(), 'f')
})

/** One workflow `w` on the real room, with runs that the test begins and ends. */
async function startWorkflow() {
  const runs: { id: string; endedAt: number | null }[] = []
  const run = (runId: string, endedAt: number | null) => ({
    id: runId,
    workflowId: 'w',
    workflowName: 'W',
    status: endedAt === null ? 'running' : 'succeeded',
    trigger: 'api',
    parentRunId: null,
    startedBy: { kind: 'system' },
    agents: [],
    stepCount: 1,
    stepsDone: 0,
    createdAt: 1,
    startedAt: 1,
    endedAt,
    stopRequestedAt: null,
    waitingFor: null,
    error: null,
    usage: null,
    steps: [],
    lastSeq: 0,
    rerunOf: null,
    rerunFromStep: null,
    triggeredRunIds: [],
    maxCostUsd: null,
    maxTokens: null,
  })
  const answers: Record<string, (input: { runId: string; workflowId: string }) => unknown> = {
    workflow_get: ({ workflowId }) => {
      if (workflowId !== 'w') throw new MaestroError('not_found', 'none')
      return { id: 'w', name: 'W', steps: [{ id: 's', text: 'x' }], version: 'v', updatedAt: 1 }
    },
    run_list: () => ({ items: runs.map(({ id: runId, endedAt }) => run(runId, endedAt)), next: null }),
    run_get: ({ runId }) => run(runId, runs.find((one) => one.id === runId)?.endedAt ?? null),
  }
  const it = await startTestHttp({
    calls: { call: async (_ctx, tool, input) => answers[tool]?.(input as { runId: string; workflowId: string }) },
  })
  const connect = () => new WebSocket(`ws://127.0.0.1:${it.port}/ws/execution/w`, { headers: bearer })
  return { it, runs, connect, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() }
}

interface Told {
  readonly type: string
  readonly content?: string
}
const messageOf = (data: unknown): Told => JSON.parse(String(data)) as Told

test('a run that begins and ends between two looks is told from its log; sockets leave nothing open', async () => {
  await using workflow = await startWorkflow()
  const { it, runs } = workflow
  const socket = workflow.connect()
  const told: string[] = []
  const ended = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    const message = messageOf(data)
    told.push(message.content ?? message.type)
    if (message.type === 'connection') {
      it.log.start(id('q'))
      it.log.append(id('q'), [delta('1', 'hello')])
      it.log.end(id('q'))
      runs.push({ id: id('q'), endedAt: 2 })
    }
    if (message.type === 'end') ended.resolve()
  })
  await ended.promise
  assert.deepEqual(told, ['connection', 'hello', 'end'])
  socket.send('x'.repeat(20_000))
  const [code] = (await once(socket, 'close')) as [number]
  assert.equal(code, 1009)
  while (it.log.watches > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('a viewer who reads nothing is given no more than its socket takes, and later misses nothing', async () => {
  await using workflow = await startWorkflow()
  const { it, runs } = workflow
  const socket = workflow.connect()
  const told: Told[] = []
  const ended = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    const message = messageOf(data)
    told.push(message)
    if (message.type === 'end') ended.resolve()
  })
  await once(socket, 'message')
  socket.pause()
  it.log.start(id('q'))
  runs.push({ id: id('q'), endedAt: null })
  const events = 2_000
  for (let n = 0; n < events; n++) it.log.append(id('q'), [delta('1', `${n}.`.padEnd(16_384, '-'))])
  // 32 MB are there to be read, in pages of 128. Reading stops when the socket is full.
  let reads = -1
  while (it.log.reads !== reads) {
    reads = it.log.reads
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  assert.ok(reads > 0 && reads < 10, `${reads} pages were read for a viewer who reads nothing`)
  socket.send('{"type":"heartbeat"}')
  socket.resume()
  it.log.end(id('q'))
  Object.assign(runs[0] ?? {}, { endedAt: 2 })
  await ended.promise
  const numbers = told.flatMap(({ content }) => (content === undefined ? [] : [Number.parseInt(content, 10)]))
  assert.deepEqual(
    numbers,
    Array.from({ length: events }, (_, n) => n),
  )
  socket.close()
})
