// Gathers events between two commits: neighbouring deltas of one message become one (at most 4 KB),
// raw log lines are kept within a budget.

import type { TaskEventBody } from '#src/tasks/index.ts'
import { isHighSurrogate } from './bounds.ts'

export const maxDeltaChars = 4 * 1024
const maxBatchChars = 64 * 1024
const maxBatchEvents = 500

export interface Batch {
  add(event: TaskEventBody): void
  /** Everything gathered; the batch is empty after. */
  take(): TaskEventBody[]
  readonly isEmpty: boolean
  /** Commit now, whatever the time. */
  readonly isFull: boolean
}

export function createBatch(): Batch {
  let events: TaskEventBody[] = []
  let chars = 0

  function addDelta(type: 'text.delta' | 'thinking.delta', messageId: string, text: string): void {
    let rest = text
    const last = events.at(-1)
    if (last?.type === type && last.messageId === messageId && last.text.length < maxDeltaChars) {
      const fits = cutAt(rest, maxDeltaChars - last.text.length)
      events[events.length - 1] = { ...last, text: last.text + rest.slice(0, fits) }
      rest = rest.slice(fits)
    }
    while (rest !== '') {
      const fits = cutAt(rest, maxDeltaChars)
      events.push({ type, messageId, text: rest.slice(0, fits) })
      rest = rest.slice(fits)
    }
  }

  return {
    add(event) {
      if (event.type === 'text.delta' || event.type === 'thinking.delta') {
        addDelta(event.type, event.messageId, event.text)
        chars += event.text.length
        return
      }
      events.push(event)
      chars += 1_024
    },
    take() {
      const taken = events
      events = []
      chars = 0
      return taken
    },
    get isEmpty() {
      return events.length === 0
    },
    get isFull() {
      return chars >= maxBatchChars || events.length >= maxBatchEvents
    },
  }
}

/** Not in the middle of a surrogate pair, even if that is one more. */
function cutAt(text: string, at: number): number {
  if (at >= text.length) return text.length
  return isHighSurrogate(text.charCodeAt(at - 1)) ? at + 1 : at
}
