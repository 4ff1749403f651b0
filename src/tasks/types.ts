// The interface of the tasks room for the rooms above it.

import type { Actor, Usage } from '../core/contract.ts'
import type { Executed, Task, TaskError, TaskEvent, TaskEventBody, TaskStatus } from './contract.ts'

/** A status a task ends with. */
export type FinalStatus = Exclude<TaskStatus, 'queued' | 'running' | 'waiting'>

/** How a task ended. */
export interface TaskEnd {
  readonly status: FinalStatus
  readonly executed: Executed
  readonly error: TaskError | null
  readonly usage: Usage | null
  /** JSON: what it came to, for whoever asks later. */
  readonly result?: unknown
}

/**
 * The right to work on one task, held by this node under a fence. Every write through it checks the
 * fence in its own transaction; when another node has taken over, the write throws `conflict` and
 * `lost` is aborted: stop at once, touch nothing.
 */
export interface TaskLease {
  readonly taskId: string
  readonly rootId: string
  readonly fence: number
  /** Where its process runs, as recorded when it was made: only who reaches that place can look at it. */
  readonly place: string | null
  /** Aborted when the lease is gone, or when this server is shutting down. */
  readonly lost: AbortSignal
  /** Aborted (reason: a string) when someone asked to stop the task. */
  readonly stopRequested: AbortSignal
  /** Locks the task's row within the caller's transaction. @throws `conflict` when it is no longer held. */
  assertHeld(): Promise<void>
  /** Appends to the root's log, with the byte offsets of the output they derive from. One transaction. */
  append(events: readonly TaskEventBody[], offsets?: { out: number; err: number }): Promise<void>
  /** Offsets stored by the last `append` that gave any. */
  offsets(): Promise<{ out: number; err: number }>
  /** Ends the task. Joins the caller's transaction, if any. The first end wins and never flips. */
  finish(end: TaskEnd): Promise<void>
  /** Parks the task: gives the lease back. */
  park(reason: string, hint?: string): Promise<void>
  /** What `create` was given. */
  spec(): Promise<unknown>
  setExecuted(executed: Executed): Promise<void>
}

export interface NewTask {
  readonly kind: Task['kind']
  readonly title: string
  readonly startedBy: Actor
  readonly place: string | null
  /** What it is about, as `workflow:<id>`. */
  readonly subject?: string
  /** JSON; what a node needs to do the work. */
  readonly spec: unknown
  /** Default `no`. `maybe` for work whose process is started without another word to the database. */
  readonly executed?: Executed
  /** A second `create` with the same key returns the first task. */
  readonly idempotencyKey?: string
}

export interface TaskFilter {
  readonly kind?: Task['kind'] | undefined
  readonly status?: readonly TaskStatus[] | undefined
  readonly rootId?: string | undefined
  readonly subject?: string | undefined
  /** Leaves out commands started by anybody but this one (`actorKey`). */
  readonly commandsOf?: string | undefined
  /** Created at or after (ms). */
  readonly since?: number | undefined
  /** Created before (ms). */
  readonly until?: number | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

/** What a list of many subjects says of each task. */
export type TaskGlance = Pick<Task, 'id' | 'status' | 'createdAt' | 'startedAt' | 'endedAt'>

export interface Tasks {
  readonly nodeId: string
  /** Records a root task as queued and wakes a node. Joins the caller's transaction. */
  create(task: NewTask): Promise<{ task: Task; isNew: boolean }>
  /**
   * Records a root that this process works on at once: running from its first moment, in one transaction, without a
   * queue. `worker` ends it; after a restart the handler of its kind takes it up, under a higher fence. `done` never
   * rejects. @throws `unavailable` when this server is closing
   */
  runHere(task: NewTask, worker: (lease: TaskLease) => Promise<void>): Promise<{ taskId: string; done: Promise<void> }>
  /** Records a child as running under this node. Joins the caller's transaction. */
  createChild(parent: TaskLease, task: NewTask): Promise<TaskLease>
  /** Takes over a child of a run this node holds, with a new fence. Undefined when it has ended. */
  adoptChild(parent: TaskLease, childId: string): Promise<TaskLease | undefined>
  /** @throws `not_found` */
  get(id: string): Promise<Task>
  find(id: string): Promise<Task | undefined>
  /** What it was given and what it came to (null before its end). @throws `not_found` */
  details(id: string): Promise<{ task: Task; spec: unknown; result: unknown }>
  list(filter: TaskFilter): Promise<{ items: Task[]; next: string | null }>
  /** The newest roots of each subject, at most `limit` of each. */
  recent(subjects: readonly string[], limit: number): Promise<Map<string, TaskGlance[]>>
  /** Asks whoever holds it to stop; a queued or waiting task ends at once. Idempotent on ended tasks. @throws `not_found` */
  requestStop(id: string, reason: string): Promise<Task>
  /** A waiting task becomes queued again. @throws `conflict` when it does not wait. */
  resume(id: string): Promise<Task>
  /** Events of the root's log after `afterSeq`, oldest first. */
  events(rootId: string, afterSeq: number, limit: number): Promise<TaskEvent[]>
  /** Calls back (coalesced) when the root's log has grown. */
  watch(rootId: string, onGrown: () => void): Disposable
  /** Calls back (coalesced) with ids of roots that changed. */
  watchAll(onChanged: (rootIds: readonly string[]) => void): Disposable
  /** How work of a kind is done. The worker returns when the task ended or was parked. */
  handle(kind: Task['kind'], worker: (lease: TaskLease) => Promise<void>): void
  /** Takes up what this node had, then what is queued. */
  start(): Promise<void>
  /** No new claims; leases are given back without ending anything. */
  [Symbol.asyncDispose](): Promise<void>
}
