// The rows of this room's tables, and the way from a row to what others see.
// JSON stands in text columns: jsonb refuses NUL and lone surrogates, which agents do print.

import type { Actor, Usage } from '#src/core/index.ts'
import type { Executed, Task, TaskError, TaskEvent, TaskEventBody, TaskStatus } from './contract.ts'
import type { TaskGlance } from './types.ts'

/** int8 arrives as a string from a PostgreSQL server and as a number from the embedded one. */
type Int8 = number | string

export interface TaskRow {
  id: string
  kind: Task['kind']
  title: string
  status: TaskStatus
  root_id: string
  parent_id: string | null
  started_by: string
  place: string | null
  subject: string | null
  executed: Executed
  spec: string
  idempotency_key: string | null
  node_id: string | null
  fence: number
  created_at: Int8
  started_at: Int8 | null
  ended_at: Int8 | null
  stop_requested_at: Int8 | null
  stop_reason: string | null
  waiting_for: string | null
  error: string | null
  usage: string | null
  out_offset: Int8
  err_offset: Int8
  last_seq: Int8
  result: string | null
  actor_key: string | null
}

/** What `recent` reads: whole rows of thousands take longer than all the rest of a list. */
export type GlanceRow = Pick<TaskRow, 'id' | 'status' | 'created_at' | 'started_at' | 'ended_at'> & { subject: string }

export interface TaskTables {
  tasks: TaskRow
  task_events: { root_id: string; seq: Int8; task_id: string; at: Int8; body: string }
  task_nodes: { id: string; name: string; lease_until: Int8; started_at: Int8 }
}

export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    rootId: row.root_id,
    parentId: row.parent_id,
    startedBy: JSON.parse(row.started_by) as Actor,
    place: row.place,
    subject: row.subject,
    executed: row.executed,
    createdAt: Number(row.created_at),
    startedAt: numberOrNull(row.started_at),
    endedAt: numberOrNull(row.ended_at),
    stopRequestedAt: numberOrNull(row.stop_requested_at),
    waitingFor: row.waiting_for,
    error: row.error === null ? null : (JSON.parse(row.error) as TaskError),
    usage: row.usage === null ? null : (JSON.parse(row.usage) as Usage),
    lastSeq: Number(row.last_seq),
  }
}

export function toGlance(row: GlanceRow): TaskGlance {
  return {
    id: row.id,
    status: row.status,
    createdAt: Number(row.created_at),
    startedAt: numberOrNull(row.started_at),
    endedAt: numberOrNull(row.ended_at),
  }
}

export function toEvent(row: TaskTables['task_events']): TaskEvent {
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    taskId: row.task_id,
    body: JSON.parse(row.body) as TaskEventBody,
  }
}

function numberOrNull(value: Int8 | null): number | null {
  return value === null ? null : Number(value)
}
