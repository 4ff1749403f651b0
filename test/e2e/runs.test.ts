// Runs on the rehearsal agent through a real server: limits, recovery, streams that lose nothing, ids that
// are not ids, and an API document that leaves nothing out.

import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readSse } from '#src/http/testing/index.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'
import type { Run } from '#src/workflows/contract.ts'
import { marked, spokenText, startServer, steps, type TestServer } from '#test/harness/server.ts'

const base = { agent: 'fake', model: 'sample/violin' }

describe('runs on the rehearsal agent', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
  })

  for (const { limit, kind, fields, run: runFields } of [
    { limit: 'idle', kind: 'idle_timeout', fields: { idleTimeoutSec: 1, timeoutSec: 60 }, run: {} },
    { limit: 'step', kind: 'wall_timeout', fields: { timeoutSec: 1 }, run: {} },
    { limit: 'run', kind: 'run_timeout', fields: {}, run: { runTimeoutSec: 1 } },
  ]) {
    test(`the ${limit} time limit ends a run that hangs, and leaves no process`, async () => {
      const run = await server.run({
        ...base,
        ...runFields,
        name: `Hangs ${limit}`,
        steps: steps({ text: '[[spawn-child]] [[ignore-term]] [[hang]]', ...fields }, 'never'),
      })
      assert.equal(run.status, 'timed_out', JSON.stringify(run.error))
      assert.equal(run.error?.kind, kind)
      assert.equal(run.steps[1]?.status, 'skipped')
      assert.deepEqual(await marked(run.steps[0]?.attempts.map((attempt) => attempt.turnId) ?? []), [])
    })
  }

  test('kill -9 of the server in mid-step: the agent goes on, and the restarted server has all of it once', async () => {
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Survives',
      steps: steps('before', '[[stream 60 50]]', 'after'),
    })
    const { id } = await server.startRun(workflow.id)
    await server.until(id, (run) => run.steps[1]?.status === 'running')
    await untilSpoken(server, id, 5)
    await server.kill()
    await server.restart()
    const run = await server.ended(id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.steps[1]?.attempts.length, 1, 'the same turn went on')
    const events = await server.events(id)
    const turnId = run.steps[1].attempts[0]?.turnId
    const spoken = spokenText(events.filter((event) => event.taskId === turnId))
    assert.equal(spoken, run.steps[1].output, 'no gap and no repetition')
    assertNumbered(events)
  })

  test('SIGTERM with a run at work: exits 0, the agent goes on, the next start finds it', async () => {
    const workflow = await server.createWorkflow({ ...base, name: 'Parked', steps: steps('[[stream 40 50]]') })
    const { id } = await server.startRun(workflow.id)
    await untilSpoken(server, id, 3)
    assert.equal(await server.stop(), 0, server.log())
    await server.restart()
    const run = await server.ended(id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.steps[0]?.attempts.length, 1)
  })

  test('a POST starts a run with nobody looking, and waitSec answers with its end', async () => {
    const workflow = await server.createWorkflow({ ...base, name: 'Waited for', steps: steps('one', 'two') })
    const run = await server.api<Run>('POST', `/workflows/${workflow.id}/runs`, { waitSec: 30 }, 202)
    assert.equal(run.status, 'succeeded')
    assert.equal(run.steps.length, 2)
  })

  test('the same idempotency key starts one run', async () => {
    const workflow = await server.createWorkflow({ ...base, name: 'Once', steps: steps('one') })
    const started = await Promise.all(
      Array.from({ length: 5 }, () =>
        server.api<Run>('POST', `/workflows/${workflow.id}/runs`, { idempotencyKey: 'tuesday' }),
      ),
    )
    assert.equal(new Set(started.map((run) => run.id)).size, 1)
  })

  test('a stream cut off at random gives exactly the log, for two viewers alike', async () => {
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Watched',
      steps: steps('[[stream 150 10]]', 'then'),
    })
    const { id } = await server.startRun(workflow.id)
    const [cut, whole] = await Promise.all([watchInPieces(server.url, id, 5), watchInPieces(server.url, id, 0)])
    const stored = await server.events(id)
    assertNumbered(stored)
    assert.deepEqual(cut, stored)
    assert.deepEqual(whole, stored)
    const run = await server.ended(id)
    const turns = run.steps.map((step) => step.attempts[0]?.turnId)
    for (const [index, turnId] of turns.entries()) {
      assert.equal(spokenText(stored.filter((event) => event.taskId === turnId)), run.steps[index]?.output)
    }
  })

  test('a WebSocket replays and follows the same log', async () => {
    const workflow = await server.createWorkflow({ ...base, name: 'Socket', steps: steps('[[stream 30 10]]') })
    const { id } = await server.startRun(workflow.id)
    const seen: TaskEvent[] = []
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/runs/${id}?after=0`)
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('error', () => reject(new Error('the socket failed')))
      socket.addEventListener('message', (message) => {
        const event = JSON.parse(String(message.data)) as TaskEvent | { type: 'end' }
        if ('type' in event) resolve()
        else seen.push(event)
      })
    })
    socket.close()
    assert.deepEqual(seen, await server.events(id))
  })

  test('what an agent prints is kept whatever it is: garbage, a huge line, NUL', async () => {
    const run = await server.run({
      ...base,
      name: 'Odd output',
      steps: steps('[[garbage]] [[huge-line 5000000]]', 'and on'),
    })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  })

  test('an agent that fails, exits or says nothing fails with its own reason', async () => {
    const rateLimited = await server.run({
      ...base,
      name: 'Limited',
      steps: steps({ text: '[[error rate_limited]]', maxRetries: 0 }),
    })
    assert.equal(rateLimited.error?.kind, 'rate_limited')
    const exited = await server.run({ ...base, name: 'Exits', steps: steps({ text: '[[exit 3]]', maxRetries: 0 }) })
    assert.equal(exited.status, 'failed')
    assert.match(exited.error?.message ?? '', /3/)
  })

  test('a turn that may have changed things asks before it runs again', async () => {
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Asks',
      // Shorter than the wait below: a person's time is not the run's.
      runTimeoutSec: 12,
      steps: steps({ text: '[[stream 100 50]]', mode: 'full' }, 'after'),
    })
    const { id } = await server.startRun(workflow.id)
    await untilSpoken(server, id, 3)
    const turnId = (await server.api<Run>('GET', `/runs/${id}`)).steps[0]?.attempts[0]?.turnId ?? ''
    for (const pid of await marked([turnId])) process.kill(pid, 'SIGKILL')
    const waiting = await server.until(id, (run) => run.status === 'waiting')
    assert.match(waiting.waitingFor ?? '', /step 1/)
    assert.equal(waiting.steps[0]?.attempts[0]?.status, 'interrupted')
    const limitAt = (waiting.startedAt ?? 0) + 12_000
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, limitAt - Date.now())))
    await server.kill()
    await server.restart()
    assert.equal((await server.api<Run>('GET', `/runs/${id}`)).status, 'waiting', 'it waits across a restart')
    await server.api('POST', `/runs/${id}/resume`)
    const run = await server.ended(id)
    assert.equal(run.status, 'succeeded')
    assert.equal(run.steps[0]?.attempts.length, 2)
  })

  test('ids that are paths, NUL or ten kilobytes long are refused, and nothing is written outside', async () => {
    const outside = await readdir(server.home)
    const odd = ['../../x', '..%2f..%2fetc', '%00', encodeURIComponent('/etc/passwd'), 'a'.repeat(10_000), '%2e%2e']
    for (const id of odd) {
      for (const [method, path] of [
        ['GET', `/api/v1/workflows/${id}`],
        ['GET', `/api/v1/runs/${id}`],
        ['DELETE', `/api/v1/workflows/${id}`],
        ['POST', `/api/v1/workflows/${id}/runs`],
      ] as const) {
        const status = await rawStatus(server.url, method, path)
        assert.ok([400, 404, 405, 414].includes(status), `${method} ${path.slice(0, 60)} answered ${status}`)
      }
    }
    const bad = await server.raw('POST', '/api/v1/workflows', {
      name: 'x',
      steps: [{ id: '../../../evil', text: 'x' }],
    })
    assert.equal(bad.status, 400)
    const problem = (await bad.json()) as { code: string; issues: { path: string }[] }
    assert.equal(problem.code, 'invalid_input')
    assert.equal(problem.issues[0]?.path, 'steps.0.id')
    assert.deepEqual(await readdir(server.home), outside)
  })

  test('the OpenAPI document of the real server names the routes of workflows, runs, tasks and streams', async () => {
    const document = await server.api<{ paths: Record<string, Record<string, unknown>> }>('GET', '/openapi.json')
    const documented = new Set(
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method} ${path.replace('/api/v1', '')}`),
      ),
    )
    for (const wanted of [
      'get /workflows',
      'post /workflows/{workflowId}/runs',
      'get /runs/{runId}',
      'get /runs/{runId}/events',
      'get /tasks/{taskId}/events',
      'get /events',
      'get /health',
      'post /runs/{runId}/cancel',
    ]) {
      assert.ok(documented.has(wanted), `${wanted} is missing; there is ${[...documented].join(', ')}`)
    }
  })

  test('a corrupt configs.json is named, kept and refused, and the server still answers', async () => {
    await using own = await startServer()
    const file = join(own.dataDir, 'configs.json')
    const run = await own.run({ ...base, name: 'Good', steps: steps('x') })
    await own.stop()
    await writeFile(file, '{ "schemaVersion": 1, "items": [ {"id": ')
    await own.restart()
    const list = await own.raw('GET', '/api/v1/workflows')
    const problem = (await list.json()) as { code: string; detail: string; hint: string }
    assert.equal(problem.code, 'corrupt_data')
    assert.match(problem.detail, /configs\.json/)
    assert.match(problem.hint, /configs\.json\.bak/)
    const write = await own.raw('POST', '/api/v1/workflows', { name: 'New', steps: steps('x') })
    assert.ok(!write.ok)
    const { items } = await own.api<{ items: Run[] }>('GET', '/runs')
    assert.ok(
      items.some(({ id }) => id === run.id),
      'history is still there',
    )
  })
})

