// Following a log: no gap and no duplicate at any seam, for any number of watchers, however slow.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { WebSocket } from 'ws'
import { TaskEvent } from '#src/tasks/contract.ts'
import type { TaskEventBody } from '#src/tasks/contract.ts'
import { ask, bearer, goodCookie, open, readSse, startTestHttp } from './testing/index.ts'
import type { SseMessage, TestHttp } from './testing/index.ts'

const idOf = (kind: string, number: number) => `${kind}_${String(number).padStart(26, '0')}`
const text = (value: string): TaskEventBody => ({ type: 'text.delta', messageId: 'm', text: value })
const many = (count: number, size = 10): TaskEventBody[] =>
  Array.from({ length: count }, (_, i) => text(`${i} `.padEnd(size, 'x')))

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
/** Buffers that are still held. Freed ones are counted off by a thread of the engine, some time after the collection. */
async function heldBuffers(expectedBelow: number, patienceMs: number): Promise<number> {
  const until = Date.now() + patienceMs
  for (;;) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
    const { arrayBuffers } = process.memoryUsage()
    if (arrayBuffers < expectedBelow || Date.now() > until) return arrayBuffers
  }
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function nextOf(messages: AsyncGenerator<SseMessage, void>): Promise<SseMessage> {
  const next = await messages.next()
  assert.ok(next.value, 'the stream has ended')
  return next.value
}

