// Reads one stream of a task into a buffer: first its beginning, then its end, then what is added. Never more than
// a few slices ahead of the eye, so that a long output costs no more than a short one.

import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/errors.ts'
import { readOutput, type Stream } from '../../api/tasks.ts'
import { createOutputBuffer, type OutputBuffer } from './output-buffer.ts'

const sliceBytes = 256 * 1024
/** Of the end of what has been printed already. */
const tailBytes = 1024 * 1024
/** Further behind than this, the newest is read and what lies between becomes a hole. */
const mostBehind = 2 * 1024 * 1024
const againMs = 2_000
/** With this many rows a browser's scroll bar comes to its end. */
const mostRows = 1_200_000

const mayPass = (thrown: unknown) =>
  thrown instanceof ApiError && (thrown.code === 'offline' || thrown.code === 'unavailable')

export interface Output {
  readonly buffer: OutputBuffer
  /** Bytes printed, as the last answer said. */
  readonly total: number
  /** Something has been read, if only that nothing was printed. */
  readonly isRead: boolean
  readonly error: unknown
  /** Rises with every slice. */
  readonly version: number
  /** Reads a part of the hole: after the beginning, or before the end. */
  fill(side: 'after' | 'before'): void
  readonly isFilling: boolean
  readonly canFill: boolean
}

/** `grownTo`: bytes that are known to be there; `ended`: no more will come. */
export function useOutput(taskId: string, stream: Stream, grownTo: number, ended: boolean): Output {
  const [buffer, setBuffer] = useState(createOutputBuffer)
  const [state, setState] = useState<{ total: number; isRead: boolean; error: unknown; version: number }>({
    total: 0,
    isRead: false,
    error: null,
    version: 0,
  })
  const [isFilling, setIsFilling] = useState(false)
  const wish = useRef({ grownTo, ended })
  const wake = useRef<() => void>(() => undefined)

  useEffect(() => {
    const made = createOutputBuffer()
    setBuffer(made)
    setState({ total: 0, isRead: false, error: null, version: 0 })
    const stop = new AbortController()
    const isStopped = () => stop.signal.aborted
    let isBusy = false
    let isDone = false
    let total = 0
    let retry: ReturnType<typeof setTimeout> | undefined

    async function read(offset: number) {
      const slice = await readOutput(taskId, { stream, offset, limit: sliceBytes }, stop.signal)
      total = slice.total_bytes
      made.add({ offset: slice.offset, next: slice.next_offset, text: slice.text })
      setState((old) => ({ total, isRead: true, error: null, version: old.version + 1 }))
      return slice
    }

    /** To the end of what is there now. */
    async function catchUp() {
      if (isBusy || isDone || isStopped()) return
      isBusy = true
      clearTimeout(retry)
      retry = undefined
      let asked = wish.current
      try {
        let atEnd = false
        while (!atEnd) {
          asked = wish.current
          const behind = Math.max(total, asked.grownTo) - made.end
          const skipTo = made.end === 0 || behind <= mostBehind ? made.end : made.end + behind - tailBytes
          const slice = await read(skipTo)
          atEnd = slice.next_offset >= slice.total_bytes || slice.next_offset <= slice.offset
          isDone = atEnd && (slice.eof || asked.ended)
        }
      } catch (thrown) {
        if (isStopped()) return
        setState((old) => ({ ...old, error: thrown }))
        // What is refused is refused again; what could not be reached may come back.
        if (mayPass(thrown)) retry = setTimeout(() => void catchUp(), againMs)
      } finally {
        isBusy = false
      }
      // It has grown, or ended, while the last slice was on its way.
      const isNew = wish.current.grownTo > asked.grownTo || (wish.current.ended && !asked.ended)
      if (!isDone && isNew && retry === undefined) void catchUp()
    }

    wake.current = () => void catchUp()
    void catchUp()
    return () => {
      stop.abort()
      clearTimeout(retry)
    }
  }, [taskId, stream])

  useEffect(() => {
    wish.current = { grownTo, ended }
    wake.current()
  }, [grownTo, ended])

  const canFill = buffer.rowCount < mostRows
  const fill = useCallback(
    (side: 'after' | 'before') => {
      const { hole } = buffer
      if (hole === undefined || isFilling) return
      setIsFilling(true)
      const work = async () => {
        let left = tailBytes
        const holeNow = () => buffer.hole
        for (let place = holeNow(); left > 0 && place !== undefined; place = holeNow()) {
          const { from, to } = place
          const limit = Math.min(sliceBytes, to - from)
          const offset = side === 'after' ? from : to - limit
          const slice = await readOutput(taskId, { stream, offset, limit })
          const taken = { offset: slice.offset, next: slice.next_offset, text: slice.text }
          if (side === 'after') buffer.add(taken)
          else buffer.addBefore(taken)
          const after = holeNow()
          // A slice that ends before a cut letter leaves a few bytes: they are read from the other side.
          if (after?.from === from && after.to === to) break
          left -= limit
        }
      }
      work()
        .then(
          () => setState((old) => ({ ...old, error: null, version: old.version + 1 })),
          (thrown: unknown) => setState((old) => ({ ...old, error: thrown })),
        )
        .finally(() => setIsFilling(false))
    },
    [buffer, isFilling, stream, taskId],
  )

  return { buffer, ...state, fill, isFilling, canFill }
}
