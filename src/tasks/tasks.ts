// Durable work. Rows are the truth; queue jobs only wake nodes up, a sweep finds what no job announced,
// and leases with fences decide who may write. Workers (`handle`) are other rooms' code.

import { actorKey, type Clock, type Ids, type Log, MaestroError, SECOND } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { RawBuilder } from 'kysely'
import { type Claim, createClaims } from './claims.ts'
import type { Task } from './contract.ts'
import { createLease, type HeldLease, type LeaseFacts } from './lease.ts'
import { createEventLog, grownChannel } from './log.ts'
import { createNodeLease, systemDatabaseNow } from './nodes.ts'
import { createQueries } from './queries.ts'
import type { TaskTables } from './rows.ts'
import { isFinal, taskCan } from './status.ts'
import { createStops } from './stops.ts'
import type { NewTask, TaskLease, Tasks } from './types.ts'
import { createWatchers } from './watchers.ts'

const wakeQueue = 'task_wake'

export interface TasksDeps {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly nodeId: string
  readonly nodeName: string
  readonly leaseMs: number
  /** Roots of this node in work at once. */
  readonly maxRunning: number
  /** While it says yes, no queued root is taken up. Asked in the claim's own transaction. Default: never. */
  readonly isPaused?: () => Promise<boolean>
  /** Until when this node's runners may go on, by this node's clock; see nodes.ts. */
  readonly onLeaseRenewed?: (deadlineMs: number) => Promise<void>
  readonly databaseNow?: () => RawBuilder<number>
  /** How often lost wake-ups and dead nodes are looked for. */
  readonly sweepMs?: number
}

export interface TasksRoom extends Tasks {
  /** Claims what may be claimed now: the step of every wake-up and sweep. */
  pump(): Promise<void>
  /** Takes over work of dead nodes, then pumps. */
  sweep(): Promise<void>
  /** Roots in work on this node. */
  runningCount(): number
}

