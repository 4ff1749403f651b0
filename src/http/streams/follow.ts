// Moves one watcher along a run's log: replay, then follow, without a seam, since both are the same cursor.
// Nothing is queued for a watcher: when its socket is full it stops pulling until the socket has drained.

import { onlyTask, type Slice } from './frame.ts'
import type { RootLog } from './root-log.ts'

export interface Sink {
  /** Hands over frames, at least one. False: full, `resume` is called when it has drained. */
  write(slice: Slice): boolean
  /** Everything was written and the run has ended. */
  end(): void
  /** The log cannot be read now: the watcher should come back with its cursor. */
  fail(error: unknown): void
}

export interface Follower {
  /** The socket has drained. */
  resume(): void
  stop(): void
}

export function follow(log: RootLog, from: { cursor: number; taskId: string }, sink: Sink): Follower {
  const onlyOne = from.taskId === log.rootId ? undefined : from.taskId
  let cursor = from.cursor
  let isFull = false
  let isBusy = false
  let isStopped = false
  /** The one task that is followed has ended, although its root may go on. */
  let hasTaskEnded = false

  const stop = () => {
    isStopped = true
    log.watchers.delete(advance)
  }

  const deliver = (slice: Slice): void => {
    cursor = slice.lastSeq
    const mine = onlyOne === undefined ? slice : onlyTask(slice, onlyOne)
    if (mine.frames.length > 0) isFull = !sink.write(mine)
    if (onlyOne !== undefined) hasTaskEnded ||= mine.frames.some((frame) => frame.endsTask)
  }

  const mayWrite = () => !isFull && !isStopped

  const advance = (): void => {
    if (isBusy || !mayWrite()) return
    isBusy = true
    try {
      while (mayWrite()) {
        const next = log.take(cursor)
        if (next instanceof Promise) {
          next.then(onRead, onFailed)
          return
        }
        if (next === null) {
          endIfDone()
          break
        }
        deliver(next)
      }
    } catch (error) {
      onFailed(error)
    }
    isBusy = false
  }

  const onRead = (slice: Slice | null) => {
    isBusy = false
    if (isStopped) return
    if (slice === null) endIfDone()
    else {
      deliver(slice)
      advance()
    }
  }

  const onFailed = (error: unknown) => {
    if (isStopped) return
    stop()
    sink.fail(error)
  }

  /** Called by who has everything. */
  const endIfDone = () => {
    if (!log.isEnded && !hasTaskEnded) return
    stop()
    sink.end()
  }

  log.watchers.add(advance)
  advance()
  return {
    resume() {
      isFull = false
      advance()
    },
    stop,
  }
}
