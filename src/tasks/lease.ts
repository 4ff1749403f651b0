// The right to work on one task. Every write checks owner and fence in its own transaction, so a node
// that was paused and woke up too late cannot write; it learns so and stops.

import { type Clock, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { EventLog } from './log.ts'
import type { TaskTables } from './rows.ts'
import type { TaskEnd, TaskLease } from './types.ts'

export interface LeaseDeps {
  readonly store: Store
  readonly log: EventLog
  readonly clock: Clock
  readonly nodeId: string
}

export interface HeldLease extends TaskLease {
  readonly parent: TaskLease | undefined
  /** Another node has it, or this server closes: stop at once. */
  lose(reason: string): void
  askToStop(reason: string): void
}

export interface LeaseFacts {
  readonly taskId: string
  readonly rootId: string
  readonly fence: number
  readonly place: string | null
}

/** `parent`: a child stops with its run and is lost with it. */
export function createLease(deps: LeaseDeps, facts: LeaseFacts, parent?: TaskLease): HeldLease {
  const { store, log, clock, nodeId } = deps
  const lost = new AbortController()
  const stop = new AbortController()

  /** Locks the task's row for this fence; the one place where a lease is proven. */
  async function prove(changes: Partial<TaskTables['tasks']>): Promise<void> {
    const row = await store
      .db<TaskTables>()
      .updateTable('tasks')
      .set({ fence: facts.fence, ...changes })
      .where('id', '=', facts.taskId)
      .where('fence', '=', facts.fence)
      .where('node_id', '=', nodeId)
      .where('status', '=', 'running')
      .returning('id')
      .executeTakeFirst()
    if (row !== undefined) return
    const reason = `task "${facts.taskId}" is no longer held under fence ${facts.fence}`
    store.afterCommit(() => lost.abort(reason))
    lost.abort(reason)
    throw new MaestroError('conflict', `${reason}: another node has taken it over, or it has ended`)
  }

  async function end(end: TaskEnd) {
    await store.tx(async () => {
      await prove({
        status: end.status,
        executed: end.executed,
        error: end.error === null ? null : JSON.stringify(end.error),
        usage: end.usage === null ? null : JSON.stringify(end.usage),
        ended_at: clock.now(),
        ...(end.result === undefined ? {} : { result: JSON.stringify(end.result) }),
        waiting_for: null,
      })
      await log.append(facts.rootId, facts.taskId, [
        { type: 'task.ended', status: end.status, executed: end.executed, error: end.error },
      ])
    })
  }

  return {
    ...facts,
    parent,
    lost: parent === undefined ? lost.signal : AbortSignal.any([parent.lost, lost.signal]),
    stopRequested: parent === undefined ? stop.signal : AbortSignal.any([parent.stopRequested, stop.signal]),
    lose: (reason) => lost.abort(reason),
    askToStop: (reason) => stop.abort(reason),

    assertHeld: () => prove({}),

    async append(events, offsets) {
      if (events.length === 0 && offsets === undefined) return
      await store.tx(async () => {
        await prove(offsets === undefined ? {} : { out_offset: offsets.out, err_offset: offsets.err })
        await log.append(facts.rootId, facts.taskId, events)
      })
    },

    async offsets() {
      const row = await store
        .db<TaskTables>()
        .selectFrom('tasks')
        .select(['out_offset', 'err_offset'])
        .where('id', '=', facts.taskId)
        .executeTakeFirstOrThrow()
      return { out: Number(row.out_offset), err: Number(row.err_offset) }
    },

    finish: end,

    async park(reason, hint) {
      await store.tx(async () => {
        await prove({ status: 'waiting', waiting_for: reason, node_id: null })
        await log.append(facts.rootId, facts.taskId, [
          hint === undefined ? { type: 'task.waiting', reason } : { type: 'task.waiting', reason, hint },
        ])
      })
    },

    async spec() {
      const row = await store
        .db<TaskTables>()
        .selectFrom('tasks')
        .select('spec')
        .where('id', '=', facts.taskId)
        .executeTakeFirstOrThrow()
      return JSON.parse(row.spec) as unknown
    },

    async setExecuted(executed) {
      await prove({ executed })
    },
  }
}
