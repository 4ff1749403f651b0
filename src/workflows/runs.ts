// What a person can do with runs: start, look, wait, stop, resume, run again.

import { type Ctx, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { isFinal, type Task, type Tasks, type TaskStatus } from '#src/tasks/index.ts'
import type { Run, RunSummary, Workflow } from './contract.ts'
import type { AgentTurns, Models } from './ports.ts'
import type { RunsRepo } from './repo.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import { toRun, toSummary } from './view.ts'

export interface RunsDeps {
  readonly store: Store
  readonly tasks: Tasks
  readonly repo: RunsRepo
  readonly turns: Pick<AgentTurns, 'check'>
  readonly models: Models
}

export interface StartRun {
  readonly trigger: RunSummary['trigger']
  /** The same key starts the same workflow once, however often it is sent. */
  readonly idempotencyKey?: string | undefined
}

export interface Runs {
  /** Queues one run and returns it. One transaction: once this returns, the run is never lost. */
  start(ctx: Ctx, workflow: Workflow, input: StartRun): Promise<Run>
  /** A new run from the snapshot of an ended one. */
  rerun(ctx: Ctx, runId: string): Promise<Run>
  /** @throws `not_found` */
  get(runId: string): Promise<Run>
  /** As `get`, but waits up to `waitMs` for the run to end or be parked. */
  wait(runId: string, waitMs: number, signal: AbortSignal): Promise<Run>
  list(filter: RunFilter): Promise<{ items: RunSummary[]; next: string | null }>
  recentOf(workflowIds: readonly string[], limit: number): Promise<Map<string, Task[]>>
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

const subjectOf = (workflowId: string) => `workflow:${workflowId}`

export function createRuns({ store, tasks, repo, turns, models }: RunsDeps): Runs {
  async function get(runId: string): Promise<Run> {
    const task = await tasks.find(runId)
    if (task?.kind !== 'run') {
      throw new MaestroError('not_found', `there is no run "${runId}"`, { hint: 'list them: maestro runs' })
    }
    const [run, steps, attempts, tree] = await Promise.all([
      repo.getRun(runId),
      repo.steps(runId),
      repo.attempts(runId),
      allOf(runId),
    ])
    // The task is read first: what the rows show is at least as new as its lastSeq.
    return toRun(task, run, steps, attempts, tree)
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

  async function insert(ctx: Ctx, snapshot: Snapshot, input: StartRun & { rerunOf: string | null }): Promise<Run> {
    assertPrompts(snapshot)
    for (const step of snapshot.steps) {
      turns.check({ ...step, workingDir: snapshot.workingDir, conversationId: '', continueFrom: null })
    }
    await store.assertSpace()
    const id = await store.tx(async () => {
      const { task, isNew } = await tasks.create({
        kind: 'run',
        title: snapshot.name,
        startedBy: ctx.actor,
        place: null,
        subject: subjectOf(snapshot.workflowId),
        spec: { workflowId: snapshot.workflowId },
        ...(input.idempotencyKey === undefined
          ? {}
          : { idempotencyKey: `run:${snapshot.workflowId}:${input.idempotencyKey}` }),
      })
      if (isNew) {
        await repo.insertRun({
          runId: task.id,
          workflowId: snapshot.workflowId,
          workflowName: snapshot.name,
          snapshot,
          trigger: input.trigger,
          rerunOf: input.rerunOf,
        })
      }
      return task.id
    })
    return get(id)
  }

  return {
    get,

    async start(ctx, workflow, input) {
      return insert(ctx, takeSnapshot(workflow, await models.defaults()), { ...input, rerunOf: null })
    },

    async rerun(ctx, runId) {
      const task = await tasks.find(runId)
      if (task === undefined || !isFinal(task.status)) {
        throw new MaestroError(
          'conflict',
          `run "${runId}" is ${task?.status ?? 'unknown'}; only an ended run can run again`,
        )
      }
      const run = await repo.getRun(runId)
      return insert(ctx, run.snapshot, { trigger: 'rerun', rerunOf: runId })
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

/** An old data folder may hold configurations without prompts: they open, but there is nothing to run. */
function assertPrompts(snapshot: Snapshot): void {
  const issues = snapshot.steps
    .map((step, index) => ({
      path: `steps.${index}.text`,
      message: 'the prompt is empty',
      blank: step.prompt.trim() === '',
    }))
    .filter((issue) => issue.blank)
    .map(({ path, message }) => ({ path, message }))
  if (snapshot.steps.length > 0 && issues.length === 0) return
  throw new MaestroError(
    'invalid_input',
    `workflow "${snapshot.name}" has nothing to run: prompt ${issues.map((issue) => Number(issue.path.split('.')[1]) + 1).join(', ') || '1'} is empty`,
    {
      issues,
      hint: 'write the prompt, save, and run again',
    },
  )
}

export const maxWaitSec = 300
