// The feed for lists: which runs have changed, not what happened in them. Coalesced; a watcher that missed
// some is greeted again with `hello`, which means: load your lists anew.

import type { ServerResponse } from 'node:http'
import type { Credentials } from '#src/auth/index.ts'
import type { Changed } from '../contract.ts'
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

export function createChanges(hub: Hub): Changes {
  const watchers = new Set<(message: Buffer) => void>()
  const pending = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let watching: Disposable | undefined

  const flush = () => {
    timer = undefined
    const ids = [...pending]
    pending.clear()
    const changed: Changed = { ids }
    const message = ids.length > maxIds ? hello : Buffer.from(`event: changed\ndata: ${JSON.stringify(changed)}\n\n`)
    for (const send of watchers) send(message)
  }

  const stopWatching = () => {
    watching?.[Symbol.dispose]()
    watching = undefined
    clearTimeout(timer)
    timer = undefined
    pending.clear()
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
      watching ??= hub.source.watchAll((ids) => {
        for (const id of ids) pending.add(id)
        if (pending.size > 0) timer ??= setTimeout(flush, coalesceMs)
      })
      send(hello)
    },
    close: stopWatching,
  }
}
