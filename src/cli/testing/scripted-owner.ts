// Plays owners to the pipe: a chain of connections of which each can be answered, kept silent or cut by the test.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { createPipe } from '../mcp-pipe/pipe.cjs'

export type Json = Record<string, unknown>

/** A stream of messages, read one after the other. */
export interface Messages {
  next(): Promise<Json>
  /** What has come and was not read. */
  readonly unread: readonly Json[]
}

export interface OwnerSide {
  readonly socket: Socket
  readonly heard: Messages
  say(message: Json): void
  /** As kill -9 does. */
  die(): void
}

export interface PipeUnderTest extends AsyncDisposable {
  say(message: Json): void
  readonly input: PassThrough
  readonly output: PassThrough
  readonly heard: Messages
  /** The next connection that the pipe makes. */
  owner(): Promise<OwnerSide>
  /** While false, no owner answers. */
  setUp(isUp: boolean): void
  readonly starts: () => number
  readonly names: readonly (string | undefined)[]
  readonly done: Promise<number>
  readonly logged: readonly string[]
  quietMs(): number
}

export interface PipeTestOptions {
  readonly readTools?: readonly string[]
  readonly versions?: readonly string[]
  readonly ensure?: () => Promise<void>
  readonly maxMessageBytes?: number
  readonly drainMs?: number
  readonly isNamed?: boolean
}

export async function pipeUnderTest(options: PipeTestOptions = {}): Promise<PipeUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'm-pipe-'))
  const path = join(dir, 's')
  const accepted: OwnerSide[] = []
  let onAccepted: () => void = () => undefined
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    accepted.push({
      socket,
      heard: messages(socket),
      say: (message) => void socket.write(`${JSON.stringify(message)}\n`),
      die: () => void socket.destroy(),
    })
    onAccepted()
  })
  server.listen(path)
  await once(server, 'listening')

  const input = new PassThrough()
  const output = new PassThrough()
  const names: (string | undefined)[] = []
  const logged: string[] = []
  let isUp = true
  let starts = 0
  const pipe = createPipe({
    input,
    output,
    isNamed: options.isNamed ?? false,
    watchMs: 20,
    drainMs: options.drainMs ?? 5_000,
    ...(options.maxMessageBytes === undefined ? {} : { maxMessageBytes: options.maxMessageBytes }),
    log: (line) => logged.push(line),
    async connect(client) {
      if (!isUp) return undefined
      names.push(client)
      const socket = connect({ path, allowHalfOpen: true })
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.pause()
      const version = options.versions?.[names.length - 1] ?? '1'
      return { socket, answer: { ok: true, version, readTools: options.readTools ?? [] } }
    },
    async ensureOwner() {
      starts++
      if (options.ensure !== undefined) await options.ensure()
      isUp = true
    },
  })
  return {
    input,
    output,
    heard: messages(output),
    say: (message) => void input.write(`${JSON.stringify(message)}\n`),
    async owner() {
      for (;;) {
        const next = accepted.shift()
        if (next !== undefined) return next
        await new Promise<void>((resolve) => (onAccepted = resolve))
      }
    },
    setUp: (value) => (isUp = value),
    starts: () => starts,
    names,
    done: pipe.done,
    logged,
    quietMs: () => pipe.quietMs(),
    async [Symbol.asyncDispose]() {
      pipe.close(0)
      for (const { socket } of accepted) socket.destroy()
      server.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export function messages(stream: NodeJS.ReadableStream): Messages {
  const unread: Json[] = []
  let onMore: () => void = () => undefined
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    unread.push(...parts.map((part) => JSON.parse(part) as Json))
    onMore()
  })
  return {
    unread,
    async next() {
      for (;;) {
        const message = unread.shift()
        if (message !== undefined) return message
        await new Promise<void>((resolve) => (onMore = resolve))
      }
    },
  }
}
