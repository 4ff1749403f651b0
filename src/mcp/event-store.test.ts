import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { createEventStore } from './event-store.ts'

const message = (text: string): JSONRPCMessage => ({ jsonrpc: '2.0', method: 'x', params: { text } })

async function replayed(store: ReturnType<typeof createEventStore>, lastId: string): Promise<unknown[]> {
  const seen: unknown[] = []
  await store.replayEventsAfter(lastId, {
    send: async (_id, it) => void seen.push((it as { params?: unknown }).params),
  })
  return seen
}

test('what came after an id on its stream comes again, and nothing of other streams', async () => {
  const store = createEventStore()
  const first = await store.storeEvent('a', message('1'))
  await store.storeEvent('b', message('2'))
  await store.storeEvent('a', message('3'))
  assert.equal(await store.getStreamIdForEventId?.(first), 'a')
  assert.deepEqual(await replayed(store, first), [{ text: '3' }])
})

test('memory is bounded: large messages push out what is older, and one that is too large is not kept', async () => {
  const store = createEventStore()
  const first = await store.storeEvent('a', message('1'))
  for (let i = 0; i < 8; i++) await store.storeEvent('a', message('x'.repeat(100_000)))
  assert.equal((await replayed(store, first)).length, 5)
  await store.storeEvent('a', message('x'.repeat(600_000)))
  assert.deepEqual(await replayed(store, first), [])
})
