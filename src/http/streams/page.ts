// A page of a run's log in memory: up to `pageSize` frames at a fixed place, so that watchers at different
// cursors share rows and bytes. Pages of one log: page n holds seq n * pageSize + 1 to (n + 1) * pageSize.

import { type Frame, type Slice, toSlice } from './frame.ts'

export const pageSize = 128
/** What one write hands to a socket, unless a single event is larger. */
const sliceBytes = 64 * 1024
/** Slices kept ready per page; more cursors than this within one page copy for themselves. */
const keptSlices = 2

export interface Page {
  readonly index: number
  readonly lastSeq: number
  readonly bytes: number
  readonly isFull: boolean
  add(frame: Frame): void
  /** Frames after `cursor`, which lies within this page; null when there are none yet. */
  after(cursor: number): Slice | null
}

export const pageOfCursor = (cursor: number) => Math.floor(cursor / pageSize)

export function createPage(index: number): Page {
  const firstSeq = index * pageSize + 1
  const frames: Frame[] = []
  const slices = new Map<number, Slice>()
  let bytes = 0
  return {
    index,
    get lastSeq() {
      return firstSeq - 1 + frames.length
    },
    get bytes() {
      return bytes
    },
    get isFull() {
      return frames.length >= pageSize
    },
    add(frame) {
      frames.push(frame)
      bytes += frame.sse.length
      slices.clear()
    },
    after(cursor) {
      const start = cursor + 1 - firstSeq
      if (start >= frames.length) return null
      const kept = slices.get(start)
      if (kept !== undefined) return kept
      let end = start
      for (let size = 0; end < frames.length; end++) {
        size += frames[end]?.sse.length ?? 0
        if (size > sliceBytes && end > start) break
      }
      const slice = toSlice(frames.slice(start, end), firstSeq - 1 + end)
      if (slices.size < keptSlices) slices.set(start, slice)
      return slice
    },
  }
}
