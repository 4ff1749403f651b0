// The one place that turns what went wrong into words for a person.

import type { ErrorCode, Issue, Problem } from '#src/core/contract.ts'

/** An answer of the server that is not what was asked for, or no answer at all (`offline`). */
export class ApiError extends Error {
  readonly code: ErrorCode | 'offline' | 'unreadable'
  readonly status: number
  readonly problem: Problem | undefined

  constructor(code: ApiError['code'], status: number, message: string, problem?: Problem) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.problem = problem
  }
}

export interface ErrorText {
  /** What failed, in a few words. */
  title: string
  /** What was seen and what would be right. */
  detail: string
  /** The next thing to do. */
  hint: string | undefined
  issues: Issue[]
}

export function errorText(thrown: unknown): ErrorText {
  if (!(thrown instanceof ApiError)) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    return { title: 'This page stumbled', detail, hint: 'Reload the page.', issues: [] }
  }
  const { problem } = thrown
  return {
    title: titleOf(thrown.code),
    detail: problem?.detail ?? thrown.message,
    hint: problem?.hint ?? hintOf(thrown.code),
    issues: problem?.issues ?? [],
  }
}

function titleOf(code: ApiError['code']): string {
  switch (code) {
    case 'invalid_input':
      return 'Not valid'
    case 'unauthenticated':
      return 'Not signed in'
    case 'forbidden':
      return 'Not allowed'
    case 'not_found':
      return 'Not found'
    case 'approval_required':
      return 'Waits for a yes'
    case 'conflict':
      return 'Changed meanwhile'
    case 'limit_exceeded':
      return 'Over the limit'
    case 'not_ready':
      return 'Not ready yet'
    case 'unavailable':
      return 'Not available now'
    case 'timed_out':
      return 'Took too long'
    case 'cancelled':
      return 'Cancelled'
    case 'corrupt_data':
      return 'A file cannot be read'
    case 'storage_full':
      return 'The disk is full'
    case 'unsupported':
      return 'Cannot do that'
    case 'internal':
      return 'Maestro stumbled'
    case 'offline':
      return 'No connection to Maestro'
    case 'unreadable':
      return 'An answer this page cannot read'
  }
}

function hintOf(code: ApiError['code']): string | undefined {
  if (code === 'offline') return 'Is the server running? Start it with npm start; this page goes on by itself.'
  if (code === 'unreadable') return 'Reload the page: the server may be newer than it.'
  return undefined
}
