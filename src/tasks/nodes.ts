// A node's lease on everything it holds: one row, renewed by one statement. Work of a node whose lease
// has run out is taken over, but only after that node's runners have ended it: they watch the same
// deadline through `onRenewed`. An embedded database has one node, whose lease never runs out.

import { type Clock, type Log, SECOND } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { type RawBuilder, sql } from 'kysely'
import type { TaskTables } from './rows.ts'

/** What a runner may need, after its lease ran out, until nothing of its work is left. */
export const takeOverGraceMs = 6 * SECOND

export interface NodeLeaseDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly nodeId: string
  readonly nodeName: string
  readonly leaseMs: number
  /** Database time in ms, so that nodes with wrong clocks agree. Tests move it. */
  readonly databaseNow: () => RawBuilder<number>
  /** This node's clock, in ms: until then its runners may go on. */
  readonly onRenewed: (deadlineMs: number) => Promise<void>
  /** The lease ran out, since the database did not answer: whatever is held is lost. */
  readonly onLost: (reason: string) => void
}

export interface NodeLease extends AsyncDisposable {
  /** First renewal; then by itself. */
  start(): Promise<void>
  /** Renews now: the loop's step, called by tests as well. */
  renew(): Promise<void>
}

export const systemDatabaseNow = (): RawBuilder<number> =>
  sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`

/** Far enough to be never: the only node of an embedded database. */
const forEver = Number.MAX_SAFE_INTEGER

/** The node that an embedded database belongs to: who wrote there last. */
export async function lastNodeOf(store: Store): Promise<string | undefined> {
  if (store.kind !== 'pglite') return undefined
  const row = await store
    .db<TaskTables>()
    .selectFrom('task_nodes')
    .select('id')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

export function createNodeLease(deps: NodeLeaseDeps): NodeLease {
  const { store, clock, log, leaseMs } = deps
  const closing = new AbortController()
  let deadline = 0
  let loop: Promise<void> = Promise.resolve()

  async function renew(): Promise<void> {
    const askedAt = clock.now()
    const until =
      store.kind === 'pglite' ? sql<number>`${forEver}::bigint` : sql<number>`${deps.databaseNow()} + ${leaseMs}::int`
    await store
      .db<TaskTables>()
      .insertInto('task_nodes')
      .values({ id: deps.nodeId, name: deps.nodeName, lease_until: until, started_at: askedAt })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ lease_until: until, name: deps.nodeName }))
      .execute()
    deadline = askedAt + leaseMs
    await deps.onRenewed(deadline)
  }

  /** Waits for the next renewal; false when the node closes instead. */
  const isDue = (): Promise<boolean> =>
    clock.sleep(leaseMs / 4, closing.signal).then(
      () => !closing.signal.aborted,
      () => false,
    )

  async function keepRenewing(): Promise<void> {
    while (await isDue()) {
      try {
        await renew()
      } catch (error) {
        log.warn({ error }, 'could not renew this node’s lease')
        if (clock.now() >= deadline) deps.onLost('this node’s lease ran out: the database does not answer')
      }
    }
  }

  return {
    renew,
    async start() {
      await renew()
      if (store.kind === 'postgres') loop = keepRenewing()
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await loop
    },
  }
}