describe('streams', () => {
  let it: TestHttp
  let runId = ''
  let runs = 0

  before(async () => {
    it = await startTestHttp()
  })
  after(() => it[Symbol.asyncDispose]())
  beforeEach(() => {
    runId = idOf('run', ++runs)
    it.log.start(runId, [idOf('turn', runs)])
  })
  afterEach(() => {
    it.log.isDown = false
  })

  const stream = (path = `/api/v1/runs/${runId}/events`, headers = {}) =>
    open(it.port, path, { headers: { ...bearer, ...headers } })
  const collect = async (path?: string, headers?: object): Promise<SseMessage[]> =>
    gather(readSse(await stream(path, headers)))
  const seqs = (messages: readonly SseMessage[]) =>
    messages.filter((one) => one.event === 'task').map((one) => Number(one.id))
  const oneTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
  const noMoreWatches = async () => {
    const until = Date.now() + 2_000
    while (it.log.watches > 0 && Date.now() < until) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(it.log.watches, 0, 'a watch was left open')
  }

  test('an ended log is replayed whole, then `end`, then closed', async () => {
    it.log.append(runId, many(300))
    it.log.end(runId)
    const messages = await collect()
    assert.deepEqual(seqs(messages), oneTo(301))
    assert.equal(messages.at(-1)?.event, 'end')
    const sent = messages.filter((one) => one.event === 'task').map((one) => TaskEvent.parse(JSON.parse(one.data)))
    assert.deepEqual(sent, it.log.events(runId))
    await noMoreWatches()
  })

  test('every size around a page border replays whole and ends', async () => {
    for (const size of [1, 2, 127, 128, 129, 255, 256, 257]) {
      const id = idOf('run', 1_000 + size)
      it.log.start(id)
      it.log.append(id, many(size - 1))
      it.log.end(id)
      assert.deepEqual(seqs(await collect(`/api/v1/runs/${id}/events`)), oneTo(size), `${size} events`)
      assert.deepEqual(seqs(await collect(`/api/v1/runs/${id}/events?after=${size}`)), [], `after ${size}`)
    }
  })

  test('a watcher that came during growth misses nothing at the seam', async () => {
    it.log.append(runId, many(100))
    const all = collect()
    for (let i = 0; i < 60; i++) {
      it.log.append(runId, many(7))
      await new Promise((resolve) => setImmediate(resolve))
    }
    it.log.end(runId)
    assert.deepEqual(seqs(await all), oneTo(100 + 60 * 7 + 1))
  })

  test('five reconnects at random places give exactly the log', async () => {
    it.log.append(runId, many(50))
    const growing = (async () => {
      for (let i = 0; i < 100; i++) {
        it.log.append(runId, many(5))
        await new Promise((resolve) => setImmediate(resolve))
      }
      it.log.end(runId)
    })()
    const got: string[] = []
    let last = ''
    for (let visit = 0; visit <= 5; visit++) {
      const leaveAfter = visit < 5 ? 1 + Math.floor(Math.random() * 90) : Infinity
      const response = await stream(undefined, last === '' ? {} : { 'last-event-id': last })
      let seen = 0
      for await (const message of readSse(response)) {
        if (message.event !== 'task') continue
        got.push(message.data)
        last = message.id ?? ''
        if (++seen >= leaveAfter) break
      }
      response.destroy()
    }
    await growing
    assert.deepEqual(
      got,
      it.log.events(runId).map((event) => JSON.stringify(event)),
    )
    await noMoreWatches()
  })

  test('two watchers see the same bytes', async () => {
    it.log.append(runId, many(20))
    const both = Promise.all([collect(), collect(undefined, { 'last-event-id': '0' })])
    it.log.append(runId, many(300))
    it.log.end(runId)
    const [one, two] = await both
    assert.deepEqual(one, two)
    assert.equal(seqs(one).length, 321)
  })

  test('rows are read once per growth, not once per watcher', async () => {
    it.log.append(runId, many(10))
    const responses = await Promise.all(Array.from({ length: 30 }, () => stream()))
    const readers = responses.map((response) => readSse(response))
    const take = (count: number) =>
      Promise.all(
        readers.map(async (reader) => {
          for (let i = 0; i < count; i++) await reader.next()
        }),
      )
    await take(10)
    const before = it.log.reads
    for (let i = 0; i < 10; i++) {
      it.log.append(runId, many(3))
      await take(3)
    }
    assert.ok(it.log.reads - before <= 20, `${it.log.reads - before} reads for 10 growths and 30 watchers`)
    for (const response of responses) response.destroy()
    await noMoreWatches()
  })

  test("a child's stream holds its own events with the root's numbers, and ends with it", async () => {
    const turnId = idOf('turn', runs)
    it.log.append(runId, many(3))
    it.log.append(runId, many(200), turnId)
    it.log.append(runId, many(3))
    const all = collect(`/api/v1/tasks/${turnId}/events`)
    it.log.append(runId, [{ type: 'task.ended', status: 'succeeded', executed: 'yes', error: null }], turnId)
    const messages = await all
    assert.deepEqual(seqs(messages), [...oneTo(200).map((n) => n + 3), 207])
    assert.equal(messages.at(-1)?.event, 'end')
    assert.equal((await ask(it.port, `/api/v1/runs/${turnId}/events`)).status, 404)
  })

  test('asks for a page as JSON', async () => {
    it.log.append(runId, many(4))
    const page = async (query: string) =>
      (
        await ask(it.port, `/api/v1/runs/${runId}/events?${query}`, {
          headers: { ...bearer, accept: 'application/json' },
        })
      ).json()
    assert.partialDeepStrictEqual(await page('limit=3'), { lastSeq: 3, ended: false })
    it.log.end(runId)
    assert.deepEqual(await page('after=3'), { items: it.log.events(runId).slice(3), lastSeq: 5, ended: true })
    assert.deepEqual(await page('after=5'), { items: [], lastSeq: 5, ended: true })
    assert.partialDeepStrictEqual(await page('limit=3'), { ended: false })
  })

  test('a bad cursor or an unknown id is a problem, not a silent stream', async () => {
    for (const query of ['after=-1', 'after=x', 'after=1.5', 'after=7', 'limit=0', 'other=1']) {
      assert.equal((await ask(it.port, `/api/v1/runs/${runId}/events?${query}`)).status, 400, query)
    }
    assert.equal((await ask(it.port, `/api/v1/runs/${idOf('run', 999)}/events`)).status, 404)
    assert.equal((await ask(it.port, '/api/v1/runs/x/events')).status, 400)
  })

  test('a stalled reader costs its place in the log and slows nobody', async () => {
    const stalled = await Promise.all(Array.from({ length: 5 }, () => stream()))
    for (const response of stalled) response.pause()
    const healthy = collect()
    const before = await heldBuffers(0, 100)
    for (let i = 0; i < 200; i++) {
      it.log.append(runId, many(5, 20_000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    it.log.end(runId)
    assert.equal(seqs(await healthy).length, 1_001)
    // 20 MB went by; what a stalled socket holds is bounded, and its bytes are shared.
    const grown = (await heldBuffers(before + 10_000_000, 3_000)) - before
    assert.ok(grown < 10_000_000, `${grown} bytes more for 5 stalled readers`)
    for (const response of stalled) assert.deepEqual(seqs(await gather(readSse(response))), oneTo(1_001))
  })

  test('a failing read cuts the stream, and the watcher goes on from its cursor', async () => {
    it.log.append(runId, many(3))
    it.log.isDown = true
    await assert.rejects(collect())
    it.log.isDown = false
    it.log.end(runId)
    assert.deepEqual(seqs(await collect(undefined, { 'last-event-id': '2' })), [3, 4])
  })

  test('a lost wake-up is made good by the heartbeat, and comments keep the line open', async () => {
    await using quick = await startTestHttp({ heartbeatMs: 20 })
    quick.log.start(runId)
    const response = await open(quick.port, `/api/v1/runs/${runId}/events`)
    const events = quick.log.events(runId) as TaskEvent[]
    events.push({ seq: 1, at: 0, taskId: runId, body: text('nobody was told') })
    let raw = ''
    for await (const chunk of response) {
      raw += String(chunk)
      if (raw.includes(': beat') && raw.includes('nobody was told')) break
    }
    assert.match(raw, /id: 1\nevent: task\ndata: \{"seq":1,/)
  })

  test('signing out ends the open streams of that session', async () => {
    await using quick = await startTestHttp({ heartbeatMs: 20 })
    quick.log.start(runId)
    const response = await open(quick.port, `/api/v1/runs/${runId}/events`, { headers: { cookie: goodCookie } })
    const { status } = await ask(quick.port, '/api/v1/session/signout', {
      method: 'POST',
      headers: { cookie: goodCookie },
    })
    assert.equal(status, 200)
    const messages = await gather(readSse(response))
    assert.equal(messages.at(-1)?.event, 'signed_out')
  })

  test('the feed for lists greets, then names what changed, in groups', async () => {
    const response = await stream('/api/v1/events')
    const messages = readSse(response)
    assert.equal((await nextOf(messages)).event, 'hello')
    const other = idOf('run', 500)
    it.log.start(other)
    for (let i = 0; i < 20; i++) it.log.append(i % 2 === 0 ? runId : other, many(1))
    const changed = await nextOf(messages)
    assert.equal(changed.event, 'changed')
    assert.deepEqual(JSON.parse(changed.data), { ids: [runId, other] })
    response.destroy()
    await noMoreWatches()
  })

  describe('over WebSocket', () => {
    const connect = (path: string) => new WebSocket(`ws://127.0.0.1:${it.port}${path}`, { headers: bearer })
    const messagesOf = (ws: WebSocket) =>
      new Promise<{ code: number; messages: unknown[] }>((resolve, reject) => {
        const messages: unknown[] = []
        ws.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString('utf8'))))
        ws.on('close', (code: number) => resolve({ code, messages }))
        ws.on('error', reject)
      })

    test('the same events from the cursor, then the end', async () => {
      it.log.append(runId, many(200))
      const all = messagesOf(connect(`/ws/runs/${runId}?after=150`))
      it.log.append(runId, many(100))
      it.log.end(runId)
      const { code, messages } = await all
      assert.equal(code, 1000)
      assert.deepEqual(messages, [...it.log.events(runId).slice(150), { type: 'end' }])
      await noMoreWatches()
    })

    test('a socket that takes nothing holds up nobody and gets everything later', async () => {
      const ws = connect(`/ws/runs/${runId}`)
      await once(ws, 'open')
      ws.pause()
      it.log.append(runId, many(1_000, 20_000))
      const healthy = collect()
      it.log.end(runId)
      assert.equal(seqs(await healthy).length, 1_001)
      const all = messagesOf(ws)
      ws.resume()
      assert.equal((await all).messages.length, 1_002)
    })

    test('a message past the limit ends the connection', async () => {
      const ws = connect(`/ws/runs/${runId}`)
      await once(ws, 'open')
      ws.send('x'.repeat(65 * 1024))
      assert.equal((await messagesOf(ws)).code, 1009)
    })

    test('an unknown run or path is refused as HTTP', async () => {
      for (const [path, status] of [
        [`/ws/runs/${idOf('run', 998)}`, '404'],
        ['/ws/other', '404'],
        [`/ws/runs/${runId}?after=x`, '400'],
      ] as const) {
        await assert.rejects(messagesOf(connect(path)), new RegExp(status), path)
      }
    })
  })
})
