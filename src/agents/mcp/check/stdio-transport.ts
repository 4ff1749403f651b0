// A stdio MCP server as a transport for the official client, started as an agent's launcher starts it. Its
// own, because the library's is unbounded in time and ends only the process itself: here it has a group of
// its own, bounded output on both streams, and when it is closed nothing of it is left.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { deserializeMessage, type JSONRPCMessage, serializeMessage, type Transport } from '@modelcontextprotocol/client'
import type { StdioServerLaunch } from '../../adapter.ts'
import { tail } from '../../bounds.ts'
import { CheckFailure, flooded, garbageOf } from './failure.ts'
import { createBoundedLines } from './lines.ts'
import { signalGroup, sweep } from './process-tree.ts'
import { describeSpawnError } from './spawn-error.ts'

const maxLineBytes = 8 * 1024 * 1024
const maxOutputBytes = 32 * 1024 * 1024
/** Of lines that are no message: a greeting is harmless, a program that only talks is not a server. */
const maxGarbageBytes = 256 * 1024
const maxStderrChars = 8 * 1024
/** After its stdin has ended, after SIGTERM, and for the last bytes of a process that has ended. */
const grace = { eofMs: 500, termMs: 1_000, drainMs: 250 }

export interface StdioOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute; must exist. */
  readonly cwd: string
  /** `NAME=value` in `env`, by which everything that came from the server is found. */
  readonly marker: string
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

export class StdioServer implements Transport {
  onclose: (() => void) | undefined
  onerror: ((error: Error) => void) | undefined
  onmessage: Transport['onmessage']
  /** Rejects when the server can no longer be talked to, with why. */
  readonly broken: Promise<never>

  readonly #launch: StdioServerLaunch
  readonly #options: StdioOptions
  readonly #lines = createBoundedLines(maxLineBytes, () => flooded(maxLineBytes))
  #child: Child | undefined
  #outBytes = 0
  #garbage: string | null = null
  #garbageBytes = 0
  #stderr = ''
  #closing: Promise<void> | undefined
  #break: (why: CheckFailure) => void = () => undefined

  constructor(launch: StdioServerLaunch, options: StdioOptions) {
    this.#launch = launch
    this.#options = options
    this.broken = new Promise<never>((_, reject) => {
      this.#break = (why) => {
        reject(why)
        this.onerror?.(why)
      }
    })
    this.broken.catch(() => undefined)
  }

  /** The end of what it wrote to stderr. Named as in the library, which knows a stdio transport by it. */
  get stderr(): string {
    return this.#stderr
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  get garbage(): string | null {
    return this.#garbage
  }

  async start(): Promise<void> {
    const { command, args } = this.#launch
    const { env, cwd } = this.#options
    let child: Child
    try {
      child = spawn(command, [...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    } catch (error) {
      throw await describeSpawnError(error, command, env['PATH'] ?? '')
    }
    this.#child = child
    child.stdin.on('error', () => undefined)
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = tail(this.#stderr + chunk.toString('utf8'), maxStderrChars)
    })
    const refused = await new Promise<Error | null>((resolve) => {
      child.once('spawn', () => resolve(null))
      child.once('error', resolve)
    })
    if (refused !== null) throw await describeSpawnError(refused, command, env['PATH'] ?? '')
    child.once('exit', (code, signal) => void this.#ended(code, signal))
  }

  #read(chunk: Buffer): void {
    this.#outBytes += chunk.length
    try {
      if (this.#outBytes > maxOutputBytes) throw flooded(maxOutputBytes)
      for (const line of this.#lines.push(chunk)) this.#take(line)
    } catch (error) {
      // No byte more is read: the pipe fills up and the server waits until it is ended.
      this.#child?.stdout.destroy()
      this.#break(error instanceof CheckFailure ? error : new CheckFailure('protocol', String(error)))
    }
  }

  #take(line: string): void {
    if (line.trim() === '') return
    let message: JSONRPCMessage
    try {
      message = deserializeMessage(line)
    } catch {
      // Agents skip such lines, and so do we; if it never comes to an answer, they are why.
      this.#garbage ??= line.slice(0, 500)
      this.#garbageBytes += line.length
      if (this.#garbageBytes > maxGarbageBytes) throw garbageOf(this.#garbage)
      return
    }
    this.onmessage?.(message)
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    // Its last words may still be in the pipes, which a child of its may also keep open.
    const child = this.#child
    if (child !== undefined && !child.stderr.readableEnded) {
      await Promise.race([new Promise((resolve) => child.once('close', resolve)), delay(grace.drainMs)])
    }
    if (this.#closing !== undefined) return
    const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by ${signal}`
    const last = this.#stderr.trim().split('\n').slice(-5).join('\n')
    const said = last === '' ? (this.#garbage === null ? '' : `: ${this.#garbage}`) : `: ${last}`
    this.#break(
      new CheckFailure(
        'exited',
        `it ended ${how} instead of answering${said}`,
        code === 127 ? 'a program it wants to start is missing' : 'start it in a terminal to see what it lacks',
      ),
    )
    this.onclose?.()
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child ?? {}
    if (stdin === undefined || !stdin.writable) throw new CheckFailure('exited', 'it no longer reads what it is sent')
    await new Promise<void>((resolve) => {
      stdin.write(serializeMessage(message), () => resolve())
    })
  }

  /** Returns when no process of it is left. */
  async close(): Promise<void> {
    this.#closing ??= this.#end()
    await this.#closing
  }

  async #end(): Promise<void> {
    const child = this.#child
    if (child?.pid !== undefined) {
      const exited = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)))
      const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null
      const within = async (ms: number): Promise<boolean> => isGone() || Promise.race([exited, delay(ms, false)])
      child.stdin.end()
      if (!(await within(grace.eofMs))) {
        signalGroup(child.pid, 'SIGTERM')
        await within(grace.termMs)
      }
      signalGroup(child.pid, 'SIGKILL')
      if (!isGone()) await exited
      await sweep(this.#options.marker)
      child.stdout.destroy()
      child.stderr.destroy()
    }
    this.onclose?.()
  }
}
