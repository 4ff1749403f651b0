// The event log: one per root, numbered without gaps. The root's row is locked while its numbers are
// given out, so readers never see a later number before an earlier one.

import { type Clock, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { TaskEvent, TaskEventBody } from './contract.ts'
import { type TaskTables, toEvent } from './rows.ts'

/** Payload: the root's id. Every node's watchers read the log from their own cursor. */
export const grownChannel = 'task_log_grown'

export interface EventLog {
  /** Within the caller's transaction. */
  append(rootId: string, taskId: string, events: readonly TaskEventBody[]): Promise<void>
  read(rootId: string, afterSeq: number, limit: number): Promise<TaskEvent[]>
}

export function createEventLog(store: Store, clock: Clock): EventLog {
  return {
    async append(rootId, taskId, events) {
      if (events.length === 0) return
      await store.tx(async () => {
        const db = store.db<TaskTables>()
        const head = await db
          .updateTable('tasks')
          .set((eb) => ({ last_seq: eb('last_seq', '+', events.length) }))
          .where('id', '=', rootId)
          .returning('last_seq')
          .executeTakeFirst()
        if (head === undefined) throw new MaestroError('not_found', `there is no task "${rootId}" to log to`)
        const first = Number(head.last_seq) - events.length + 1
        const at = clock.now()
        await db
          .insertInto('task_events')
          .values(
            events.map((body, index) => ({
              root_id: rootId,
              seq: first + index,
              task_id: taskId,
              at,
              body: JSON.stringify(body),
            })),
          )
          .execute()
        await store.notify(grownChannel, rootId)
      })
    },

    async read(rootId, afterSeq, limit) {
      const rows = await store
        .db<TaskTables>()
        .selectFrom('task_events')
        .selectAll()
        .where('root_id', '=', rootId)
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(toEvent)
    },
  }
}
