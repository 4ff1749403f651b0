// HTTP requests to providers, over connections that stay open. Redirects are never followed: a key goes to
// the address that was entered and to no other. The machine's proxies are used, but not for this machine.

import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { SECOND } from '#src/core/index.ts'

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  readonly signal: AbortSignal
}

export interface Outgoing extends Disposable {
  /** Resolves with the head of the answer, whatever its status. @throws the system's error, with its `code` */
  send(request: OutgoingRequest): Promise<IncomingMessage>
}

const connectTimeoutMs = 20 * SECOND

export function createOutgoing(env: Readonly<Record<string, string | undefined>>): Outgoing {
  const keepAlive = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 32, timeout: 60 * SECOND }
  const proxyEnv = { ...env }
  const agents = {
    'http:': new http.Agent({ ...keepAlive, proxyEnv }),
    'https:': new https.Agent({ ...keepAlive, proxyEnv }),
    local: new http.Agent(keepAlive),
    localTls: new https.Agent(keepAlive),
  }

  function agentFor({ protocol, hostname }: URL): http.Agent {
    const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
    if (isLocal) return protocol === 'https:' ? agents.localTls : agents.local
    return protocol === 'https:' ? agents['https:'] : agents['http:']
  }

  function once({ method, url, headers, body, signal }: OutgoingRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { request: open } = url.protocol === 'https:' ? https : http
      const length = body === null ? {} : { 'content-length': String(body.length) }
      const request = open(url, { method, headers: { ...headers, ...length }, agent: agentFor(url), signal })
      request.on('response', resolve)
      // After the answer has begun, its own stream tells of an end before its time.
      request.on('error', (error) => {
        reject(Object.assign(error, { isStale: request.reusedSocket && !signal.aborted }))
      })
      request.on('socket', (socket) => {
        if (!socket.connecting) return
        const timer = setTimeout(() => {
          request.destroy(Object.assign(new Error(`no connection in ${connectTimeoutMs} ms`), { code: 'ETIMEDOUT' }))
        }, connectTimeoutMs)
        const stop = (): void => clearTimeout(timer)
        socket.once('connect', stop).once('close', stop)
      })
      request.end(body ?? undefined)
    })
  }

  return {
    async send(request) {
      try {
        return await once(request)
      } catch (error) {
        // The other side closed a kept connection just as it was taken up again: nothing was read there.
        const { isStale, code } = error as { isStale?: boolean; code?: string }
        if (isStale === true && (code === 'ECONNRESET' || code === 'EPIPE')) return once(request)
        throw error
      }
    },
    [Symbol.dispose]: () => {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}
