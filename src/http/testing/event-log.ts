// Event logs in memory, with counts of what was asked of them. Stands in for the tasks room in tests and
// in the bench of the http room.

import { MaestroError } from '#src/core/index.ts'
import type { TaskEvent, TaskEventBody } from '#src/tasks/contract.ts'
import type { EventSource } from '../ports.ts'

export interface EventLog extends EventSource {
  /** Starts an empty log, with the ids of child tasks that may write to it. */
  start(rootId: string, children?: readonly string[]): void
  append(rootId: string, bodies: readonly TaskEventBody[], taskId?: string): void
  /** Appends the end of the root. */
  end(rootId: string): void
  events(rootId: string): readonly TaskEvent[]
  /** How often rows were read, and how many watches are open. */
  readonly reads: number
  readonly watches: number
  /** Makes reads fail until set to false again. */
  isDown: boolean
}

export function createEventLog(now: () => number = Date.now): EventLog {
  const logs = new Map<string, TaskEvent[]>()
  const rootOf = new Map<string, string>()
  const ended = new Set<string>()
  const watchers = new Map<string, Set<() => void>>()
  const watchersOfAll = new Set<(ids: readonly string[]) => void>()
  let reads = 0

  const append = (rootId: string, bodies: readonly TaskEventBody[], taskId = rootId) => {
    const log = logs.get(rootId) ?? []
    for (const body of bodies) log.push({ seq: log.length + 1, at: now(), taskId, body })
    queueMicrotask(() => {
      for (const wake of watchers.get(rootId) ?? []) wake()
      for (const wake of watchersOfAll) wake([rootId])
    })
  }

  return {
    isDown: false,
    start(rootId, children = []) {
      logs.set(rootId, [])
      for (const id of [rootId, ...children]) rootOf.set(id, rootId)
    },
    append,
    end(rootId) {
      ended.add(rootId)
      append(rootId, [{ type: 'task.ended', status: 'succeeded', executed: 'yes', error: null }])
    },
    events: (rootId) => logs.get(rootId) ?? [],
    get reads() {
      return reads
    },
    get watches() {
      return [...watchers.values()].reduce((sum, set) => sum + set.size, 0) + watchersOfAll.size
    },
    rootOf(_actor, id) {
      const rootId = rootOf.get(id)
      if (rootId === undefined) return Promise.reject(new MaestroError('not_found', `there is no task "${id}"`))
      return Promise.resolve({ rootId, taskId: id })
    },
    async read(rootId, after, limit) {
      reads++
      await new Promise((resolve) => setImmediate(resolve))
      if (this.isDown) throw new MaestroError('unavailable', 'the database is away')
      return (logs.get(rootId) ?? []).slice(after, after + limit)
    },
    isEnded: (rootId) => Promise.resolve(ended.has(rootId)),
    watch(rootId, onGrown) {
      const set = watchers.get(rootId) ?? new Set()
      watchers.set(rootId, set.add(onGrown))
      return { [Symbol.dispose]: () => void set.delete(onGrown) }
    },
    watchAll(onChanged) {
      watchersOfAll.add(onChanged)
      return { [Symbol.dispose]: () => void watchersOfAll.delete(onChanged) }
    },
  }
}
