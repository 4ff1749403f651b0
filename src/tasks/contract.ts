// A task is the one shape of long work; its numbered events are the one log that every watcher
// reads from a cursor. Statuses, transitions and what each permits are one table: status.ts.

import { z } from 'zod'
import { Actor, ErrorCode, Id, Timestamp, Usage } from '../core/contract.ts'

export const taskStatuses = [
  /** Acknowledged and recorded; nobody works on it yet. */
  'queued',
  /** A node holds its lease. */
  'running',
  /** Parked: it needs a person, a host or time. Holds no lease and no queue job. */
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'budget_exceeded',
  /** Cut off by a crash or a lost host: what it did is not known to be complete. */
  'interrupted',
] as const
export const TaskStatus = z.enum(taskStatuses)
export type TaskStatus = z.infer<typeof TaskStatus>

/** Did the work reach the world? `maybe` when a crash hides it. Always true, never optimistic. */
export const Executed = z.enum(['no', 'maybe', 'yes'])
export type Executed = z.infer<typeof Executed>

/** Why a task did not succeed. `kind` is the fine reason (an agent's outcome kind); `code` the coarse one. */
export const TaskError = z.object({
  code: ErrorCode,
  kind: z.string(),
  message: z.string(),
  hint: z.string().optional(),
})
export type TaskError = z.infer<typeof TaskError>

export const Task = z.object({
  id: Id,
  /** run: a workflow's; turn: one prompt of it; command: one command on a host. */
  kind: z.enum(['run', 'turn', 'command']),
  title: z.string(),
  status: TaskStatus,
  /** Root of the tree: whose event log it writes to. A root is its own. */
  rootId: Id,
  parentId: Id.nullable(),
  startedBy: Actor,
  /** `node:<id>` or `host:<name>` where its process runs; null for work without a process. */
  place: z.string().nullable(),
  /** What it is about, as `workflow:<id>`: lists filter by it. */
  subject: z.string().nullable(),
  executed: Executed,
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** Someone asked to stop it; it ends as soon as its process has gone. */
  stopRequestedAt: Timestamp.nullable(),
  /** What a waiting task waits for, in words. */
  waitingFor: z.string().nullable(),
  error: TaskError.nullable(),
  usage: Usage.nullable(),
  /** Sequence number of the newest event in the root's log. */
  lastSeq: z.int().nonnegative(),
})
export type Task = z.infer<typeof Task>

/**
 * What can happen, subject then verb; streams go started, delta, ended.
 * Text in events is already redacted and bounded.
 */
export const TaskEventBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task.queued'), title: z.string() }),
  z.object({ type: z.literal('task.started'), place: z.string().nullable(), fence: z.int() }),
  z.object({ type: z.literal('task.waiting'), reason: z.string(), hint: z.string().optional() }),
  z.object({ type: z.literal('task.stop_requested'), reason: z.string() }),
  z.object({ type: z.literal('task.ended'), status: TaskStatus, executed: Executed, error: TaskError.nullable() }),
  /** Facts that arrived after the end: they never change it. */
  z.object({ type: z.literal('task.late_evidence'), detail: z.string() }),

  z.object({
    type: z.literal('step.started'),
    index: z.int(),
    stepId: z.string(),
    title: z.string(),
    prompt: z.string(),
    agent: z.string(),
    model: z.string().nullable(),
  }),
  z.object({ type: z.literal('step.ended'), index: z.int(), status: z.string(), usage: Usage.nullable() }),
  z.object({ type: z.literal('attempt.started'), index: z.int(), attempt: z.int(), turnId: Id, reason: z.string() }),
  z.object({
    type: z.literal('attempt.ended'),
    index: z.int(),
    attempt: z.int(),
    turnId: Id,
    status: TaskStatus,
    error: TaskError.nullable(),
  }),

  /** The run's success started another workflow; or should have, and could not. */
  z.object({ type: z.literal('run.triggered'), runId: Id, workflowId: z.string() }),
  z.object({ type: z.literal('run.trigger_failed'), workflowId: z.string(), reason: z.string(), hint: z.string() }),
  z.object({ type: z.literal('session.started'), sessionId: z.string() }),
  z.object({ type: z.literal('text.delta'), messageId: z.string(), text: z.string() }),
  z.object({ type: z.literal('thinking.delta'), messageId: z.string(), text: z.string() }),
  z.object({
    type: z.literal('tool.called'),
    callId: z.string(),
    server: z.string().nullable(),
    tool: z.string(),
    input: z.unknown(),
  }),
  z.object({
    type: z.literal('tool.returned'),
    callId: z.string(),
    ok: z.boolean(),
    output: z.string(),
    truncated: z.boolean(),
  }),
  z.object({ type: z.literal('mcp.status'), server: z.string(), ok: z.boolean(), reason: z.string().nullable() }),
  z.object({ type: z.literal('usage.updated'), usage: Usage }),
  z.object({
    type: z.literal('agent.retried'),
    attempt: z.int(),
    httpStatus: z.int().nullable(),
    delayMs: z.number().nullable(),
  }),
  z.object({ type: z.literal('agent.warned'), text: z.string() }),
  /** A command has printed: bytes of each stream kept so far. The bytes themselves are read by offset. */
  z.object({ type: z.literal('output.grown'), out: z.int().nonnegative(), err: z.int().nonnegative() }),
  /** A raw line of the process, for the raw log. */
  z.object({ type: z.literal('log.line'), stream: z.enum(['out', 'err']), text: z.string() }),
])
export type TaskEventBody = z.infer<typeof TaskEventBody>

/** One row of a root's log. `seq` starts at 1, without gaps; it is the cursor of every watcher. */
export const TaskEvent = z.object({ seq: z.int().positive(), at: Timestamp, taskId: Id, body: TaskEventBody })
export type TaskEvent = z.infer<typeof TaskEvent>

/** A page of an event log, as JSON. */
export const EventPage = z.object({
  items: z.array(TaskEvent),
  /** Goes into `after` of the next request. */
  lastSeq: z.int().nonnegative(),
  /** The run has ended and nothing follows. */
  ended: z.boolean(),
})
export type EventPage = z.infer<typeof EventPage>