export function createTasks(deps: TasksDeps): TasksRoom {
  const { store, clock, ids, log, nodeId } = deps
  const events = createEventLog(store, clock)
  const databaseNow = deps.databaseNow ?? systemDatabaseNow
  const claims = createClaims({
    store,
    log: events,
    nodeId,
    now: () => clock.now(),
    databaseNow,
    isPaused: deps.isPaused ?? (() => Promise.resolve(false)),
  })
  const queries = createQueries(store)
  const watchers = createWatchers()
  const leaseDeps = { store, log: events, clock, nodeId }
  const workers = new Map<Task['kind'], (lease: TaskLease) => Promise<void>>()
  /** Leases held here, roots and children, by task. */
  const held = new Map<string, HeldLease>()
  /** Roots in work, with the promise of their worker. */
  const working = new Map<string, { readonly kind: Task['kind']; readonly done: Promise<void> }>()
  /** Commands are quick or somebody waits for them: they take no place of a run. */
  const runsInWork = () => [...working.values()].filter(({ kind }) => kind !== 'command').length
  const closing = new AbortController()
  const isClosing = (): boolean => closing.signal.aborted
  const open = new AsyncDisposableStack()
  const stops = createStops({ store, log: events, clock, held })
  let pumping: Promise<void> | undefined
  let pumpsAsked = 0

  const nodeLease = createNodeLease({
    store,
    clock,
    log,
    nodeId,
    nodeName: deps.nodeName,
    leaseMs: deps.leaseMs,
    databaseNow,
    onRenewed: async (deadlineMs) => {
      await deps.onLeaseRenewed?.(deadlineMs)
      await stops.deliverMissed()
    },
    onLost: (reason) => {
      for (const lease of held.values()) lease.lose(reason)
    },
  })

  function hold(facts: LeaseFacts, parent?: TaskLease): HeldLease {
    const lease = createLease(leaseDeps, facts, parent)
    held.set(facts.taskId, lease)
    return lease
  }

  /** Starts the worker of a claimed root; its end makes room for the next. */
  function work(claim: Claim): void {
    const worker = workers.get(claim.kind)
    if (worker === undefined || isClosing()) return
    // A reclaim while an older worker of the same root still unwinds: the old fence is dead, let it go first.
    const before = working.get(claim.taskId)?.done ?? Promise.resolve()
    held.get(claim.taskId)?.lose('claimed again under a higher fence')
    const lease = hold({ taskId: claim.taskId, rootId: claim.taskId, fence: claim.fence, place: claim.place })
    if (claim.stopReason !== null) lease.askToStop(claim.stopReason)
    void track(claim.taskId, claim.kind, async (use) => {
      use(lease)
      await before
      await worker(lease)
    })
  }

  /** Keeps a root's work in the books until it is over; its end makes room for the next. Never rejects. */
  function track(
    taskId: string,
    kind: Task['kind'],
    worker: (use: (lease: HeldLease) => void) => Promise<void>,
  ): Promise<void> {
    let failed = false
    let lease: HeldLease | undefined
    const done = worker((taken) => (lease = taken))
      .catch((error: unknown) => {
        failed = true
        if (lease?.lost.aborted !== true) log.error({ error, taskId }, 'the worker of a task failed')
      })
      .finally(() => {
        if (lease !== undefined)
          for (const [id, one] of held) if (one === lease || one.parent === lease) held.delete(id)
        if (working.get(taskId)?.done === done) working.delete(taskId)
        // A worker that failed leaves its task running: the next sweep, not this moment, claims it again.
        if (!isClosing() && !failed && kind !== 'command') void pump()
      })
    working.set(taskId, { kind, done })
    return done
  }

  async function claimWhatFits(): Promise<void> {
    if (isClosing()) return
    for (const claim of await claims.dropped([...working.keys()])) work(claim)
    while (runsInWork() < deps.maxRunning && !isClosing()) {
      const claim = await claims.next([...workers.keys()])
      if (claim === undefined) return
      work(claim)
    }
  }

  /** One at a time; a call during a pump causes one more round, so no wake-up falls between. */
  function pump(): Promise<void> {
    pumpsAsked += 1
    if (pumping !== undefined) return pumping
    pumping = (async () => {
      try {
        while (pumpsAsked > 0) {
          pumpsAsked = 0
          await claimWhatFits()
        }
      } catch (error) {
        log.warn({ error }, 'could not look for work; the next sweep tries again')
      } finally {
        // In one breath with the last look at what was asked: a call after it starts a pump of its own.
        pumping = undefined
      }
    })()
    return pumping
  }

  async function sweep(): Promise<void> {
    if (isClosing()) return
    if (store.kind === 'postgres') for (const claim of await claims.ofDeadNodes()) work(claim)
    await pump()
  }

  async function keepSweeping(everyMs: number): Promise<void> {
    while (!isClosing()) {
      await clock.sleep(everyMs, closing.signal).catch(() => undefined)
      await sweep().catch((error: unknown) => log.warn({ error }, 'a sweep for work failed'))
    }
  }

  async function insert(task: NewTask, facts: Partial<TaskTables['tasks']> & { id: string; root_id: string }) {
    return store
      .db<TaskTables>()
      .insertInto('tasks')
      .values({
        kind: task.kind,
        title: task.title,
        status: 'queued',
        parent_id: null,
        started_by: JSON.stringify(task.startedBy),
        actor_key: actorKey(task.startedBy),
        place: task.place,
        subject: task.subject ?? null,
        executed: task.executed ?? 'no',
        spec: JSON.stringify(task.spec),
        idempotency_key: task.idempotencyKey ?? null,
        node_id: null,
        fence: 0,
        created_at: clock.now(),
        out_offset: 0,
        err_offset: 0,
        last_seq: 0,
        ...facts,
      })
      .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
      .returning('id')
      .executeTakeFirst()
  }

  return {
    nodeId,
    ...queries,
    pump,
    sweep,
    runningCount: () => working.size,
    events: (rootId, afterSeq, limit) => events.read(rootId, afterSeq, limit),
    watch: (rootId, onGrown) => watchers.watch(rootId, onGrown),
    watchAll: (onChanged) => watchers.watchAll(onChanged),

    create: (task) =>
      store.tx(async () => {
        const id = ids(task.kind)
        const row = await insert(task, { id, root_id: id })
        if (row === undefined) {
          const first = await store
            .db<TaskTables>()
            .selectFrom('tasks')
            .select('id')
            .where('idempotency_key', '=', task.idempotencyKey ?? '')
            .executeTakeFirstOrThrow()
          return { task: await queries.get(first.id), isNew: false }
        }
        await events.append(id, id, [{ type: 'task.queued', title: task.title }])
        await store.jobs.send(wakeQueue, { taskId: id })
        // The job may take milliseconds or another node; this node need not wait for it.
        store.afterCommit(() => void pump())
        return { task: await queries.get(id), isNew: true }
      }),

    async runHere(task, worker) {
      if (isClosing()) throw new MaestroError('unavailable', 'this server is closing: no new work begins')
      const id = ids(task.kind)
      // Known here before the row is there: a sweep between the two would take it for one from before a restart.
      const recorded = Promise.withResolvers<LeaseFacts>()
      recorded.promise.catch(() => undefined)
      const done = track(id, task.kind, async (use) => {
        const facts = await recorded.promise.catch(() => undefined)
        if (facts === undefined) return
        const lease = hold(facts)
        // The closing went through the leases there were; this one came after.
        if (isClosing()) lease.lose('this server is closing')
        use(lease)
        await worker(lease)
      })
      try {
        await store.tx(async () => {
          const row = {
            id,
            root_id: id,
            status: 'running',
            node_id: nodeId,
            fence: 1,
            started_at: clock.now(),
          } as const
          await insert(task, row)
          await events.append(id, id, [{ type: 'task.started', place: task.place, fence: row.fence }])
        })
        recorded.resolve({ taskId: id, rootId: id, fence: 1, place: task.place })
      } catch (error) {
        recorded.reject(error)
        throw error
      }
      return { taskId: id, done }
    },

    createChild: (parent, task) =>
      store.tx(async () => {
        const id = ids(task.kind)
        const facts = { taskId: id, rootId: parent.rootId, fence: 1, place: task.place }
        await parent.assertHeld()
        await insert(task, {
          id,
          root_id: parent.rootId,
          parent_id: parent.taskId,
          status: 'running',
          node_id: nodeId,
          fence: facts.fence,
          started_at: clock.now(),
        })
        await events.append(parent.rootId, id, [{ type: 'task.started', place: task.place, fence: facts.fence }])
        return hold(facts, parent)
      }),

    async adoptChild(parent, childId) {
      const row = await store
        .db<TaskTables>()
        .selectFrom('tasks')
        .select(['status', 'fence', 'node_id', 'root_id', 'place', 'stop_requested_at', 'stop_reason'])
        .where('id', '=', childId)
        .executeTakeFirst()
      if (row === undefined || row.root_id !== parent.rootId) {
        throw new MaestroError('not_found', `task "${parent.taskId}" has no child "${childId}"`)
      }
      if (isFinal(row.status)) return undefined
      if (row.node_id !== nodeId) {
        throw new MaestroError('conflict', `child "${childId}" is held by another node`)
      }
      const lease = hold({ taskId: childId, rootId: row.root_id, fence: row.fence, place: row.place }, parent)
      if (row.stop_requested_at !== null) lease.askToStop(row.stop_reason ?? 'asked to stop')
      return lease
    },

    requestStop: (id, reason) => stops.request(id, reason),

    resume: (id) =>
      store.tx(async () => {
        const task = await queries.get(id)
        if (!taskCan.resume(task.status)) {
          throw new MaestroError('conflict', `task "${id}" is ${task.status}; only a waiting task can go on`)
        }
        await store
          .db<TaskTables>()
          .updateTable('tasks')
          .set({ status: 'queued', waiting_for: null })
          .where('id', '=', id)
          .where('status', '=', 'waiting')
          .execute()
        await events.append(task.rootId, id, [{ type: 'task.queued', title: task.title }])
        await store.jobs.send(wakeQueue, { taskId: id })
        store.afterCommit(() => void pump())
        return queries.get(id)
      }),

    handle: (kind, worker) => void workers.set(kind, worker),

    async start() {
      open.use(await store.listen(grownChannel, watchers.grown, watchers.everyoneLooks))
      open.use(await store.listen(stops.channel, stops.deliver, () => void stops.deliverMissed()))
      await nodeLease.start()
      await store.jobs.work(wakeQueue, async () => pump())
      void pump()
      const sweeping = keepSweeping(deps.sweepMs ?? (store.kind === 'postgres' ? 2 * SECOND : 15 * SECOND))
      open.defer(() => sweeping)
    },

    async [Symbol.asyncDispose]() {
      closing.abort()
      for (const lease of held.values()) lease.lose('this server is closing')
      await Promise.allSettled([...[...working.values()].map(({ done }) => done), pumping])
      await nodeLease[Symbol.asyncDispose]()
      await open.disposeAsync()
    },
  }
}
