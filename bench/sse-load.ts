// The watchers of bench/sse.ts, in a process of their own: raw sockets, so that a thousand of them cost
// little, and so that some can refuse to read. Started by fork; talks over IPC.

import { connect } from 'node:net'
import { goodToken } from '#src/http/testing/index.ts'

export type LoadCommand =
  /** Opens streams; answers when each has its response head (or, when it does not read, is connected). */
  | {
      readonly do: 'connect'
      readonly port: number
      readonly runId: string
      readonly count: number
      readonly reads: boolean
    }
  /** Answers when every reading watcher of the run has that many events. */
  | { readonly do: 'wait'; readonly runId: string; readonly events: number }

export interface LoadReport {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Events out of order, missing or repeated. */
  readonly faults: number
}

interface Run {
  readonly lastSeqs: number[]
  readonly delaysMs: number[]
  faults: number
  onProgress: () => void
}

const runs = new Map<string, Run>()
const runOf = (id: string): Run => {
  const run = runs.get(id) ?? { lastSeqs: [], delaysMs: [], faults: 0, onProgress: () => undefined }
  runs.set(id, run)
  return run
}

function watch(port: number, runId: string, reads: boolean): Promise<void> {
  const run = runOf(runId)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `GET /api/v1/runs/${runId}/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${goodToken}\r\nAccept: text/event-stream\r\n\r\n`,
      )
      if (!reads) {
        socket.pause()
        resolve()
      }
    })
    socket.on('error', reject)
    if (!reads) return
    const index = run.lastSeqs.push(0) - 1
    let rest = ''
    socket.on('data', (chunk: Buffer) => {
      const now = performance.timeOrigin + performance.now()
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('HTTP/1.1 200')) resolve()
        else if (line.startsWith('id: ')) {
          const seq = Number(line.slice(4))
          if (seq !== (run.lastSeqs[index] ?? 0) + 1) run.faults++
          run.lastSeqs[index] = seq
        } else if (line.startsWith('data: ')) {
          const at = line.indexOf('sent=')
          run.delaysMs.push(now - Number(line.slice(at + 5, line.indexOf(';', at))))
        }
      }
      run.onProgress()
    })
  })
}

function report(run: Run): LoadReport {
  const sorted = run.delaysMs.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), faults: run.faults }
}

async function obey(command: LoadCommand): Promise<LoadReport> {
  const run = runOf(command.runId)
  if (command.do === 'connect') {
    for (let open = 0; open < command.count; open += 50) {
      const batch = Math.min(50, command.count - open)
      await Promise.all(Array.from({ length: batch }, () => watch(command.port, command.runId, command.reads)))
    }
    return report(run)
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  run.onProgress = () => {
    if (run.lastSeqs.every((seq) => seq >= command.events)) resolve()
  }
  run.onProgress()
  await promise
  return report(run)
}

if (process.send !== undefined) {
  process.on('message', (command: LoadCommand) => {
    obey(command).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  })
}
