// The first line in each direction of an owner connection: who connects, and who answers. After them the
// stream belongs to another protocol (HTTP today). Nothing in a hello ever becomes configuration.

import type { Socket } from 'node:net'
import { z } from 'zod'
import { SECOND } from '#src/core/index.ts'

export const helloLimits = { bytes: 4096, ms: 5 * SECOND } as const

/** What a client says. `cwd` and `sshAuthSock` serve this connection's requests only. */
export const Hello = z.object({
  maestro: z.literal('http'),
  version: z.string().min(1).max(64),
  cwd: z.string().max(4096),
  sshAuthSock: z.string().max(1024).optional(),
})
export type Hello = z.infer<typeof Hello>

/** What the owner answers. `url` is null while it listens on no port. */
export const OwnerHello = z.object({
  ok: z.literal(true),
  version: z.string(),
  pid: z.int(),
  url: z.string().nullable(),
})
export type OwnerHello = z.infer<typeof OwnerHello>

export const OwnerRefusal = z.object({ ok: z.literal(false), error: z.string(), hint: z.string() })
export type OwnerRefusal = z.infer<typeof OwnerRefusal>

export type LineProblem = 'too_long' | 'too_slow' | 'closed'
export type LineResult =
  | { readonly ok: true; readonly line: string }
  | { readonly ok: false; readonly problem: LineProblem }

/**
 * Reads up to the first line break and leaves the rest in the paused socket. Never rejects; attaches an
 * error listener for the time it reads, so a broken connection is `closed`.
 */
export function readLine(socket: Socket, limits: { bytes: number; ms: number }): Promise<LineResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (result: LineResult) => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', onClosed).off('close', onClosed).off('error', onClosed)
      resolve(result)
    }
    const onClosed = () => settle({ ok: false, problem: 'closed' })
    const onData = (chunk: Buffer) => {
      const lineEnd = chunk.indexOf(0x0a)
      const lineBytes = size + (lineEnd === -1 ? chunk.length : lineEnd)
      if (lineBytes > limits.bytes) {
        socket.pause()
        settle({ ok: false, problem: 'too_long' })
        return
      }
      if (lineEnd === -1) {
        chunks.push(chunk)
        size += chunk.length
        return
      }
      socket.pause()
      chunks.push(chunk.subarray(0, lineEnd))
      const surplus = chunk.subarray(lineEnd + 1)
      settle({ ok: true, line: Buffer.concat(chunks).toString('utf8') })
      if (surplus.length > 0) socket.unshift(surplus)
    }
    const timer = setTimeout(() => {
      socket.pause()
      settle({ ok: false, problem: 'too_slow' })
    }, limits.ms)
    socket.on('data', onData).on('end', onClosed).on('close', onClosed).on('error', onClosed)
  })
}

/** The value of a line of JSON, or undefined when it is none. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
