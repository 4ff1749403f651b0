// One event, serialised once for everybody who watches its run. Pure.

import type { TaskEvent } from '#src/tasks/contract.ts'

export interface Frame {
  readonly seq: number
  readonly taskId: string
  /** `id`, `event` and `data` lines with the blank line after them. */
  readonly sse: Buffer
  /** The event's JSON: a view into `sse`. */
  readonly json: Buffer
  /** The task ended with this event. */
  readonly endsTask: boolean
}

const tailBytes = 2

export function toFrame(event: TaskEvent): Frame {
  const head = `id: ${event.seq}\nevent: task\ndata: `
  // JSON never holds a raw line break, so one `data` line is always enough. Written in place: joining the
  // strings first would make another copy of a large event.
  const json = JSON.stringify(event)
  const sse = Buffer.allocUnsafe(head.length + Buffer.byteLength(json) + tailBytes)
  sse.write(head, 'latin1')
  sse.write(json, head.length)
  sse.write('\n\n', sse.length - tailBytes, 'latin1')
  return {
    seq: event.seq,
    taskId: event.taskId,
    sse,
    json: sse.subarray(head.length, sse.length - tailBytes),
    endsTask: event.body.type === 'task.ended',
  }
}

/** Consecutive frames on their way to a watcher. */
export interface Slice {
  readonly frames: readonly Frame[]
  /** All `sse` bytes in a row, shared by every watcher at the same place: small frames joined, large ones as they are. */
  readonly chunks: readonly Buffer[]
  /** The cursor after it. */
  readonly lastSeq: number
}

/** Frames are joined up to here: copying less is not worth a write of its own, copying more is not worth the memory. */
const joinedBytes = 8 * 1024

export function toSlice(frames: readonly Frame[], lastSeq: number): Slice {
  const chunks: Buffer[] = []
  let small: Buffer[] = []
  let smallBytes = 0
  const join = () => {
    const [first] = small
    if (first !== undefined) chunks.push(small.length === 1 ? first : Buffer.concat(small))
    small = []
    smallBytes = 0
  }
  for (const { sse } of frames) {
    if (smallBytes + sse.length > joinedBytes) join()
    small.push(sse)
    smallBytes += sse.length
  }
  join()
  return { frames, chunks, lastSeq }
}

/** The part of a slice that is about one task; its cursor still moves past the rest. */
export function onlyTask(slice: Slice, taskId: string): Slice {
  return toSlice(
    slice.frames.filter((frame) => frame.taskId === taskId),
    slice.lastSeq,
  )
}
