// Applies the redactor to events, also where a secret is split over several deltas of one message: the end
// of a text that could be the beginning of a secret is held back until the next piece shows. Depends on
// nothing but the order of the events, so a second reading of the same output gives the same pieces.

import type { RedactingStream, Redactor } from '#src/core/index.ts'
import type { TaskEventBody } from '#src/tasks/index.ts'
import { mayBeCut } from './bounds.ts'

type Delta = Extract<TaskEventBody, { type: 'text.delta' | 'thinking.delta' }>

export interface EventRedactor {
  push(event: TaskEventBody): TaskEventBody[]
  /** What is still held back: no more text of that message comes. */
  flush(): TaskEventBody[]
}

export function createEventRedactor(redactor: Redactor): EventRedactor {
  let open: { type: Delta['type']; messageId: string; stream: RedactingStream } | null = null

  function flush(): TaskEventBody[] {
    const ended = open
    open = null
    return ended === null ? [] : delta(ended, ended.stream.flush())
  }

  function pushDelta(event: Delta): TaskEventBody[] {
    const isSame = open !== null && open.type === event.type && open.messageId === event.messageId
    const before = isSame ? [] : flush()
    open ??= { type: event.type, messageId: event.messageId, stream: redactor.stream() }
    return [...before, ...delta(open, open.stream.push(event.text))]
  }

  return {
    push: (event) =>
      event.type === 'text.delta' || event.type === 'thinking.delta'
        ? pushDelta(event)
        : [...flush(), redactEvent(event, redactor)],
    flush,
  }
}

function delta({ type, messageId }: Pick<Delta, 'type' | 'messageId'>, text: string): TaskEventBody[] {
  return text === '' ? [] : [{ type, messageId, text }]
}

/** Every text in the event, however deep. */
export function redactEvent(event: TaskEventBody, redactor: Redactor): TaskEventBody {
  const clean = redactDeep(event, (text) => (mayBeCut(text) ? redactCut(text, redactor) : redactor.text(text)))
  return { ...(clean as TaskEventBody), type: event.type } as TaskEventBody
}

/** Without an end that could be the beginning of a secret whose rest was cut off. */
function redactCut(text: string, redactor: Redactor): string {
  return redactor.stream().push(text)
}

function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactDeep(item, redact)]))
}
