// One HTTP client for both ways to a Maestro: sockets handed out by an agent (the owner), or a URL with a token
// (a remote node). Owns requests and streams; leaves out what the answers mean.

import { type Agent, type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import { readSse, type SseEvent } from './sse-reader.ts'

export interface ClientAnswer {
  readonly status: number
  /** The parsed body; undefined when it is empty or no JSON. */
  readonly json: unknown
}

export interface StreamOptions {
  readonly signal?: AbortSignal
  /** Go on after this event, as `Last-Event-ID` says it. */
  readonly lastEventId?: string
}

/** A way to one Maestro. Paths are whole: `/api/v1/runs`. */
export interface MaestroClient {
  /** @throws `unavailable` when nothing answers. An error status is an answer. */
  request(method: string, path: string, body?: unknown): Promise<ClientAnswer>
  /** @throws `unavailable` on a broken connection, `internal` when the answer is no stream, with its status in `details`. */
  stream(path: string, options?: StreamOptions): AsyncIterable<SseEvent>
  close(): void
}

export interface HttpTarget {
  readonly agent: Agent
  readonly base: URL
  readonly headers: Readonly<Record<string, string>>
  /** Who is asked, for error messages: `the running Maestro`. */
  readonly who: string
}

/** Answers are lists and records of a local server; more than this is a fault, not data. */
const maxAnswerBytes = 64 * 1024 * 1024

export function createHttpClient(target: HttpTarget): MaestroClient {
  return {
    async request(method, path, body) {
      const response = await open(target, method, path, { body, headers: { accept: 'application/json' } })
      return { status: response.statusCode ?? 0, json: parseJson(await readText(response, target.who)) }
    },
    async *stream(path, options = {}) {
      const headers: Record<string, string> = { accept: 'text/event-stream' }
      if (options.lastEventId !== undefined && options.lastEventId !== '')
        headers['last-event-id'] = options.lastEventId
      const response = await open(target, 'GET', path, {
        headers,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      })
      const type = response.headers['content-type'] ?? ''
      if (response.statusCode !== 200 || !type.startsWith('text/event-stream')) {
        const json = parseJson(await readText(response, target.who))
        throw new MaestroError(
          'internal',
          `${target.who} gave no event stream for ${path}, but status ${response.statusCode} ${type}`,
          {
            details: { status: response.statusCode, json },
          },
        )
      }
      response.setEncoding('utf8')
      try {
        yield* readSse(response as AsyncIterable<string>)
      } catch (thrown) {
        throw broken(thrown, target.who)
      } finally {
        response.destroy()
      }
    },
    close: () => target.agent.destroy(),
  }
}

interface OpenOptions {
  readonly headers: Record<string, string>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

function open(target: HttpTarget, method: string, path: string, options: OpenOptions): Promise<IncomingMessage> {
  const { base, agent } = target
  const body = options.body === undefined ? undefined : JSON.stringify(options.body)
  const headers: Record<string, string | number> = { ...target.headers, ...options.headers }
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    headers['content-length'] = Buffer.byteLength(body)
  }
  const send = base.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const request = send(
      {
        agent,
        method,
        headers,
        hostname: base.hostname.replace(/^\[(.*)\]$/, '$1'),
        port: base.port,
        path: `${base.pathname.replace(/\/$/, '')}${path}`,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      resolve,
    )
    request.on('error', (error) => reject(broken(error, target.who)))
    request.end(body)
  })
}

async function readText(response: IncomingMessage, who: string): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      text += chunk
      if (text.length > maxAnswerBytes)
        throw new MaestroError('limit_exceeded', `${who} sent an answer of more than 64 MiB`)
    }
  } catch (thrown) {
    throw broken(thrown, who)
  }
  return text
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function broken(thrown: unknown, who: string): Error {
  if (thrown instanceof MaestroError) return thrown
  // An abort is the caller's own doing and keeps its name.
  if (isNodeError(thrown) && thrown.name !== 'AbortError') {
    return new MaestroError('unavailable', `the connection to ${who} broke: ${thrown.message}`, {
      hint: 'look at it with `maestro status`, then try again; a run that was started goes on by itself',
      cause: thrown,
    })
  }
  return thrown as Error
}