function assertNumbered(events: readonly TaskEvent[]): void {
  assert.deepEqual(
    events.map((event) => event.seq),
    events.map((_, index) => index + 1),
  )
}

async function untilSpoken(server: TestServer, runId: string, words: number): Promise<void> {
  const giveUpAt = Date.now() + 20_000
  for (;;) {
    const text = spokenText(await server.events(runId))
    if (text.split(/\s+/).length > words) return
    assert.ok(Date.now() < giveUpAt, 'the agent said nothing')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** Follows a run over SSE, dropping the connection `cuts` times at odd moments. */
async function watchInPieces(url: string, runId: string, cuts: number): Promise<TaskEvent[]> {
  const events: TaskEvent[] = []
  for (let piece = 0; ; piece++) {
    const cutAfter = piece < cuts ? 3 + ((piece * 7) % 11) : Number.POSITIVE_INFINITY
    const abort = new AbortController()
    const response = await fetch(`${url}/api/v1/runs/${runId}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(events.at(-1)?.seq ?? 0) },
      signal: abort.signal,
    })
    assert.equal(response.status, 200)
    let taken = 0
    let ended = false
    try {
      for await (const { event, data } of readSse(response.body ?? assert.fail('a stream has a body'))) {
        if (event === 'end') {
          ended = true
          break
        }
        if (event !== 'task') continue
        events.push(JSON.parse(data) as TaskEvent)
        if (++taken >= cutAfter) break
      }
    } finally {
      abort.abort()
    }
    if (ended) return events
  }
}

/** With a path as it is: `fetch` would tidy `..` away. */
function rawStatus(url: string, method: string, path: string): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, method, path, headers: { 'content-type': 'application/json' } },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    asked.on('error', reject)
    asked.end(method === 'POST' ? '{}' : undefined)
  })
}
