// Watchers of one run: memory of each, delay of events, and what stalled readers cost. The real http room
// serves from this process over a synthetic log; the watchers live in a child process, so that the memory
// measured here is the server's alone.

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { silentLog } from '#src/core/index.ts'
import { createHttp } from '#src/http/index.ts'
import type { EventSource } from '#src/http/index.ts'
import { createFakeAuth } from '#src/http/testing/index.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'
import type { LoadCommand, LoadReport } from './sse-load.ts'

export interface SseFigures {
  readonly watchers: number
  /** Resident memory of the server for each watcher. */
  readonly kbPerWatcher: number
  /** From the commit of an event to its bytes in the watcher's hands. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Events missing or repeated at any watcher; 0 is the only right answer. */
  readonly faults: number
  readonly rowsRead: number
  readonly stalled: number
  readonly burstMb: number
  /** Peak growth of resident memory during a burst that nobody stalls: what is garbage for a moment. */
  readonly controlMb: number
  /** The same with the stalled readers, both from the same start. */
  readonly stalledMb: number
  /** The burst, until the last healthy watcher had all of it. */
  readonly burstMs: number
}

const eventsPerSecond = 10
const seconds = 5
const burstEvents = 1_000
const burstEventBytes = 20_000
const healthyDuringBurst = 10
const runId = (n: number) => `run_${String(n).padStart(26, '0')}`

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Resident memory after what is garbage has gone, in bytes. */
async function settledRss(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collectGarbage()
    await delay(100)
  }
  return process.memoryUsage.rss()
}

/** A log that makes its rows when they are read: it holds a commit time for each event, no text. */
function syntheticLog() {
  const logs = new Map<string, { times: number[]; filler: string }>()
  const watchers = new Map<string, Set<() => void>>()
  let rowsRead = 0
  const make = (rootId: string, seq: number, at: number, filler: string): TaskEvent => ({
    seq,
    at: Math.floor(at),
    taskId: rootId,
    body: { type: 'text.delta', messageId: 'm1', text: `sent=${at.toFixed(3)};${filler}` },
  })
  const source: EventSource = {
    rootOf: (_actor, id) => Promise.resolve({ rootId: id, taskId: id }),
    isEnded: () => Promise.resolve(false),
    async read(rootId, after, limit) {
      await new Promise((resolve) => setImmediate(resolve))
      const { times, filler } = logs.get(rootId) ?? { times: [], filler: '' }
      const rows = times.slice(after, after + limit)
      rowsRead += rows.length
      return rows.map((at, i) => make(rootId, after + i + 1, at, filler))
    },
    watch(rootId, onGrown) {
      const set = watchers.get(rootId) ?? new Set()
      watchers.set(rootId, set.add(onGrown))
      return { [Symbol.dispose]: () => void set.delete(onGrown) }
    },
    watchAll: () => ({ [Symbol.dispose]: () => undefined }),
  }
  return {
    source,
    rowsRead: () => rowsRead,
    start: (rootId: string, bytes: number) => void logs.set(rootId, { times: [], filler: 'x'.repeat(bytes) }),
    append(rootId: string) {
      logs.get(rootId)?.times.push(performance.timeOrigin + performance.now())
      for (const wake of watchers.get(rootId) ?? []) wake()
    },
  }
}

function tell(child: ChildProcess, command: LoadCommand): Promise<LoadReport> {
  child.send(command)
  return once(child, 'message').then(([report]) => report as LoadReport)
}

export async function run({
  watchers = 1_000,
  stalled = 50,
}: {
  watchers?: number
  stalled?: number
} = {}): Promise<SseFigures> {
  const log = syntheticLog()
  const http = createHttp({
    tools: [],
    calls: { call: () => Promise.resolve(null) },
    auth: createFakeAuth(),
    config: { host: '127.0.0.1', port: 0, authMode: 'on' },
    streams: log.source,
    staticDir: 'dist/web',
    version: 'bench',
    about: { nodeName: 'bench', dataDir: '' },
    log: silentLog,
    health: () => Promise.resolve({ ready: true, checks: [] }),
  })
  const { port } = await http.listen()
  const child = fork(new URL('sse-load.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const [warm, live] = [runId(0), runId(1)]
    // Code paths are compiled and pools are filled before anything is measured.
    log.start(warm, 100)
    for (let i = 0; i < 300; i++) log.append(warm)
    await tell(child, { do: 'connect', port, runId: warm, count: 50, reads: true })
    await tell(child, { do: 'wait', runId: warm, events: 300 })

    log.start(live, 100)
    const before = await settledRss()
    await tell(child, { do: 'connect', port, runId: live, count: watchers, reads: true })
    const total = eventsPerSecond * seconds
    const rowsBefore = log.rowsRead()
    const ticker = setInterval(() => log.append(live), 1_000 / eventsPerSecond)
    await delay(seconds * 1_000)
    clearInterval(ticker)
    for (;;) {
      if ((await log.source.read(live, total - 1, 1)).length > 0) break
      log.append(live)
    }
    const reported = await tell(child, { do: 'wait', runId: live, events: total })
    const rowsRead = log.rowsRead() - rowsBefore
    const kbPerWatcher = ((await settledRss()) - before) / 1024 / watchers

    const settled = await settledRss()
    const burstPast = async (id: string, stalledReaders: number) => {
      log.start(id, burstEventBytes)
      await tell(child, { do: 'connect', port, runId: id, count: stalledReaders, reads: false })
      await tell(child, { do: 'connect', port, runId: id, count: healthyDuringBurst, reads: true })
      let peak = await settledRss()
      const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10)
      const started = performance.now()
      for (let n = 0; n < burstEvents; n++) log.append(id)
      const { faults } = await tell(child, { do: 'wait', runId: id, events: burstEvents })
      const ms = performance.now() - started
      await delay(300)
      clearInterval(sampler)
      return { mb: (peak - settled) / 1024 / 1024, ms, faults }
    }
    const control = await burstPast(runId(2), 0)
    const past = await burstPast(runId(3), stalled)

    const round = (value: number) => Math.round(value * 10) / 10
    return {
      watchers,
      kbPerWatcher: round(kbPerWatcher),
      p50Ms: round(reported.p50Ms),
      p99Ms: round(reported.p99Ms),
      maxMs: round(reported.maxMs),
      faults: reported.faults + control.faults + past.faults,
      rowsRead,
      stalled,
      burstMb: round((burstEvents * burstEventBytes) / 1024 / 1024),
      controlMb: round(control.mb),
      stalledMb: round(past.mb),
      burstMs: Math.round(past.ms),
    }
  } finally {
    child.kill()
    await http.close({ graceMs: 500 })
  }
}

if (import.meta.main) {
  const figures = await run({ watchers: Number(process.argv[2] ?? 1_000), stalled: Number(process.argv[3] ?? 50) })
  process.stdout.write(`${JSON.stringify({ bench: 'sse', ...figures })}\n`)
}
