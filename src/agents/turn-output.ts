// From the bytes of a running turn to events in its log, exactly once: the output is always read from
// its beginning, so the interpreter sees everything, and events of what was committed before are
// dropped. Each commit carries the offsets (behind a line break) it reflects; the end of a stream
// counts as one more byte, so what is known only at the end is not told twice either.

import type { Redactor } from '#src/core/index.ts'
import type { OutputChunk, TaskEventBody, TaskLease } from '#src/tasks/index.ts'
import type { Interpreter } from './adapter.ts'
import { createBatch } from './batch.ts'
import { bounded, maxNoticeChars } from './bounds.ts'
import { createLineSplitter, type Line } from './lines.ts'
import { createEventRedactor, redactEvent } from './redaction.ts'

const maxLineBytes = 4 * 1024 * 1024
/** Of raw lines of one stream in the log of one turn. */
const maxLogChars = 1024 * 1024

export interface TurnOutput {
  /** Returns the events that the chunk brought, redacted, committed ones included. */
  feed(chunk: OutputChunk): TaskEventBody[]
  /** All was read. */
  end(): void
  commit(): Promise<void>
  readonly hasEvents: boolean
  readonly isFull: boolean
}

type Stream = OutputChunk['stream']

export async function createTurnOutput(
  turn: TaskLease,
  interpreter: Interpreter,
  redactor: Redactor,
): Promise<TurnOutput> {
  const committed = await turn.offsets()
  const read = { out: 0, err: 0 }
  const splitters = { out: createLineSplitter(maxLineBytes), err: createLineSplitter(maxLineBytes) }
  const messages = createEventRedactor(redactor)
  const batch = createBatch()
  const logged = { out: 0, err: 0 }

  function onLine(stream: Stream, line: Line): TaskEventBody[] {
    const fromAgent = stream === 'out' ? interpreter.out(line.text) : interpreter.err(line.text)
    // Only what the agent says on stdout touches its messages: the pieces of a message must not depend
    // on how the two streams interleave.
    const events = [
      ...logLine(stream, line).map((event) => redactEvent(event, redactor)),
      ...fromAgent.flatMap((event) => (stream === 'out' ? messages.push(event) : [redactEvent(event, redactor)])),
    ]
    add(stream, line.end, events)
    return events
  }

  function logLine(stream: Stream, line: Line): TaskEventBody[] {
    const cut: TaskEventBody[] = line.isCut
      ? [{ type: 'agent.warned', text: `a line longer than ${maxLineBytes} bytes was cut` }]
      : []
    if (stream === 'out' && (line.text.startsWith('{') || line.text.trim() === '')) return cut
    if (logged[stream] >= maxLogChars) return cut
    const { text } = bounded(line.text, maxNoticeChars)
    logged[stream] += text.length
    if (logged[stream] >= maxLogChars) {
      return [...cut, { type: 'agent.warned', text: 'the raw log is full: further lines are not kept' }]
    }
    return [...cut, { type: 'log.line', stream, text }]
  }

  function add(stream: Stream, position: number, events: readonly TaskEventBody[]): void {
    read[stream] = position
    if (position <= committed[stream]) return
    for (const event of events) batch.add(event)
  }

  return {
    feed: (chunk) => splitters[chunk.stream].push(chunk.bytes).flatMap((line) => onLine(chunk.stream, line)),
    end() {
      for (const stream of ['err', 'out'] as const) {
        for (const line of splitters[stream].end()) onLine(stream, line)
        add(stream, splitters[stream].offset + 1, stream === 'out' ? messages.flush() : [])
      }
    },
    async commit() {
      if (batch.isEmpty) return
      const offsets = { out: Math.max(read.out, committed.out), err: Math.max(read.err, committed.err) }
      await turn.append(batch.take(), offsets)
    },
    get hasEvents() {
      return !batch.isEmpty
    },
    get isFull() {
      return batch.isFull
    },
  }
}
