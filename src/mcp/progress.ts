// Progress of one call: what the tool tells, at most every 50 ms, and a sign of life when it tells nothing for five
// seconds, because clients give up on calls that are silent. Leaves out how a note travels.

import type { ProgressNote } from '#src/core/index.ts'

/** A step of MCP: `progress` must rise with each note of a call. */
export interface ProgressStep {
  readonly progress: number
  readonly total?: number
  readonly message: string
}

/** Tools that tell of themselves do so every five seconds. */
export const silenceMs = 5_500
const leastMs = 50

export interface Progress extends Disposable {
  readonly note: (note: ProgressNote) => void
}

/** Notes go out until it is disposed of, and none after. */
export function createProgress(send: (step: ProgressStep) => void, now: () => number = () => Date.now()): Progress {
  const startedAt = now()
  let last = -1
  let lastAt = Number.NEGATIVE_INFINITY
  let held: ProgressNote | undefined
  let isOver = false
  let timer: NodeJS.Timeout | undefined

  const emit = (note: ProgressNote): void => {
    held = undefined
    lastAt = now()
    // Whoever counts backwards, or not at all, still gives a client a number that rises.
    const progress = note.done !== undefined && note.done > last ? note.done : last + 1
    last = progress
    const total = note.total !== undefined && note.total >= progress ? { total: note.total } : {}
    send({ progress, ...total, message: note.message })
    wait(silenceMs)
  }
  const wait = (ms: number): void => {
    clearTimeout(timer)
    if (isOver) return
    timer = setTimeout(() => {
      emit(held ?? { message: `still running after ${Math.round((now() - startedAt) / 1_000)} s` })
    }, ms)
    timer.unref()
  }
  wait(silenceMs)
  return {
    note(note) {
      if (isOver) return
      const waited = now() - lastAt
      if (waited >= leastMs) emit(note)
      else {
        held = note
        wait(leastMs - waited)
      }
    },
    [Symbol.dispose]() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
