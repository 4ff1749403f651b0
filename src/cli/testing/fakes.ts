// A terminal that remembers and a Maestro that answers from a table, for tests of the command line.

import { Readable } from 'node:stream'
import type { MaestroClient, SseEvent } from '#src/app/owner-client.ts'
import { MaestroError } from '#src/core/index.ts'
import { main } from '../main.ts'
import { type Deps, systemDeps } from '../deps.ts'
import type { Io } from '../io.ts'

export interface FakeRequest {
  readonly method: string
  /** Below `/api/v1`, with the query. */
  readonly path: string
  readonly body: unknown
}

export interface FakeMaestro {
  readonly requests: FakeRequest[]
  /** `GET /runs` (without the query) to its answer: JSON for 200, or `[status, JSON]` by a function. */
  readonly answers: Record<string, unknown>
  /** Each connection to a stream plays the next list; a list may end with an error. */
  readonly streams: (readonly (SseEvent | Error)[])[]
  /** `Last-Event-ID` of each stream that was opened. */
  readonly cursors: (string | undefined)[]
}

export function fakeMaestro(
  answers: Record<string, unknown> = {},
  streams: (readonly (SseEvent | Error)[])[] = [],
): FakeMaestro {
  return { requests: [], answers, streams, cursors: [] }
}

function fakeClient(maestro: FakeMaestro): MaestroClient {
  const below = (path: string) => path.replace(/^\/api\/v1/, '')
  return {
    async request(method, path, body) {
      const request = { method, path: below(path), body }
      maestro.requests.push(request)
      const key = `${method} ${request.path.split('?')[0]}`
      if (!(key in maestro.answers)) return { status: 404, json: problem('not_found', 404, `nothing at ${key}`) }
      const answer = maestro.answers[key]
      if (typeof answer !== 'function') return { status: 200, json: answer }
      const [status, json] = (answer as (request: FakeRequest) => [number, unknown])(request)
      return { status, json }
    },
    async *stream(_path, options = {}) {
      maestro.cursors.push(options.lastEventId)
      for (const item of maestro.streams.shift() ?? []) {
        if (item instanceof Error) throw item
        if (options.signal?.aborted === true) throw options.signal.reason
        yield item
      }
    },
    close: () => undefined,
  }
}

export function problem(code: string, status: number, detail: string, more: object = {}): object {
  return { type: 'about:blank', title: code, status, code, detail, ...more }
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface RunCliOptions {
  readonly maestro?: FakeMaestro
  readonly env?: NodeJS.ProcessEnv
  /** Several are what is typed one after the other. */
  readonly stdin?: string | readonly string[]
  readonly isTty?: boolean
  /** Stdin is a terminal: the verb may ask. */
  readonly asks?: boolean
  /** Plays the editor; its exit code. */
  readonly attach?: (program: string, args: readonly string[]) => number | null
  readonly now?: number
  readonly deps?: Partial<Deps>
  /** Given the sender of signals, before the command runs. */
  readonly withSignals?: (send: (signal: string) => void) => void
}

function typed({ stdin = [], asks = false }: RunCliOptions): Io['stdin'] {
  const chunks = (typeof stdin === 'string' ? [stdin] : stdin).map((text) => Buffer.from(text))
  return Object.assign(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), { isTTY: asks })
}

/** Runs one command line against the fakes. */
export async function runCli(argv: readonly string[], options: RunCliOptions = {}): Promise<Ran> {
  let out = ''
  let err = ''
  const listeners = new Map<string, () => void>()
  options.withSignals?.((signal) => listeners.get(signal)?.())
  const io: Io = {
    env: options.env ?? {},
    cwd: '/somewhere',
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    outBytes: (bytes) => void (out += Buffer.from(bytes).toString()),
    errBytes: (bytes) => void (err += Buffer.from(bytes).toString()),
    outIsTty: options.isTty ?? false,
    errIsTty: options.isTty ?? false,
    columns: 100,
    stdin: typed(options),
    now: () => options.now ?? 1_000_000,
    // After everything that is ready to happen.
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    onSignal(signal, listener) {
      listeners.set(signal, listener)
      return { [Symbol.dispose]: () => void listeners.delete(signal) }
    },
    exit: (code) => void (err += `[exit ${code}]`),
    launch: () => Promise.resolve(false),
    attach: (program, args) => Promise.resolve(options.attach?.(program, args) ?? null),
  }
  const maestro = options.maestro
  const deps: Deps = {
    readConfig: ({ flags }) => Promise.resolve({ dataDir: flags.dataDir ?? '/data' }),
    serve: () => Promise.reject(new MaestroError('internal', 'not served here')),
    ownerClient: ({ dataDir }) =>
      maestro === undefined
        ? Promise.reject(
            new MaestroError('unavailable', `no Maestro runs for "${dataDir}"`, {
              details: { reason: 'not_running' },
              hint: 'start it',
            }),
          )
        : Promise.resolve({
            owner: { ok: true, version: '1.0.0', pid: 77, url: 'http://127.0.0.1:3000' },
            ...fakeClient(maestro),
          }),
    remoteClient: () => Promise.reject(new MaestroError('internal', 'no remote node here')),
    forwardPort: () => Promise.reject(new MaestroError('internal', 'no port is opened here')),
    studio: systemDeps.studio,
    ...options.deps,
  }
  const code = await main(argv, { io, deps, about: { version: '1.0.0', cloneRoot: '/clone' } })
  return { code, out, err }
}
