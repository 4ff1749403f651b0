// How the gateway itself says no, in the form of each wire, so that an agent reads it as its provider's
// words. Pure.

import type { Format } from './routes.ts'

export interface Refusal {
  readonly status: 400 | 401 | 402 | 403 | 404 | 413 | 429 | 502 | 503
  readonly message: string
}

const anthropicTypes: Readonly<Record<Refusal['status'], string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  502: 'api_error',
  503: 'api_error',
}

const geminiStatuses: Readonly<Record<Refusal['status'], string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
}

/** Before the wire is known, OpenAI's form: every client finds the message in it. */
export function refusalBody(format: Format, { status, message }: Refusal): string {
  switch (format) {
    case 'messages':
      return JSON.stringify({ type: 'error', error: { type: anthropicTypes[status], message } })
    case 'gemini':
      return JSON.stringify({ error: { code: status, message, status: geminiStatuses[status] } })
    case 'chat':
    case 'responses':
      return JSON.stringify({ error: { message, type: 'maestro_gateway', code: status } })
  }
}
