// Recording a run: its task, its snapshot and its steps. In the caller's transaction; starts nothing itself.

import type { Actor } from '#src/core/index.ts'
import type { Task, Tasks } from '#src/tasks/index.ts'
import type { NewRun, RunsRepo } from './repo.ts'
import type { Snapshot } from './snapshot.ts'

const prefix = 'workflow:'
export const subjectOf = (workflowId: string): string => `${prefix}${workflowId}`

/** Whose runs have this subject; null when it is no workflow's. */
export function workflowOf(subject: string | null): string | null {
  return subject?.startsWith(prefix) === true ? subject.slice(prefix.length) : null
}

/** The same key gives the run that was recorded first, and records nothing. */
export async function recordRun(
  deps: { readonly tasks: Pick<Tasks, 'create'>; readonly repo: Pick<RunsRepo, 'insertRun'> },
  snapshot: Snapshot,
  startedBy: Actor,
  facts: Pick<NewRun, 'trigger'> & Partial<NewRun> & { readonly idempotencyKey?: string | undefined },
): Promise<{ task: Task; isNew: boolean }> {
  const { idempotencyKey, ...rest } = facts
  const made = await deps.tasks.create({
    kind: 'run',
    title: snapshot.name,
    startedBy,
    place: null,
    subject: subjectOf(snapshot.workflowId),
    spec: { workflowId: snapshot.workflowId },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey: `run:${snapshot.workflowId}:${idempotencyKey}` }),
  })
  if (made.isNew) {
    await deps.repo.insertRun({
      rerunOf: null,
      ...rest,
      runId: made.task.id,
      workflowId: snapshot.workflowId,
      workflowName: snapshot.name,
      snapshot,
    })
  }
  return made
}
