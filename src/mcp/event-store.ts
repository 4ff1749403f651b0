// What a client of the older era may ask for again with `Last-Event-ID`: the newest messages of its session, in memory
// and bounded. What is older or larger, or of a server that has been restarted, is gone; long work is asked for by its task.

import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server'

const maxEvents = 256
const maxChars = 512 * 1024

interface Kept {
  readonly id: string
  readonly streamId: string
  readonly chars: number
  readonly message: JSONRPCMessage
}

export function createEventStore(): EventStore {
  const events: Kept[] = []
  let count = 0
  let chars = 0
  return {
    storeEvent(streamId, message) {
      const kept: Kept = { id: `${streamId}_${count++}`, streamId, chars: JSON.stringify(message).length, message }
      events.push(kept)
      chars += kept.chars
      while (events.length > maxEvents || (chars > maxChars && events.length > 0)) chars -= events.shift()?.chars ?? 0
      return Promise.resolve(kept.id)
    },
    getStreamIdForEventId: (id) => Promise.resolve(/^(.+)_\d+$/.exec(id)?.[1]),
    async replayEventsAfter(lastId, { send }) {
      const streamId = /^(.+)_\d+$/.exec(lastId)?.[1] ?? lastId
      const seen = Number(lastId.slice(streamId.length + 1))
      for (const event of events) {
        if (event.streamId !== streamId || Number(event.id.slice(streamId.length + 1)) <= seen) continue
        // An event without content only gave the client an id to come back with.
        if (Object.keys(event.message).length > 0) await send(event.id, event.message)
      }
      return streamId
    },
  }
}
