// Claiming: one transaction that sets owner and fence + 1 on a root and on whatever of it is running,
// so that a former owner can write to neither.

import type { Store } from '#src/store/index.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Task } from './contract.ts'
import type { EventLog } from './log.ts'
import { takeOverGraceMs } from './nodes.ts'
import type { TaskTables } from './rows.ts'

export interface Claim {
  readonly taskId: string
  readonly kind: Task['kind']
  readonly fence: number
  readonly place: string | null
  readonly stopReason: string | null
}

export interface Claims {
  /** The oldest queued root of a kind, if any; none while everything is paused. */
  next(kinds: readonly Task['kind'][]): Promise<Claim | undefined>
  /** Roots of this node that nobody here works on: from before a restart, or dropped by a worker that failed. */
  dropped(working: readonly string[]): Promise<Claim[]>
  /** Roots of nodes whose lease ran out long enough ago that their runners have ended everything. */
  ofDeadNodes(): Promise<Claim[]>
}

export interface ClaimsDeps {
  readonly store: Store
  readonly log: EventLog
  readonly nodeId: string
  readonly now: () => number
  readonly databaseNow: () => RawBuilder<number>
  readonly isPaused: () => Promise<boolean>
}

export function createClaims({ store, log, nodeId, now, databaseNow, isPaused }: ClaimsDeps): Claims {
  async function take(rootId: string): Promise<Claim> {
    const db = store.db<TaskTables>()
    await db
      .updateTable('tasks')
      .set((eb) => ({ node_id: nodeId, fence: eb('fence', '+', 1) }))
      .where('root_id', '=', rootId)
      .where('parent_id', 'is not', null)
      .where('status', '=', 'running')
      .execute()
    const row = await db
      .updateTable('tasks')
      .set((eb) => ({
        node_id: nodeId,
        fence: eb('fence', '+', 1),
        status: 'running',
        waiting_for: null,
        started_at: eb.fn.coalesce('started_at', eb.val(now())),
      }))
      .where('id', '=', rootId)
      .returning(['kind', 'fence', 'stop_reason', 'stop_requested_at', 'place'])
      .executeTakeFirstOrThrow()
    await log.append(rootId, rootId, [{ type: 'task.started', place: row.place, fence: row.fence }])
    return {
      taskId: rootId,
      kind: row.kind,
      fence: row.fence,
      place: row.place,
      stopReason: row.stop_requested_at === null ? null : (row.stop_reason ?? 'asked to stop'),
    }
  }

  return {
    next: (kinds) =>
      store.tx(async () => {
        if (kinds.length === 0) return undefined
        const row = await store
          .db<TaskTables>()
          .selectFrom('tasks')
          .select('id')
          .where('status', '=', 'queued')
          .where('parent_id', 'is', null)
          .where('kind', 'in', kinds)
          .orderBy('created_at')
          .orderBy('id')
          .limit(1)
          .forUpdate()
          .skipLocked()
          .executeTakeFirst()
        // Asked when there is something to take: most looks find nothing.
        return row === undefined || (await isPaused()) ? undefined : take(row.id)
      }),

    dropped: (working) =>
      store.tx(async () => {
        const rows = await store
          .db<TaskTables>()
          .selectFrom('tasks')
          .select('id')
          .where('status', '=', 'running')
          .where('parent_id', 'is', null)
          .where('node_id', '=', nodeId)
          .orderBy('created_at')
          .forUpdate()
          .execute()
        const claims: Claim[] = []
        for (const row of rows) if (!working.includes(row.id)) claims.push(await take(row.id))
        return claims
      }),

    ofDeadNodes: () =>
      store.tx(async () => {
        const rows = await store
          .db<TaskTables>()
          .selectFrom('tasks')
          .innerJoin('task_nodes', 'task_nodes.id', 'tasks.node_id')
          .select('tasks.id')
          .where('tasks.status', '=', 'running')
          .where('tasks.parent_id', 'is', null)
          .where('tasks.node_id', '!=', nodeId)
          .where('task_nodes.lease_until', '<', sql<number>`${databaseNow()} - ${takeOverGraceMs}::int`)
          .orderBy('tasks.created_at')
          .forUpdate('tasks')
          .skipLocked()
          .execute()
        const claims: Claim[] = []
        for (const row of rows) claims.push(await take(row.id))
        return claims
      }),
  }
}
