// Failures of tools, told to models: one table from our codes to the ones documented for MCP, and the result that
// carries them. What a caller can mend is a tool's result with `isError`; only what is wrong with the protocol itself is
// a JSON-RPC error. The switch has no default, so a new code does not compile until it has an answer here.

import type { CallToolResult } from '@modelcontextprotocol/server'
import type { MaestroError } from '#src/core/index.ts'
import { type ErrorCode, toMaestroError } from '#src/core/index.ts'

/** As documented, and a few for what has no word there. */
export const toolErrorCodes = [
  'HOST_UNKNOWN',
  'HOST_OFFLINE',
  'HOST_AUTH',
  'HOST_KEY_UNKNOWN',
  'HOST_KEY_CHANGED',
  'CAPACITY',
  'TIMEOUT',
  'IDLE_TIMEOUT',
  'CANCELLED',
  'LOST',
  'POLICY_DENIED',
  'APPROVAL_REQUIRED',
  'APPROVAL_EXPIRED',
  'PATH_DENIED',
  'NOT_FOUND',
  'CONFLICT',
  'TOO_LARGE',
  'AGENT_MISSING',
  'AGENT_AUTH',
  'BUDGET_EXCEEDED',
  'INVALID',
  'PAUSED',
  'READ_ONLY',
  'NOT_READY',
  'UNAVAILABLE',
  'UNSUPPORTED',
  'DAMAGED',
  'STORAGE_FULL',
  'INTERNAL',
] as const
export type ToolErrorCode = (typeof toolErrorCodes)[number]

/** Did the work reach the world? */
export type Executed = 'no' | 'maybe' | 'yes'

export interface ToolError {
  readonly code: ToolErrorCode
  readonly message: string
  readonly hint?: string
  /** The same call may succeed later, unchanged. */
  readonly retryable: boolean
  readonly executed: Executed
  readonly issues?: readonly { readonly path: string; readonly message: string }[]
  readonly details?: Readonly<Record<string, unknown>>
}

const codes = new Set<string>(toolErrorCodes)

/** `details.kind` is the fine reason: `host_unknown`, `path_denied`. Where it is none of ours, the code decides. */
function codeOf(error: MaestroError): ToolErrorCode {
  const kind = error.details?.['kind']
  const fine = typeof kind === 'string' ? kind.toUpperCase() : ''
  return codes.has(fine) ? (fine as ToolErrorCode) : coarse(error.code)
}

function coarse(code: ErrorCode): ToolErrorCode {
  switch (code) {
    case 'invalid_input':
      return 'INVALID'
    case 'unauthenticated':
    case 'forbidden':
      return 'POLICY_DENIED'
    case 'approval_required':
      return 'APPROVAL_REQUIRED'
    case 'not_found':
      return 'NOT_FOUND'
    case 'conflict':
      return 'CONFLICT'
    case 'limit_exceeded':
      return 'TOO_LARGE'
    case 'not_ready':
      return 'NOT_READY'
    case 'unavailable':
      return 'UNAVAILABLE'
    case 'timed_out':
      return 'TIMEOUT'
    case 'cancelled':
      return 'CANCELLED'
    case 'corrupt_data':
      return 'DAMAGED'
    case 'storage_full':
      return 'STORAGE_FULL'
    case 'unsupported':
      return 'UNSUPPORTED'
    case 'internal':
      return 'INTERNAL'
  }
}

const retryable = new Set<ToolErrorCode>([
  'HOST_OFFLINE',
  'CAPACITY',
  'TIMEOUT',
  'IDLE_TIMEOUT',
  'LOST',
  'APPROVAL_REQUIRED',
  'APPROVAL_EXPIRED',
  'PAUSED',
  'UNAVAILABLE',
  'STORAGE_FULL',
])

/** What may have run before it broke; all other failures are refusals, unless whoever threw knows better. */
const mayHaveRun = new Set<ToolErrorCode>(['TIMEOUT', 'IDLE_TIMEOUT', 'CANCELLED', 'LOST', 'INTERNAL', 'STORAGE_FULL'])

/** @param isRead a tool that changes nothing has changed nothing, however it failed */
export function toToolError(thrown: unknown, isRead: boolean): ToolError {
  const error = toMaestroError(thrown)
  const code = codeOf(error)
  const { kind: _kind, executed, ...details } = error.details ?? {}
  const hint = error.hint ?? (code === 'INTERNAL' ? "the server's log says more" : undefined)
  return {
    code,
    message: messageOf(error),
    ...(hint === undefined ? {} : { hint }),
    retryable: retryable.has(code),
    executed: isExecuted(executed) ? executed : !isRead && mayHaveRun.has(code) ? 'maybe' : 'no',
    ...(error.issues === undefined ? {} : { issues: error.issues }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  }
}

function isExecuted(value: unknown): value is Executed {
  return value === 'no' || value === 'maybe' || value === 'yes'
}

/** Words of foreign errors may hold paths and internals: they are for the log. */
function messageOf(error: MaestroError): string {
  return error.code === 'internal' && error.cause !== undefined ? 'something failed inside Maestro' : error.message
}

export function errorResult(thrown: unknown, isRead: boolean): CallToolResult {
  const error = toToolError(thrown, isRead)
  const lines = [`${error.code}: ${error.message}`]
  if (error.hint !== undefined) lines.push(`Next: ${error.hint}`)
  if (error.executed !== 'no') lines.push(`It ${error.executed === 'yes' ? 'has' : 'may have'} been carried out.`)
  return {
    isError: true,
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: { error: { ...error } },
  }
}
