// One run's log while somebody watches it. Rows are read once per growth and serialised once; watchers
// pull from a cursor, so a slow one costs its own place in the log and nothing else. What has been read
// is a bounded cache: anything dropped is read again from the durable log.

import { type Log, MaestroError } from '#src/core/index.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'
import type { EventSource } from '../ports.ts'
import { type Slice, toFrame } from './frame.ts'
import { createPage, type Page, pageOfCursor, pageSize } from './page.ts'

export interface RootLog {
  readonly rootId: string
  /** What follows `cursor`: frames, or null when the watcher has everything; a promise when rows must be read. */
  take(cursor: number): Slice | null | Promise<Slice | null>
  /** True once the end was read: who has everything then has the final event. */
  readonly isEnded: boolean
  /** Reads on, in case a wake-up was lost. */
  refresh(): void
  readonly watchers: Set<() => void>
  close(): void
}

/** Full pages kept for those who come later or lag behind. */
const cacheBytes = 2 * 1024 * 1024

export function createRootLog(source: EventSource, rootId: string, log: Log): RootLog {
  const watchers = new Set<() => void>()
  const full = new Map<number, Page>()
  const loading = new Map<number, Promise<void>>()
  let fullBytes = 0
  /** The page that still grows; unknown until a read came back short. */
  let tail: Page | undefined
  let endedBeforeOpen: Promise<boolean> | undefined
  let isEnded = false
  let isPumping = false
  let isDirty = false
  let isClosed = false

  const watching = source.watch(rootId, () => void pump())

  const keep = (page: Page) => {
    full.set(page.index, page)
    fullBytes += page.bytes
    for (const [index, oldest] of full) {
      if (fullBytes <= cacheBytes || full.size === 1) break
      full.delete(index)
      fullBytes -= oldest.bytes
    }
  }

  const find = (index: number): Page | undefined => {
    if (tail?.index === index) return tail
    const page = full.get(index)
    if (page !== undefined) {
      // Newest use last: the first in the map is the one to drop.
      full.delete(index)
      full.set(index, page)
    }
    return page
  }

  const load = async (index: number): Promise<void> => {
    // Asked before the rows are read: if it had ended, then those rows hold the end.
    endedBeforeOpen ??= source.isEnded(rootId)
    const hadEnded = await endedBeforeOpen.catch((error: unknown) => {
      endedBeforeOpen = undefined
      throw error
    })
    for (;;) {
      const page = createPage(index)
      for (const event of await source.read(rootId, index * pageSize, pageSize)) add(page, event)
      if (find(index) !== undefined) return
      if (page.isFull) return keep(page)
      // A later page is known, so this one has filled up since it was read.
      if (tail !== undefined && tail.index > index) continue
      tail = page
      isEnded ||= hadEnded
      void pump()
      return
    }
  }

  const add = (page: Page, event: TaskEvent) => {
    if (event.seq !== page.lastSeq + 1) {
      throw new MaestroError('corrupt_data', `the log of ${rootId} goes from event ${page.lastSeq} to ${event.seq}`)
    }
    page.add(toFrame(event))
    if (event.body.type === 'task.ended' && event.taskId === rootId) isEnded = true
  }

  /** The page to read on from; undefined when there is no need to. */
  const growing = () => (isDirty && !isClosed ? tail : undefined)

  /** Appends what has grown since. One at a time; a wake-up during a read asks for another. */
  const pump = async (): Promise<void> => {
    isDirty = true
    if (isPumping) return
    isPumping = true
    try {
      for (let page = growing(); page !== undefined; page = growing()) {
        isDirty = false
        const events = await source.read(rootId, page.lastSeq, pageSize)
        for (const event of events) append(event)
        if (events.length === pageSize) isDirty = true
        if (events.length > 0) for (const wake of watchers) wake()
      }
    } catch (error) {
      log.warn({ error, rootId }, 'reading a run log failed; watchers wait for the next try')
    } finally {
      isPumping = false
    }
  }

  const append = (event: TaskEvent) => {
    if (tail === undefined || event.seq <= tail.lastSeq) return
    add(tail, event)
    if (!tail.isFull) return
    keep(tail)
    tail = createPage(tail.index + 1)
  }

  const take = (cursor: number): Slice | null | Promise<Slice | null> => {
    const index = pageOfCursor(cursor)
    const page = find(index)
    if (page !== undefined) return page.after(cursor)
    let read = loading.get(index)
    if (read === undefined) {
      read = load(index).finally(() => loading.delete(index))
      loading.set(index, read)
    }
    return read.then(() => take(cursor))
  }

  return {
    rootId,
    take,
    get isEnded() {
      return isEnded
    },
    refresh: () => void pump(),
    watchers,
    close() {
      isClosed = true
      watching[Symbol.dispose]()
    },
  }
}
