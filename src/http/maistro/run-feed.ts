// Notices that runs nobody has heard of may have begun, for everyone who waits for one. One watch on all logs
// while somebody waits; logs that merely grow wake nobody.

import type { EventSource } from '../ports.ts'

export interface RunFeed {
  /** Calls back (coalesced) until disposed. */
  watch(onNew: () => void): Disposable
  close(): void
}

const coalesceMs = 50
/** Roots that are known to have begun. Forgetting one costs a look at the list of runs. */
const maxKnown = 10_000

export function createRunFeed(source: EventSource): RunFeed {
  const watchers = new Set<() => void>()
  const known = new Set<string>()
  let watching: Disposable | undefined
  let timer: NodeJS.Timeout | undefined

  const notice = (ids: readonly string[]) => {
    let isNew = false
    for (const id of ids) {
      isNew ||= !known.has(id)
      // Newest use last: the first in the set is the one to drop.
      known.delete(id)
      known.add(id)
    }
    for (const id of known) {
      if (known.size <= maxKnown) break
      known.delete(id)
    }
    // Read late, written at once: a run's row is committed before its first event tells of it.
    if (isNew) timer ??= setTimeout(wake, coalesceMs)
  }
  const wake = () => {
    timer = undefined
    for (const onNew of watchers) onNew()
  }
  const stop = () => {
    watching?.[Symbol.dispose]()
    watching = undefined
    clearTimeout(timer)
    timer = undefined
    known.clear()
  }

  return {
    watch(onNew) {
      watchers.add(onNew)
      watching ??= source.watchAll(notice)
      return {
        [Symbol.dispose]() {
          watchers.delete(onNew)
          if (watchers.size === 0) stop()
        },
      }
    },
    close: stop,
  }
}
