// MaestroError to HTTP, in one place: status, title, Problem body (RFC 9457). The switch has no default,
// so a new code does not compile until it has an answer here.

import { type ErrorCode, type ErrorExtras, MaestroError, type Problem, toMaestroError } from '#src/core/index.ts'

/** A refusal by the HTTP layer itself, where HTTP has a more exact status than the code's. */
export class HttpRefusal extends MaestroError {
  readonly status: number

  constructor(status: number, code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(code, message, extras)
    this.status = status
  }
}

function answerTo(code: ErrorCode): { status: number; title: string } {
  switch (code) {
    case 'invalid_input':
      return { status: 400, title: 'Not valid' }
    case 'unauthenticated':
      return { status: 401, title: 'Not signed in' }
    case 'forbidden':
      return { status: 403, title: 'Not allowed' }
    case 'approval_required':
      return { status: 403, title: 'Needs an approval' }
    case 'not_found':
      return { status: 404, title: 'Not found' }
    case 'conflict':
      return { status: 409, title: 'Conflict' }
    case 'limit_exceeded':
      return { status: 429, title: 'Over a limit' }
    case 'not_ready':
      return { status: 424, title: 'Something it needs is not set up' }
    case 'unavailable':
      return { status: 503, title: 'Not available now' }
    case 'timed_out':
      return { status: 504, title: 'Timed out' }
    case 'cancelled':
      return { status: 499, title: 'Cancelled' }
    case 'corrupt_data':
      return { status: 500, title: 'Stored data is damaged' }
    case 'storage_full':
      return { status: 507, title: 'Disk full' }
    case 'unsupported':
      return { status: 501, title: 'Not supported' }
    case 'internal':
      return { status: 500, title: 'Internal error' }
  }
}

/** Words of foreign errors may hold paths and internals: they go to the log, these go to the caller. */
function detailOf(thrown: unknown, code: ErrorCode): string {
  const isWrapped = code === 'internal' && thrown instanceof MaestroError && thrown.cause !== undefined
  if (thrown instanceof MaestroError && !isWrapped) return thrown.message
  return code === 'storage_full' ? 'the disk is full' : 'something failed inside Maestro'
}

export function toProblem(thrown: unknown, requestId: string): Problem {
  const error = toMaestroError(thrown)
  const { status, title } = answerTo(error.code)
  const hint = error.hint ?? (error.code === 'internal' ? `the server's log says more under ${requestId}` : undefined)
  return {
    type: `urn:maestro:problem:${error.code}`,
    title,
    status: thrown instanceof HttpRefusal ? thrown.status : status,
    code: error.code,
    detail: detailOf(thrown, error.code),
    ...(hint === undefined ? {} : { hint }),
    ...(error.issues === undefined ? {} : { issues: error.issues }),
    ...(error.details === undefined ? {} : { details: error.details }),
    requestId,
  }
}

/** Headers that belong to a problem. */
export function problemHeaders(problem: Problem): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="maestro"'
  const retryAfterSec = problem.details?.['retryAfterSec']
  if (typeof retryAfterSec === 'number') headers['retry-after'] = String(retryAfterSec)
  if (problem.status === 413 || problem.status === 415) headers['connection'] = 'close'
  return headers
}
