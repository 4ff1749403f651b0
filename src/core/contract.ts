// What every room and the page agree on: ids, times, actors, error codes, usage, the call and
// problem shapes. Browser-safe: zod and types only, nothing from Node.

import { z } from 'zod'

/** Milliseconds since the Unix epoch, UTC. */
export const Timestamp = z.int().nonnegative()
export type Timestamp = z.infer<typeof Timestamp>

/** `<kind>_<26 letters>`: 128 random bits in Crockford base 32, lower case. */
export const Id = z.string().regex(/^[a-z]+_[0-9a-z]{26}$/, 'an id such as run_ followed by 26 letters and digits')
export type Id = z.infer<typeof Id>

/** A name that a person or an older system chose: safe as a file name and in a URL. */
export const Slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    'lower-case letters, digits, - and _, at most 64, starting with a letter or digit',
  )
export type Slug = z.infer<typeof Slug>

/**
 * The closed list of error codes. Every surface maps it in one exhaustive switch
 * (HTTP status, CLI exit code), so a new code does not compile until each has an answer.
 */
export const errorCodes = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  /** A person must say yes first; `details.approvalId` names what to decide. */
  'approval_required',
  'not_found',
  'conflict',
  'limit_exceeded',
  'not_ready',
  'unavailable',
  'timed_out',
  'cancelled',
  'corrupt_data',
  'storage_full',
  'unsupported',
  'internal',
] as const
export const ErrorCode = z.enum(errorCodes)
export type ErrorCode = z.infer<typeof ErrorCode>

/** One thing wrong with an input: where (JSON path), what was wrong. */
export const Issue = z.object({ path: z.string(), message: z.string() })
export type Issue = z.infer<typeof Issue>

/** Body of every HTTP error answer (RFC 9457 members plus ours). */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: ErrorCode,
  /** What failed, the value seen, what would be right. */
  detail: z.string(),
  /** The next thing to do. */
  hint: z.string().optional(),
  issues: z.array(Issue).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  requestId: z.string().optional(),
})
export type Problem = z.infer<typeof Problem>

/** Who asks. Names the surface, so that records can tell them apart. */
export const Actor = z.discriminatedUnion('kind', [
  /** The person whose data folder it is: the Unix socket, or `MAESTRO_AUTH=off`. */
  z.object({ kind: z.literal('owner'), via: z.enum(['socket', 'loopback']) }),
  /** A browser signed in by a one-time link. */
  z.object({ kind: z.literal('browser'), sessionId: z.string() }),
  /** A bearer token made by `maestro token`. */
  z.object({ kind: z.literal('token'), tokenId: z.string(), name: z.string() }),
  /**
   * A program on the owner's socket that speaks MCP (`maestro mcp`): an agent, so rules apply to it as they do not to
   * the owner. `name` is what it was started as (`--as`), else what it calls itself: told, not proven.
   */
  z.object({ kind: z.literal('client'), name: z.string() }),
  /** A workflow run acting for whoever started it. */
  z.object({ kind: z.literal('run'), runId: z.string() }),
  /** Maestro itself: recovery, sweeper, first start. */
  z.object({ kind: z.literal('system') }),
])
export type Actor = z.infer<typeof Actor>

/** What an agent may do in a turn. plan = reads and talks; edit = changes files; full = runs commands too. */
export const AgentMode = z.enum(['plan', 'edit', 'full'])
export type AgentMode = z.infer<typeof AgentMode>

/**
 * Tokens and money of one turn, step or run. `null` means nobody told us: it is shown as
 * "unknown", never as 0.
 */
export const Usage = z.object({
  inputTokens: z.int().nonnegative().nullable(),
  outputTokens: z.int().nonnegative().nullable(),
  cacheReadTokens: z.int().nonnegative().nullable(),
  cacheWriteTokens: z.int().nonnegative().nullable(),
  costUsd: z.number().nonnegative().nullable(),
})
export type Usage = z.infer<typeof Usage>

/** A list that is short enough to come whole. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item) })
}

/** A page of a list, newest first. `next` goes into `cursor` of the next request. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
