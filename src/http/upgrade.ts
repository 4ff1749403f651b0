// The edges of a WebSocket upgrade: what it asks for, and how a refusal is written to a bare socket.

import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { MaestroError, type Problem } from '#src/core/index.ts'
import { securityHeaders } from './headers.ts'
import { problemHeaders } from './problems.ts'

export type UpgradeTarget =
  | { readonly kind: 'run'; readonly id: string; readonly after: number }
  | { readonly kind: 'execution'; readonly workflowId: string; readonly runId: string | undefined }

/** `/ws/runs/{id}?after=seq` or `/ws/execution/{workflowId}?runId=`. @throws `not_found`, `invalid_input` */
export function upgradeTarget(incoming: IncomingMessage): UpgradeTarget {
  const [path = '', query = ''] = (incoming.url ?? '').split('?')
  const workflowId = /^\/ws\/execution\/([^/]+)$/.exec(path)?.[1]
  if (workflowId !== undefined) {
    return { kind: 'execution', workflowId, runId: new URLSearchParams(query).get('runId') ?? undefined }
  }
  const id = /^\/ws\/runs\/(\w+)$/.exec(path)?.[1]
  if (id === undefined) {
    throw new MaestroError('not_found', `there is no WebSocket at ${path.slice(0, 200)}`, {
      hint: 'use /ws/runs/{runId}?after=seq, or /ws/execution/{workflowId}',
    })
  }
  const after = new URLSearchParams(query).get('after') ?? '0'
  if (!/^\d{1,15}$/.test(after)) {
    throw new MaestroError('invalid_input', `after is "${after.slice(0, 50)}"; it must be the seq of an event`, {
      issues: [{ path: 'after', message: 'a whole number' }],
    })
  }
  return { kind: 'run', id, after: Number(after) }
}

export function answerUpgrade(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problem)
  const headers = [
    ...securityHeaders.map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(problemHeaders(problem)).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${problem.requestId ?? ''}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Refused'}\r\n${headers.join('\r\n')}\r\n\r\n${body}`,
  )
}
