// The run that a run's success starts: which workflow, with which conversation, or why none. Prepared before
// the transaction that ends the run and recorded within it, so it is started exactly once.

import type { Actor } from '#src/core/index.ts'
import { MaestroError, toMaestroError } from '#src/core/index.ts'
import type { TaskEventBody, Tasks } from '#src/tasks/index.ts'
import type { OnSuccess, Workflow } from './contract.ts'
import type { Conversation, RunRecord, RunsRepo } from './repo.ts'
import type { Snapshot } from './snapshot.ts'
import { recordRun } from './start-run.ts'

/** Runs that started each other in a row: the last of them starts none. A circle ends here, if nowhere else. */
const maxDepth = 8

export interface FollowUpDeps {
  readonly tasks: Pick<Tasks, 'create'>
  readonly repo: Pick<RunsRepo, 'insertRun'>
  readonly definitions: { find(id: string): Promise<Workflow | undefined> }
  /** A snapshot that can run. @throws `invalid_input` and others with what is missing */
  readonly plan: (workflow: Workflow) => Promise<Snapshot>
}

/** Call it within the transaction that ends the run; it gives the event to append there. */
export type RecordNext = () => Promise<TaskEventBody>

/**
 * @param last where the run's conversation stands
 * @returns undefined when nothing is to be started
 * @throws `unavailable` and `storage_full`: nothing is wrong with the target, ask again
 */
export async function prepareNext(
  deps: FollowUpDeps,
  run: RunRecord,
  last: Conversation | undefined,
): Promise<RecordNext | undefined> {
  const { onSuccess } = run.snapshot
  if (onSuccess === null || !onSuccess.enabled) return undefined
  try {
    const snapshot = await planTarget(deps, run, onSuccess)
    const startedBy: Actor = { kind: 'run', runId: run.runId }
    return async () => {
      const { task } = await recordRun(deps, snapshot, startedBy, {
        trigger: 'workflow',
        parentRunId: run.runId,
        depth: run.depth + 1,
        continueFrom: onSuccess.preserveSession ? (last ?? null) : null,
        idempotencyKey: `after:${run.runId}`,
      })
      return { type: 'run.triggered', runId: task.id, workflowId: snapshot.workflowId }
    }
  } catch (thrown) {
    const error = toMaestroError(thrown)
    if (error.code === 'unavailable' || error.code === 'storage_full') throw thrown
    const event: TaskEventBody = {
      type: 'run.trigger_failed',
      workflowId: onSuccess.workflowId,
      reason: error.message,
      hint: error.hint ?? 'mend that workflow, then run it by hand',
    }
    return async () => event
  }
}

async function planTarget(deps: FollowUpDeps, run: RunRecord, { workflowId }: OnSuccess): Promise<Snapshot> {
  if (run.depth >= maxDepth) {
    const message = `${maxDepth} workflows have started each other in a row: this one starts no more`
    throw new MaestroError('limit_exceeded', message, {
      hint: 'look for a circle in what they start on success, or join some of them into one',
    })
  }
  const target = await deps.definitions.find(workflowId)
  if (target === undefined) {
    throw new MaestroError('not_found', `there is no workflow "${workflowId}" to start`, {
      hint: `choose another one to start after "${run.workflowName}", or none`,
    })
  }
  return deps.plan(target)
}
