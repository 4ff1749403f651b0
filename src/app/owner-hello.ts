// The first line in each direction of an owner connection: who connects and for what, and who answers. After them the
// stream belongs to another protocol: HTTP, MCP, or bytes that came in on another port. Nothing in a hello ever becomes
// configuration. A hello of `mcp` is written by src/cli/mcp-pipe/owner.cjs too.

import type { Socket } from 'node:net'
import { z } from 'zod'
import { mcpProfiles, SECOND } from '#src/core/index.ts'

export const helloLimits = { bytes: 4096, ms: 5 * SECOND } as const

const version = z.string().min(1).max(64)
const cwd = z.string().max(4096)
const profiles = z.array(z.enum(mcpProfiles)).max(mcpProfiles.length).default([])
const clientName = z.string().min(1).max(64)

/** The command line, which is the owner. `cwd` and `sshAuthSock` serve this connection's requests only. */
export const HttpHello = z.object({
  maestro: z.literal('http'),
  version,
  cwd,
  sshAuthSock: z.string().max(1024).optional(),
})
export type HttpHello = z.infer<typeof HttpHello>

/** A program that speaks MCP. `as` was chosen by who started it; `client` is what it calls itself. */
export const McpHello = z.object({
  maestro: z.literal('mcp'),
  version,
  cwd,
  profiles,
  as: clientName.optional(),
  client: clientName.optional(),
})
export type McpHello = z.infer<typeof McpHello>

/** A connection that a process of the owner's accepted for it on a port: whoever is behind it is a stranger. */
export const TcpHello = z.object({
  maestro: z.literal('tcp'),
  version,
  bind: z.object({ host: z.string().min(1).max(255), port: z.int().min(1).max(65_535) }),
  peer: z.string().max(64),
  /** Of requests that name none. */
  profiles,
})
export type TcpHello = z.infer<typeof TcpHello>

export const Hello = z.discriminatedUnion('maestro', [HttpHello, McpHello, TcpHello])
export type Hello = z.infer<typeof Hello>
export const helloKinds = ['http', 'mcp', 'tcp'] as const satisfies readonly Hello['maestro'][]

/** What the owner answers. `url` is null while it listens on no port. */
export const OwnerHello = z.object({
  ok: z.literal(true),
  version: z.string(),
  pid: z.int(),
  url: z.string().nullable(),
  /** To `mcp` only: tools that change nothing, so that a call of theirs which was cut off can be made again. */
  readTools: z.array(z.string()).optional(),
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
