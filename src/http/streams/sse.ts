// Server-sent events on the raw response: the socket's own back-pressure is the only queue. At most one
// slice (64 KiB) beyond the socket's mark is held for a watcher, and those bytes are shared.

import type { ServerResponse } from 'node:http'
import type { Credentials } from '#src/auth/index.ts'
import { MINUTE } from '#src/core/index.ts'
import { follow, type Follower } from './follow.ts'
import type { Hub } from './hub.ts'

/** A reader that takes nothing for this long is let go; it may come back with its cursor. */
const stalledAfterMs = 5 * MINUTE
const retryMs = 1_000

export interface SsePipe {
  /** False when the socket is full; `onDrain` follows. */
  write(chunk: Buffer | string): boolean
  /** Writes a last event and closes. */
  end(last: string): void
  /** Cuts the connection: the browser comes back by itself. */
  cut(): void
}

/** Answers with an open event stream and keeps it alive. */
export function openSse(
  hub: Hub,
  outgoing: ServerResponse,
  credentials: Credentials,
  on: { drain(): void; close(): void },
): SsePipe {
  let fullSince: number | undefined
  const member = hub.join({
    credentials,
    beat() {
      if (fullSince === undefined) outgoing.write(': beat\n\n')
      else if (performance.now() - fullSince > stalledAfterMs) outgoing.destroy()
    },
    stop(reason) {
      pipe.end(reason === 'closing' ? `retry: ${retryMs}\n: closing\n\n` : 'event: signed_out\ndata: {}\n\n')
    },
  })
  const pipe: SsePipe = {
    write(chunk) {
      const hasRoom = outgoing.write(chunk)
      if (!hasRoom) fullSince ??= performance.now()
      return hasRoom
    },
    end(last) {
      outgoing.end(last)
      // A reader that takes nothing would keep a finished answer open for ever.
      if (fullSince !== undefined) outgoing.destroy()
    },
    cut: () => void outgoing.destroy(),
  }
  outgoing.on('drain', () => {
    fullSince = undefined
    on.drain()
  })
  outgoing.on('close', () => {
    member[Symbol.dispose]()
    on.close()
  })
  outgoing.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  outgoing.write(`retry: ${retryMs}\n\n`)
  return pipe
}

/** Replays a run's log from the cursor, follows it, and ends with `event: end`. */
export function streamRun(
  hub: Hub,
  outgoing: ServerResponse,
  credentials: Credentials,
  from: { rootId: string; taskId: string; cursor: number },
): void {
  let follower: Follower | undefined
  const pipe = openSse(hub, outgoing, credentials, {
    drain: () => follower?.resume(),
    close() {
      follower?.stop()
      opened[Symbol.dispose]()
    },
  })
  const opened = hub.open(from.rootId)
  follower = follow(opened.log, from, {
    write(slice) {
      let hasRoom = true
      for (const chunk of slice.chunks) hasRoom = pipe.write(chunk)
      return hasRoom
    },
    end: () => pipe.end('event: end\ndata: {}\n\n'),
    fail(error) {
      hub.log.warn({ error, rootId: from.rootId }, 'a watcher was cut off: its log could not be read')
      pipe.cut()
    },
  })
}
