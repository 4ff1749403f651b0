// The terminal and the process as arguments: streams, environment, time, signals. Tests pass a recording one.

import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

export interface Io {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Results. Written to a closed pipe (`| head`), it ends the process quietly. */
  out(text: string): void
  /** Errors, hints and notes. */
  err(text: string): void
  /** What a command printed, as it is. */
  outBytes(bytes: Uint8Array): void
  errBytes(bytes: Uint8Array): void
  readonly outIsTty: boolean
  readonly errIsTty: boolean
  readonly columns: number
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown }
  now(): number
  /** Ends early, without an error, when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Replaces the default action of the signal until disposed. */
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): Disposable
  /** At once, without cleaning up: for a second Ctrl-C. */
  exit(code: number): void
  /** Starts a program that outlives this one; false when it cannot be started. */
  launch(program: string, args: readonly string[]): Promise<boolean>
  /** Gives the terminal to a program and waits for its end; its exit code, null when it cannot be started. */
  attach(program: string, args: readonly string[]): Promise<number | null>
}

export function systemIo(): Io {
  const { stdout, stderr, stdin } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    env: process.env,
    cwd: process.cwd(),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outBytes: (bytes) => void stdout.write(bytes),
    errBytes: (bytes) => void stderr.write(bytes),
    outIsTty: stdout.isTTY,
    errIsTty: stderr.isTTY,
    columns: stdout.isTTY ? stdout.columns : 100,
    get stdin() {
      return stdin
    },
    now: () => Date.now(),
    sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
    onSignal(signal, listener) {
      process.on(signal, listener)
      return { [Symbol.dispose]: () => void process.off(signal, listener) }
    },
    exit: (code) => process.exit(code),
    attach: (program, args) =>
      new Promise((resolve) => {
        const child = spawn(program, args, { stdio: 'inherit' })
        child.on('error', () => resolve(null))
        child.on('exit', (code) => resolve(code ?? 1))
      }),
    launch: (program, args) =>
      new Promise((resolve) => {
        const child = spawn(program, args, { detached: true, stdio: 'ignore' })
        child.on('error', () => resolve(false))
        child.on('spawn', () => {
          child.unref()
          resolve(true)
        })
      }),
  }
}
