// Asking work to stop. The wish is a fact on the row first; then whoever holds the task is told. A told
// holder that misses the message finds the fact when it renews or claims.

import { type Clock, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Task } from './contract.ts'
import type { HeldLease } from './lease.ts'
import type { EventLog } from './log.ts'
import { type TaskTables, toTask } from './rows.ts'
import { isFinal } from './status.ts'

export interface Stops {
  readonly channel: string
  request(id: string, reason: string): Promise<Task>
  deliver(payload: string): void
  /** Looks at the rows of what is held here. */
  deliverMissed(): Promise<void>
}

export interface StopsDeps {
  readonly store: Store
  readonly log: EventLog
  readonly clock: Clock
  readonly held: ReadonlyMap<string, HeldLease>
}

export function createStops({ store, log, clock, held }: StopsDeps): Stops {
  const channel = 'task_stop'

  async function lock(id: string): Promise<Task> {
    const row = await store
      .db<TaskTables>()
      .selectFrom('tasks')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined) throw new MaestroError('not_found', `there is no task "${id}"`)
    return toTask(row)
  }

  return {
    channel,

    request: (id, reason) =>
      store.tx(async () => {
        const task = await lock(id)
        if (isFinal(task.status)) return task
        const db = store.db<TaskTables>()
        const at = clock.now()
        if (task.status === 'running') {
          if (task.stopRequestedAt !== null) return task
          await db
            .updateTable('tasks')
            .set({ stop_requested_at: at, stop_reason: reason })
            .where('id', '=', id)
            .execute()
          await log.append(task.rootId, id, [{ type: 'task.stop_requested', reason }])
          await store.notify(channel, id)
          return lock(id)
        }
        // Nobody works on it: it ends here. What it may have done before it was parked is on the row.
        await db
          .updateTable('tasks')
          .set({ status: 'cancelled', stop_requested_at: at, stop_reason: reason, ended_at: at, waiting_for: null })
          .where('id', '=', id)
          .execute()
        await log.append(task.rootId, id, [
          { type: 'task.stop_requested', reason },
          { type: 'task.ended', status: 'cancelled', executed: task.executed, error: null },
        ])
        return lock(id)
      }),

    deliver(payload) {
      const lease = held.get(payload)
      if (lease === undefined) return
      void store
        .db<TaskTables>()
        .selectFrom('tasks')
        .select('stop_reason')
        .where('id', '=', payload)
        .executeTakeFirst()
        .then(
          (row) => lease.askToStop(row?.stop_reason ?? 'asked to stop'),
          () => lease.askToStop('asked to stop'),
        )
    },

    async deliverMissed() {
      const ids = [...held.keys()]
      if (ids.length === 0) return
      const rows = await store
        .db<TaskTables>()
        .selectFrom('tasks')
        .select(['id', 'stop_reason'])
        .where('id', 'in', ids)
        .where('stop_requested_at', 'is not', null)
        .execute()
      for (const row of rows) held.get(row.id)?.askToStop(row.stop_reason ?? 'asked to stop')
    },
  }
}
