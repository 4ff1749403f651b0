// Everyone who watches: which logs are open and for whom, one heartbeat for all, sign-out and shutdown
// of streams. Knows nothing of SSE or WebSocket: a client is what can be beaten and stopped.

import type { Auth, Credentials } from '#src/auth/index.ts'
import { type Log, MaestroError } from '#src/core/index.ts'
import type { EventSource } from '../ports.ts'
import { createRootLog, type RootLog } from './root-log.ts'

export interface Client {
  readonly credentials: Credentials
  /** A sign of life; also the place to notice a dead or stalled peer. */
  beat(): void
  /** `signed_out`: no way back with these credentials. `closing`: come back to the next server. */
  stop(reason: 'signed_out' | 'closing'): void
}

export interface Hub {
  readonly source: EventSource
  readonly log: Log
  /** The shared log of a root, until disposed. */
  open(rootId: string): { readonly log: RootLog } & Disposable
  /** Until disposed. While closing, the client is asked to stop at once. */
  join(client: Client): Disposable
  readonly size: number
  close(): void
}

export function createHub(deps: { source: EventSource; auth: Auth; log: Log; heartbeatMs: number }): Hub {
  const { source, auth, log } = deps
  const logs = new Map<string, { log: RootLog; users: number }>()
  const clients = new Set<Client>()
  let isClosed = false

  /** One question per credential, however many streams it has open. */
  const dropSignedOut = async (): Promise<void> => {
    const byCredential = Map.groupBy(
      clients,
      ({ credentials: c }) => `${c.peer}\n${c.authorization ?? ''}\n${c.cookie ?? ''}`,
    )
    for (const group of byCredential.values()) {
      const first = group[0]
      if (first === undefined) continue
      try {
        await auth.authenticate(first.credentials)
      } catch (error) {
        const isRefused = error instanceof MaestroError && ['unauthenticated', 'limit_exceeded'].includes(error.code)
        // A database that is away for a moment signs nobody out.
        if (isRefused) for (const client of group) client.stop('signed_out')
      }
    }
  }

  const beat = () => {
    for (const client of clients) client.beat()
    for (const { log: open } of logs.values()) open.refresh()
    void dropSignedOut()
  }
  const timer = setInterval(beat, deps.heartbeatMs)
  timer.unref()

  return {
    source,
    log,
    open(rootId) {
      let entry = logs.get(rootId)
      if (entry === undefined) {
        entry = { log: createRootLog(source, rootId, log), users: 0 }
        logs.set(rootId, entry)
      }
      const held = entry
      held.users++
      let isOpen = true
      return {
        log: held.log,
        [Symbol.dispose]() {
          if (!isOpen) return
          isOpen = false
          held.users--
          if (held.users > 0) return
          logs.delete(rootId)
          held.log.close()
        },
      }
    },
    join(client) {
      if (isClosed) queueMicrotask(() => client.stop('closing'))
      else clients.add(client)
      return { [Symbol.dispose]: () => void clients.delete(client) }
    },
    get size() {
      return clients.size
    },
    close() {
      isClosed = true
      clearInterval(timer)
      for (const client of clients) client.stop('closing')
    },
  }
}
