// A real server in a process of its own, for tests across rooms: started from source on a free port with
// a data folder of its own, killed and started again as a test likes. Talks to it over HTTP like anyone.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createOwnerClient } from '#src/app/testing/index.ts'
import { readOwner } from '#src/store/index.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'
import { isFinal } from '#src/tasks/index.ts'
import type { Run, Workflow, WorkflowInput } from '#src/workflows/contract.ts'
import { findPart } from '../parts.ts'

export const root = join(import.meta.dirname, '../..')

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>
  /** An existing folder, for a second server or a restart; it is then not removed. */
  readonly dataDir?: string
  /** Everyone must say who they are: `api` then uses a token, a browser needs `signInLink`. */
  readonly auth?: boolean
  /** A restart comes back at the same address, as a browser that is watching needs it. */
  readonly keepPort?: boolean
}

export interface TestServer extends AsyncDisposable {
  readonly dataDir: string
  readonly home: string
  readonly url: string
  readonly pid: number
  readonly log: () => string
  /** SIGKILL to the server alone; its agents live on. */
  kill(): Promise<void>
  /** Starts it again on the same data. */
  restart(): Promise<void>
  isRunning(): boolean
  /** Waits for it to end by itself, and gives its exit code. */
  exited(timeoutMs?: number): Promise<number | null>
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>
  /** @throws with the problem body unless the status is one of `expected` (default: any 2xx). */
  api<T>(method: string, path: string, body?: unknown, expected?: number): Promise<T>
  /** Signs one browser in, once. Asked of the owner's socket, as `maestro open` does. */
  signInLink(): Promise<string>
  raw(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  createWorkflow(input: WorkflowInput): Promise<Workflow>
  startRun(workflowId: string): Promise<Run>
  /** Waits for the run to end or be parked. */
  ended(runId: string, timeoutMs?: number): Promise<Run>
  run(input: WorkflowInput, timeoutMs?: number): Promise<Run>
  /** Polls until `condition` holds for the run. */
  until(runId: string, condition: (run: Run) => boolean, timeoutMs?: number): Promise<Run>
  events(runId: string): Promise<TaskEvent[]>
}

const startTimeoutMs = 30_000

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'maestro-e2e-'))
  const dataDir = options.dataDir ?? join(home, 'data')
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_RUNTIME_DIR: home,
    MAESTRO_DATA_DIR: dataDir,
    MAESTRO_AUTH: options.auth === true ? 'on' : 'off',
    MAESTRO_DISK_RESERVE_MB: '1',
    PORT: '0',
    ...options.env,
  }
  let child: ChildProcess | undefined
  let url = ''
  let text = ''
  let token: string | undefined

  async function start(): Promise<void> {
    text = ''
    const started = spawn(process.execPath, ['--liftoff-only', join(root, 'src/main.ts'), 'serve'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    started.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    started.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const giveUpAt = Date.now() + startTimeoutMs
    for (;;) {
      if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}:\n${text}`)
      if (Date.now() > giveUpAt) {
        // Left alone it would outlive the test and keep its runner waiting.
        started.kill('SIGKILL')
        throw new Error(`the server did not start within ${startTimeoutMs} ms:\n${text}`)
      }
      const owner = existsSync(dataDir) ? await readOwner(dataDir) : undefined
      if (owner?.pid === started.pid && owner?.url != null) {
        url = owner.url
        if (options.keepPort === true) env['PORT'] = new URL(url).port
        return
      }
      await delay(20)
    }
  }

  async function askOwner<T>(path: string, body: unknown): Promise<T> {
    const client = await createOwnerClient({ dataDir, version: 'tests', anyVersion: true, ensure: 'must-run' })
    try {
      const { status, json } = await client.request('POST', `/api/v1${path}`, body)
      if (status !== 201) throw new Error(`the owner answered ${status} to ${path}: ${JSON.stringify(json)}`)
      return json as T
    } finally {
      client.close()
    }
  }

  async function gone(process: ChildProcess): Promise<void> {
    if (process.exitCode === null && process.signalCode === null) await once(process, 'exit')
  }

  const server: TestServer = {
    dataDir,
    home,
    get url() {
      return url
    },
    get pid() {
      return child?.pid ?? 0
    },
    log: () => text,
    async kill() {
      child?.kill('SIGKILL')
      if (child !== undefined) await gone(child)
    },
    restart: start,
    isRunning: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    async exited(timeoutMs = 10_000) {
      const giveUp = delay(timeoutMs, 'late' as const, { ref: false })
      if (child !== undefined && (await Promise.race([gone(child), giveUp])) === 'late')
        throw new Error(`the server has not ended within ${timeoutMs} ms:\n${text}`)
      return child?.exitCode ?? null
    },
    async stop() {
      child?.kill('SIGTERM')
      if (child !== undefined) await gone(child)
      return child?.exitCode ?? null
    },
    async raw(method, path, body, headers = {}) {
      return fetch(`${url}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    },
    async api<T>(method: string, path: string, body?: unknown, expected?: number) {
      const response = await server.raw(method, `/api/v1${path}`, body)
      const json = (await response.json()) as T
      if (expected === undefined ? !response.ok : response.status !== expected) {
        throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(json)}`)
      }
      return json
    },
    signInLink: async () => (await askOwner<{ url: string }>('/session/links', {})).url,
    createWorkflow: (input) => server.api('POST', '/workflows', input),
    startRun: (workflowId) => server.api('POST', `/workflows/${workflowId}/runs`, {}),
    ended: (runId, timeoutMs) =>
      server.until(runId, (run) => isFinal(run.status) || run.status === 'waiting', timeoutMs),
    async run(input, timeoutMs) {
      const workflow = await server.createWorkflow(input)
      return server.ended((await server.startRun(workflow.id)).id, timeoutMs)
    },
    async until(runId, condition, timeoutMs = 30_000) {
      const giveUpAt = Date.now() + timeoutMs
      for (;;) {
        const run = await server.api<Run>('GET', `/runs/${runId}`)
        if (condition(run)) return run
        if (Date.now() > giveUpAt) throw new Error(`run ${runId} is still ${JSON.stringify(run, null, 1)}\n${text}`)
        await delay(25)
      }
    },
    async events(runId) {
      const all: TaskEvent[] = []
      for (;;) {
        const after = all.at(-1)?.seq ?? 0
        const response = await server.raw('GET', `/api/v1/runs/${runId}/events?after=${after}`, undefined, {
          accept: 'application/json',
        })
        const page = (await response.json()) as { items: TaskEvent[] }
        if (page.items.length === 0) return all
        all.push(...page.items)
      }
    },
    async [Symbol.asyncDispose]() {
      await server.kill()
      await killMarked(dataDir)
      // Supervisors of what was just killed still write their last line.
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    },
  }
  await start()
  if (options.auth === true) token = (await askOwner<{ token: string }>('/tokens', { name: 'tests' })).token
  return server
}

/** Workflow steps in short: each a prompt, with what differs from the defaults. */
export function steps(...prompts: (string | { text: string; [field: string]: unknown })[]): WorkflowInput['steps'] {
  return prompts.map((prompt, index) => ({
    id: `s${index + 1}`,
    ...(typeof prompt === 'string' ? { text: prompt } : prompt),
  }))
}

/** Environment that plays the real Goose against a stub model server. */
export function gooseEnv(stubUrl: string): Record<string, string> {
  return {
    GOOSE_BIN: findPart('goose') ?? '',
    OPENROUTER_HOST: stubUrl,
    OPENROUTER_API_KEY: 'sk-or-v1-canary-0123456789abcdef',
    MAESTRO_GOOSE_SKIP_BACKOFF: '1',
  }
}

/** Processes of turns (by their marker), or of run folders below a data folder. */
export async function marked(taskIds: readonly string[]): Promise<number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (taskIds.some((id) => environment.split('\0').includes(`MAESTRO_RUN_ID=${id}`))) found.push(Number(pid))
  }
  return found
}

async function killMarked(dataDir: string): Promise<void> {
  const spool = await readdir(join(dataDir, 'spool')).catch(() => [])
  for (const pid of await marked(spool)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has gone by itself.
    }
  }
}

/** Text of a run's answer as its events tell it, deltas joined. */
export function spokenText(events: readonly TaskEvent[]): string {
  return events.map((event) => (event.body.type === 'text.delta' ? event.body.text : '')).join('')
}
