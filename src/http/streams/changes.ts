// The feed for lists: which runs have changed, not what happened in them, and whether rules, brakes or approvals have.
// Coalesced; a watcher that missed
// some is greeted again with `hello`, which means: load your lists anew.

import type { ServerResponse } from 'node:http'
import type { Credentials } from '#src/auth/index.ts'
import type { Changed, PolicyChanged } from '../contract.ts'
import type { Hub } from './hub.ts'
import { openSse } from './sse.ts'

const coalesceMs = 250
/** More ids than this in one message are a `hello`. */
const maxIds = 500
const hello = Buffer.from('event: hello\ndata: {}\n\n')

export interface Changes {
  stream(outgoing: ServerResponse, credentials: Credentials): void
  close(): void
}

type WatchPolicy = (onChanged: (part: string) => void) => Disposable

export function createChanges(hub: Hub, watchPolicy?: WatchPolicy): Changes {
  const watchers = new Set<(message: Buffer) => void>()
  const pending = new Set<string>()
  const pendingParts = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let watching: DisposableStack | undefined

  const broadcast = (message: Buffer) => {
    for (const send of watchers) send(message)
  }

  const flush = () => {
    timer = undefined
    const changed: Changed = { ids: [...pending] }
    const policy: PolicyChanged = { parts: [...pendingParts] }
    pending.clear()
    pendingParts.clear()
    if (changed.ids.length > maxIds) broadcast(hello)
    else if (changed.ids.length > 0) broadcast(eventOf('changed', changed))
    if (policy.parts.length > 0) broadcast(eventOf('policy', policy))
  }

  const stopWatching = () => {
    watching?.[Symbol.dispose]()
    watching = undefined
    clearTimeout(timer)
    timer = undefined
    pending.clear()
    pendingParts.clear()
  }

  const startWatching = () => {
    const open = new DisposableStack()
    open.use(
      hub.source.watchAll((ids) => {
        for (const id of ids) pending.add(id)
        if (pending.size > 0) timer ??= setTimeout(flush, coalesceMs)
      }),
    )
    open.use(
      watchPolicy?.((part) => {
        pendingParts.add(part)
        timer ??= setTimeout(flush, coalesceMs)
      }),
    )
    return open
  }

  return {
    stream(outgoing, credentials) {
      let isFull = false
      let hasMissed = false
      const send = (message: Buffer) => {
        if (isFull) hasMissed = true
        else isFull = !pipe.write(message)
      }
      const pipe = openSse(hub, outgoing, credentials, {
        drain() {
          isFull = false
          if (hasMissed) send(hello)
          hasMissed = false
        },
        close() {
          watchers.delete(send)
          if (watchers.size === 0) stopWatching()
        },
      })
      watchers.add(send)
      watching ??= startWatching()
      send(hello)
    },
    close: stopWatching,
  }
}

const eventOf = (name: string, data: object): Buffer => Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
