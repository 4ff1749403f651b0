// What a person can do with runs: start, look, wait, stop, resume, run again.

import { type Ctx, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { isFinal, type Task, type TaskGlance, type Tasks, type TaskStatus } from '#src/tasks/index.ts'
import type { Run, RunSummary, Workflow } from './contract.ts'
import type { AgentTurns, Models } from './ports.ts'
import type { RunsRepo } from './repo.ts'
import { assertCanRun, planRun } from './plan-run.ts'
import { reusedSteps } from './reuse.ts'
import type { Snapshot } from './snapshot.ts'
import { recordRun, subjectOf } from './start-run.ts'
import { toRun, toSummary } from './view.ts'

export interface RunsDeps {
  readonly store: Store
  readonly tasks: Tasks
  readonly repo: RunsRepo
  readonly turns: Pick<AgentTurns, 'check'>
  readonly models: Pick<Models, 'defaults' | 'fallbacks'>
}

export interface StartRun {
  readonly trigger: RunSummary['trigger']
  /** The same key starts the same workflow once, however often it is sent. */
  readonly idempotencyKey?: string | undefined
}

export interface Runs {
  /** Queues one run and returns it. One transaction: once this returns, the run is never lost. */
  start(ctx: Ctx, workflow: Workflow, input: StartRun): Promise<Run>
  /**
   * A new run from the snapshot of an ended one.
   * @param fromStep the first to be played again (0-based); what was recorded before it is taken over
   * @throws `conflict` for a run that has not ended, `invalid_input` when a step before `fromStep` has no result
   */
  rerun(ctx: Ctx, runId: string, fromStep?: number): Promise<Run>
  /** @throws `not_found` */
  get(runId: string): Promise<Run>
  /** As `get`, but waits up to `waitMs` for the run to end or be parked. */
  wait(runId: string, waitMs: number, signal: AbortSignal): Promise<Run>
  list(filter: RunFilter): Promise<{ items: RunSummary[]; next: string | null }>
  recentOf(workflowIds: readonly string[], limit: number): Promise<Map<string, TaskGlance[]>>
  cancel(runId: string, reason: string): Promise<Run>
  resume(runId: string): Promise<Run>
}

export interface RunFilter {
  readonly workflowId?: string | undefined
  readonly status?: readonly TaskStatus[] | undefined
  /** Asked for at or after, and before (ms). */
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

export function createRuns({ store, tasks, repo, turns, models }: RunsDeps): Runs {
  async function get(runId: string): Promise<Run> {
    const task = await tasks.find(runId)
    if (task?.kind !== 'run') {
      throw new MaestroError('not_found', `there is no run "${runId}"`, { hint: 'list them: maestro runs' })
    }
    const [run, steps, attempts, tree, triggered] = await Promise.all([
      repo.getRun(runId),
      repo.steps(runId),
      repo.attempts(runId),
      allOf(runId),
      repo.triggeredBy(runId),
    ])
    // The task is read first: what the rows show is at least as new as its lastSeq.
    return toRun(task, run, steps, attempts, tree, triggered)
  }

  async function allOf(rootId: string): Promise<Map<string, Task>> {
    const byId = new Map<string, Task>()
    let cursor: string | undefined
    do {
      const page = await tasks.list({ rootId, limit: 500, cursor })
      for (const task of page.items) byId.set(task.id, task)
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    return byId
  }

  async function insert(ctx: Ctx, snapshot: Snapshot, facts: Parameters<typeof recordRun>[3]): Promise<Run> {
    await store.assertSpace()
    const { task } = await store.tx(() => recordRun({ tasks, repo }, snapshot, ctx.actor, facts))
    return get(task.id)
  }

  return {
    get,

    async start(ctx, workflow, input) {
      const { trigger, idempotencyKey } = input
      return insert(ctx, await planRun({ turns, models }, workflow), { trigger, idempotencyKey })
    },

    async rerun(ctx, runId, fromStep = 0) {
      const task = await tasks.find(runId)
      if (task === undefined || !isFinal(task.status)) {
        throw new MaestroError(
          'conflict',
          `run "${runId}" is ${task?.status ?? 'unknown'}; only an ended run can run again`,
        )
      }
      const run = await repo.getRun(runId)
      assertCanRun({ turns }, run.snapshot)
      return insert(ctx, run.snapshot, {
        trigger: 'rerun',
        rerunOf: runId,
        continueFrom: run.continueFrom,
        ...(fromStep === 0 ? {} : { rerunFromStep: fromStep, reused: reusedSteps(await repo.steps(runId), fromStep) }),
      })
    },

    async wait(runId, waitMs, signal) {
      const until = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, waitMs))])
      for (;;) {
        const grown = Promise.withResolvers<void>()
        using _ = tasks.watch(runId, () => grown.resolve())
        const run = await get(runId)
        if (isFinal(run.status) || run.status === 'waiting' || until.aborted) return run
        const onAbort = () => grown.resolve()
        until.addEventListener('abort', onAbort, { once: true })
        await grown.promise
        until.removeEventListener('abort', onAbort)
      }
    },

    async list(filter) {
      const page = await tasks.list({
        kind: 'run',
        status: filter.status,
        subject: filter.workflowId === undefined ? undefined : subjectOf(filter.workflowId),
        since: filter.since,
        until: filter.until,
        limit: filter.limit,
        cursor: filter.cursor,
      })
      const heads = await repo.heads(page.items.map((task) => task.id))
      return {
        next: page.next,
        items: page.items.flatMap((task) => {
          const head = heads.get(task.id)
          return head === undefined ? [] : [toSummary(task, head)]
        }),
      }
    },

    async recentOf(workflowIds, limit) {
      const bySubject = await tasks.recent(workflowIds.map(subjectOf), limit)
      return new Map(workflowIds.map((id) => [id, bySubject.get(subjectOf(id)) ?? []]))
    },

    async cancel(runId, reason) {
      await get(runId)
      await tasks.requestStop(runId, reason)
      return get(runId)
    },

    async resume(runId) {
      await get(runId)
      await tasks.resume(runId)
      return get(runId)
    },
  }
}

export const maxWaitSec = 300
