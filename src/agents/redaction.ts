// Applies the redactor to events, also where a secret is split over several deltas of one message:
// the end of a text that could be the beginning of a secret is held back until the next piece shows.
// Depends on nothing but the order of the events, so a second reading of the same output gives the
// same pieces.

import type { TaskEventBody } from '#src/tasks/index.ts'
import type { Redactor } from './types.ts'

type Delta = Extract<TaskEventBody, { type: 'text.delta' | 'thinking.delta' }>

export interface EventRedactor {
  push(event: TaskEventBody): TaskEventBody[]
  /** What is still held back: no more text of that message comes. */
  flush(): TaskEventBody[]
}

export function createEventRedactor(redactor: Redactor): EventRedactor {
  const values = redactor.values().filter((value) => value.length > 1)
  let open: { type: Delta['type']; messageId: string; held: string } | null = null

  function flush(): TaskEventBody[] {
    if (open === null || open.held === '') {
      open = null
      return []
    }
    const { type, messageId, held } = open
    open = null
    return [{ type, messageId, text: redactor.redact(held) }]
  }

  function pushDelta(event: Delta): TaskEventBody[] {
    const isSame = open !== null && open.type === event.type && open.messageId === event.messageId
    const before = isSame ? [] : flush()
    const clean = redactor.redact((isSame ? (open?.held ?? '') : '') + event.text)
    const shown = clean.length - beginningOfSecret(clean, values)
    open = { type: event.type, messageId: event.messageId, held: clean.slice(shown) }
    return shown === 0 ? before : [...before, { ...event, text: clean.slice(0, shown) }]
  }

  return {
    push: (event) =>
      event.type === 'text.delta' || event.type === 'thinking.delta'
        ? pushDelta(event)
        : [...flush(), redactEvent(event, redactor)],
    flush,
  }
}

/** Every text in the event, however deep. */
export function redactEvent(event: TaskEventBody, redactor: Redactor): TaskEventBody {
  const clean = redactDeep(event, (text) => redactor.redact(text)) as TaskEventBody
  return { ...clean, type: event.type } as TaskEventBody
}

/** With the secrets of one turn besides those that are always known. */
export function withSecrets(redactor: Redactor, secrets: readonly string[]): Redactor {
  if (secrets.length === 0) return redactor
  const longestFirst = [...new Set(secrets)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  return {
    redact: (text) =>
      longestFirst.reduce((done, secret) => done.replaceAll(secret, '[redacted]'), redactor.redact(text)),
    values: () => [...redactor.values(), ...longestFirst],
  }
}

/** How many characters at the end of `text` a secret may begin with. */
function beginningOfSecret(text: string, values: readonly string[]): number {
  let longest = 0
  for (const value of values) {
    for (let length = Math.min(value.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(value.slice(0, length))) longest = length
    }
  }
  return longest
}

function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactDeep(item, redact)]))
}
