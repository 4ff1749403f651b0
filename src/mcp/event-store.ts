// What a client of the older era may ask for again with `Last-Event-ID`: the newest messages of its session, in memory.
// What is older, or of a server that has been restarted, is gone; long work is asked for by its task.

import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server'

const maxEvents = 256

export function createEventStore(): EventStore {
  const events: { readonly id: string; readonly streamId: string; readonly message: JSONRPCMessage }[] = []
  let count = 0
  return {
    storeEvent(streamId, message) {
      const id = `${streamId}_${count++}`
      events.push({ id, streamId, message })
      if (events.length > maxEvents) events.shift()
      return Promise.resolve(id)
    },
    getStreamIdForEventId: (id) => Promise.resolve(/^(.+)_\d+$/.exec(id)?.[1]),
    async replayEventsAfter(lastId, { send }) {
      const streamId = /^(.+)_\d+$/.exec(lastId)?.[1] ?? lastId
      const seen = Number(lastId.slice(streamId.length + 1))
      for (const event of events) {
        // An event without content only gave the client an id to come back with.
        if (event.streamId !== streamId || Number(event.id.slice(streamId.length + 1)) <= seen) continue
        if (Object.keys(event.message).length > 0) await send(event.id, event.message)
      }
      return streamId
    },
  }
}
