// Why an MCP server cannot be used: the kinds of the contract, each with a sentence for people. What the
// client library throws is translated here and nowhere else.

import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client'
import { bounded, maxNoticeChars } from '../../bounds.ts'
import type { McpServerTest } from '../../contract.ts'

export type FailureKind = NonNullable<McpServerTest['error']>['kind']

export class CheckFailure extends Error {
  readonly kind: FailureKind
  readonly hint: string | null
  constructor(kind: FailureKind, message: string, hint: string | null = null) {
    super(bounded(message, maxNoticeChars).text)
    this.kind = kind
    this.hint = hint
  }
}

/** What was found out beside the error itself. */
export interface Circumstances {
  readonly seconds: number
  /** What it wrote on stdout that is no message, the beginning. */
  readonly garbage: string | null
}

export function timedOut({ seconds, garbage }: Circumstances): CheckFailure {
  if (garbage !== null) return garbageOf(garbage)
  return new CheckFailure(
    'timed_out',
    `it did not answer within ${seconds} s`,
    'try it in a terminal; if it only needs longer, for instance to be fetched the first time, raise its start time-out',
  )
}

export function garbageOf(line: string): CheckFailure {
  return new CheckFailure(
    'garbage',
    `it writes text that is not MCP to its standard output: ${JSON.stringify(bounded(line, 200).text)}`,
    'a stdio server may write nothing but messages there, and its log to standard error; is this the right program?',
  )
}

export function flooded(bytes: number): CheckFailure {
  return new CheckFailure(
    'flooded',
    `it sent more than ${Math.round(bytes / 1024 / 1024)} MiB without a usable answer, so it was ended`,
    'is this the right program?',
  )
}

/** @param url of an HTTP server, for the sentences about it */
export function translate(thrown: unknown, seen: Circumstances, url: string | null): CheckFailure {
  if (thrown instanceof CheckFailure) return thrown
  const inner = causes(thrown).find((cause) => cause instanceof CheckFailure)
  if (inner !== undefined) return inner
  if (thrown instanceof SdkHttpError) return byStatus(thrown.data.status, thrown, url ?? 'the address')
  if (thrown instanceof SdkError) {
    if (thrown.code === SdkErrorCode.RequestTimeout) return timedOut(seen)
    if (thrown.code === SdkErrorCode.ClientHttpUnexpectedContent) return notMcp(thrown, url ?? 'the address')
  }
  if (url !== null) {
    const network = byNetwork(thrown, url)
    if (network !== null) return network
  }
  if (thrown instanceof ProtocolError) {
    return new CheckFailure('protocol', `it refused the greeting: ${thrown.message} (${thrown.code})`)
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new CheckFailure('protocol', `it does not speak MCP as it should: ${message}`, 'is its version up to date?')
}

function byStatus(status: number, error: SdkHttpError, url: string): CheckFailure {
  if (status === 401 || status === 403) {
    return new CheckFailure(
      'http',
      `${url} answered ${status}: it does not let us in`,
      'set the header it wants, usually Authorization with a token',
    )
  }
  if (status === 404 || status === 405) {
    return new CheckFailure(
      'http',
      `${url} answered ${status}: there is no MCP endpoint`,
      'check the path; it is often /mcp. Servers that only know the older HTTP+SSE transport cannot be used',
    )
  }
  if (status >= 300 && status < 400) {
    const to = /Redirect to (\S+) not followed/.exec(error.message)?.[1]
    return new CheckFailure(
      'http',
      `${url} sends us on to ${to ?? 'another address'}, and we do not follow with your headers`,
      'enter that address instead, if it is the server you mean',
    )
  }
  const said = error.message.replace(/^Error POSTing to endpoint:? ?/, '').trim()
  return new CheckFailure('http', `${url} answered ${status}${said === '' ? '' : `: ${bounded(said, 300).text}`}`)
}

function notMcp(error: SdkError, url: string): CheckFailure {
  const type = /Unexpected content type: (\S+)/.exec(error.message)?.[1] ?? 'something else'
  return new CheckFailure(
    'http',
    `${url} answered with ${type}, not with MCP: ${type.includes('html') ? 'that is a web page' : 'is it an MCP server?'}`,
    'check the address; it is often the page’s address with /mcp at its end',
  )
}

function byNetwork(thrown: unknown, url: string): CheckFailure | null {
  const { host } = new URL(url)
  for (const cause of causes(thrown)) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (code === 'ECONNREFUSED') {
      return new CheckFailure('network', `nothing listens at ${host}`, 'start the server, or check the port')
    }
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      return new CheckFailure('network', `the name in ${host} cannot be resolved`, 'check the address and the network')
    }
    if (/^(ECONN|ENET|EHOST|EPIPE|ETIMEDOUT|UND_ERR)/.test(code)) {
      return new CheckFailure(
        'network',
        `the connection to ${host} failed (${code})`,
        'check the address and the network',
      )
    }
    if (/CERT|TLS|SSL|ALTNAME|SIGNED/.test(code)) {
      return new CheckFailure(
        'network',
        `the certificate of ${host} cannot be trusted (${code})`,
        'start Maestro with NODE_EXTRA_CA_CERTS when it is signed by your own authority',
      )
    }
    if (cause instanceof Error && cause.message === 'bad port') {
      return new CheckFailure('network', `the port in ${host} is never used for HTTP`, 'check the address')
    }
    if (cause instanceof Error && /^(fetch failed|terminated)$/.test(cause.message) && cause.cause === undefined) {
      return new CheckFailure('network', `the connection to ${host} failed`, 'check the address and the network')
    }
  }
  return null
}

/** An error, its causes, and what is in an AggregateError: Node tries several addresses of a name. */
function causes(thrown: unknown): unknown[] {
  const found: unknown[] = []
  const look = (one: unknown, depth: number): void => {
    if (one === undefined || one === null || depth > 6) return
    found.push(one)
    if (one instanceof AggregateError) for (const inner of one.errors) look(inner, depth + 1)
    if (one instanceof Error) look(one.cause, depth + 1)
    if (one instanceof SdkError && one.data !== undefined) look((one.data as { cause?: unknown }).cause, depth + 1)
  }
  look(thrown, 0)
  return found
}
