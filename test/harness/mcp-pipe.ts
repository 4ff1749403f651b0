// `bin/maestro mcp` as a client starts it: a process of its own that is spoken to in bare lines, so that every answer is
// seen, also one too many. Its owner is whichever it starts in the data folder given.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOwner } from '#src/store/index.ts'
import { root } from './server.ts'

export interface RpcAnswer {
  readonly id: unknown
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** Disposing ends it with SIGKILL when it has not ended. */
export interface McpPipe extends AsyncDisposable {
  readonly child: ChildProcess
  /** Resolves with the answer. @throws when the process ends without one */
  request(method: string, params?: object): Promise<RpcAnswer>
  notify(method: string, params?: object): void
  /** Every answer so far by the id of its request, in order. */
  readonly answers: ReadonlyMap<number, readonly RpcAnswer[]>
  readonly err: () => string
  /** Ends its input, and gives its exit code. */
  close(): Promise<number | null>
}

/** The environment of a person with nothing but a data folder. Disposing ends the owner and removes it all. */
export interface Place extends AsyncDisposable {
  readonly dir: string
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
  /** Of the owner that runs or ran last. */
  ownerPid(): Promise<number | undefined>
  killOwner(): Promise<void>
}

export async function makePlace(): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'maestro-mcp-'))
  const dataDir = join(dir, 'data')
  const ownerPid = async () => (await readOwner(dataDir))?.pid
  const killOwner = async (): Promise<void> => {
    const pid = await ownerPid()
    if (pid === undefined) return
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has gone already.
    }
  }
  return {
    dir,
    dataDir,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      XDG_RUNTIME_DIR: dir,
      MAESTRO_DATA_DIR: dataDir,
      MAESTRO_AUTH: 'off',
      MAESTRO_DISK_RESERVE_MB: '1',
      PORT: '0',
    },
    ownerPid,
    killOwner,
    async [Symbol.asyncDispose]() {
      await killOwner()
      await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    },
  }
}

export function startMcpPipe(place: Pick<Place, 'env' | 'dir'>, args: readonly string[] = []): McpPipe {
  const child = spawn(join(root, 'bin', 'maestro'), ['mcp', ...args], {
    env: place.env,
    cwd: place.dir,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const answers = new Map<number, RpcAnswer[]>()
  const waiting = new Map<number, { resolve(answer: RpcAnswer): void; reject(error: Error): void }>()
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code))
  })
  let nextId = 1
  let err = ''
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.stdin.on('error', () => undefined)
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(JSON.parse(line) as RpcAnswer & { method?: string })
  })
  void exited.then((code) => {
    for (const { reject } of waiting.values()) reject(new Error(`maestro mcp ended with ${code}: ${err}`))
  })
  function hear(message: RpcAnswer & { method?: string }): void {
    if (message.method !== undefined || typeof message.id !== 'number') return
    answers.set(message.id, [...(answers.get(message.id) ?? []), message])
    waiting.get(message.id)?.resolve(message)
    waiting.delete(message.id)
  }
  const say = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  return {
    child,
    request: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        say({ id, method, params })
      }),
    notify: (method, params = {}) => say({ method, params }),
    answers,
    err: () => err,
    close() {
      child.stdin.end()
      return exited
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The handshake of the 2025 era. */
export async function initialize(pipe: McpPipe): Promise<RpcAnswer> {
  const answer = await pipe.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'harness', version: '1' },
  })
  pipe.notify('notifications/initialized')
  return answer
}
