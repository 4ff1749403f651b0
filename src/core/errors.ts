// The one error class. Codes are a closed list (contract.ts); surfaces translate it, nobody else does.

import type { z } from 'zod'
import type { ErrorCode, Issue } from './contract.ts'

export interface ErrorExtras {
  /** The next thing to do, as one sentence or a command. */
  hint?: string
  /** Every problem at once, each with its path. */
  issues?: Issue[]
  /** Fields for machines. Never secrets, never stack traces. */
  details?: Record<string, unknown>
  cause?: unknown
}

/** Message = what failed + the value seen + what would be right. */
export class MaestroError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly issues: Issue[] | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause })
    this.name = 'MaestroError'
    this.code = code
    this.hint = extras.hint
    this.issues = extras.issues
    this.details = extras.details
  }
}

/** Anything thrown, as a MaestroError: what is not ours becomes `internal`, its message kept. */
export function toMaestroError(thrown: unknown): MaestroError {
  if (thrown instanceof MaestroError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (isNodeError(thrown) && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')) {
    return new MaestroError('storage_full', `the disk is full: ${message}`, {
      hint: 'free some space; work goes on by itself',
      cause: thrown,
    })
  }
  return new MaestroError('internal', message, { cause: thrown })
}

export function isNodeError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && 'code' in thrown
}

/**
 * Parses `value` by `schema`.
 * @throws `invalid_input` naming `what`, with every problem and its path.
 */
export function parseOrThrow<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }))
  const list = issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`)).join('; ')
  throw new MaestroError('invalid_input', `${what} is not valid: ${list}`, { issues })
}
