// The command line and other programs as processes of their own, for tests across rooms: exit code and what they wrote.
// Bounded: what hangs is ended and fails the test that waits for it.

import { type ChildProcess, spawn } from 'node:child_process'
import { basename, join } from 'node:path'
import { root, type TestServer } from './server.ts'

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CommandOptions {
  /** The whole environment but PATH, which is this process's. */
  readonly env: Readonly<Record<string, string>>
  /** Null: nothing, and no end either. */
  readonly stdin?: string | null
  readonly cwd?: string
  readonly timeoutMs?: number
  readonly onStart?: (child: ChildProcess) => void
}

/** `maestro <args>`, run from source. @throws when it takes longer than `timeoutMs` (30 s) */
export function maestro(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return program(process.execPath, ['--liftoff-only', join(root, 'src/main.ts'), ...args], options)
}

/** Any program. @throws when it cannot be started, or takes longer than `timeoutMs` (30 s) */
export function program(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { env, cwd, stdin = '', timeoutMs = 30_000 } = options
  const child = spawn(file, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  })
  options.onStart?.(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  // It may end without having read what it is given.
  child.stdin.on('error', () => undefined)
  if (stdin !== null) child.stdin.end(stdin)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${basename(file)} ${args.join(' ')} did not end in ${timeoutMs} ms:\n${out}\n${err}`))
    }, timeoutMs)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, out, err })
    })
  })
}

/** The environment of who sits at the machine of a test server. */
export function envOf(server: Pick<TestServer, 'home' | 'dataDir'>): Record<string, string> {
  return {
    HOME: server.home,
    XDG_RUNTIME_DIR: server.home,
    MAESTRO_DATA_DIR: server.dataDir,
    MAESTRO_AUTH: 'off',
    MAESTRO_DISK_RESERVE_MB: '1',
    PORT: '0',
  }
}
