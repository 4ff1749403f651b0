import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSse, type SseEvent } from './sse-reader.ts'

async function read(chunks: readonly string[]): Promise<SseEvent[]> {
  async function* source() {
    yield* chunks
  }
  const events: SseEvent[] = []
  for await (const event of readSse(source())) events.push(event)
  return events
}

test('reads the same events wherever the bytes are cut', async () => {
  const text =
    ': hello\r\nid: 1\r\nevent: task\r\ndata: {"a":\r\ndata: 1}\r\n\r\nid: 2\ndata:two\n\ndata\rdata: x\r\revent: lost\ndata: unfinished'
  const expected = [
    { id: '1', event: 'task', data: '{"a":\n1}' },
    { id: '2', event: 'message', data: 'two' },
    { id: '2', event: 'message', data: '\nx' },
  ]
  assert.deepEqual(await read([text]), expected)
  for (let cut = 1; cut < text.length; cut++)
    assert.deepEqual(await read([text.slice(0, cut), text.slice(cut)]), expected, `cut at ${cut}`)
  assert.deepEqual(await read(text.split('')), expected)
})

test('keeps the last id and yields nothing for events without data', async () => {
  assert.deepEqual(await read(['id: 5\n\nevent: x\n\ndata: y\n\n']), [{ id: '5', event: 'message', data: 'y' }])
})
