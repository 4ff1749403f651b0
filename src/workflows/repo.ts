// The SQL of the workflows room: runs with their snapshot, steps with their result, attempts.

import { MaestroError, type Usage } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { TaskError } from '#src/tasks/contract.ts'
import type { RunSummary, StepStatus } from './contract.ts'
import type { Snapshot } from './snapshot.ts'

interface Tables {
  workflow_runs: {
    run_id: string
    workflow_id: string
    workflow_name: string
    snapshot: string
    trigger: RunSummary['trigger']
    rerun_of: string | null
    step_count: number
    agents: string
    resumed_at: number | string | null
  }
  workflow_run_steps: {
    run_id: string
    idx: number
    status: StepStatus
    output: string | null
    error: string | null
    usage: string | null
    turn_id: string | null
    started_at: number | string | null
    ended_at: number | string | null
  }
  workflow_attempts: { run_id: string; idx: number; number: number; turn_id: string; retryable: boolean }
}

export interface RunRecord {
  readonly runId: string
  readonly workflowId: string
  readonly workflowName: string
  readonly snapshot: Snapshot
  readonly trigger: RunSummary['trigger']
  readonly rerunOf: string | null
}

/** What a list of runs shows of each: no snapshot, since prompts may be long. */
export interface RunHead {
  readonly runId: string
  readonly workflowId: string
  readonly workflowName: string
  readonly trigger: RunSummary['trigger']
  readonly stepCount: number
  readonly agents: readonly string[]
  readonly stepsDone: number
  readonly usages: readonly Usage[]
}

export interface StepRecord {
  readonly index: number
  readonly status: StepStatus
  readonly output: string | null
  readonly error: TaskError | null
  readonly usage: Usage | null
  readonly turnId: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
}

export interface AttemptRecord {
  readonly index: number
  readonly number: number
  readonly turnId: string
  readonly retryable: boolean
}

export type StepChanges = Partial<Omit<StepRecord, 'index'>>

export interface RunsRepo {
  insertRun(run: RunRecord): Promise<void>
  /** When a person last let the run go on, if ever. */
  resumedAt(runId: string): Promise<number | null>
  markResumed(runId: string, at: number): Promise<void>
  /** @throws `not_found` */
  getRun(runId: string): Promise<RunRecord>
  heads(runIds: readonly string[]): Promise<Map<string, RunHead>>
  steps(runId: string): Promise<StepRecord[]>
  updateStep(runId: string, index: number, changes: StepChanges): Promise<void>
  attempts(runId: string): Promise<AttemptRecord[]>
  insertAttempt(runId: string, attempt: AttemptRecord): Promise<void>
  markRetryable(runId: string, turnId: string): Promise<void>
}

export function createRunsRepo(store: Store): RunsRepo {
  const db = () => store.db<Tables>()
  return {
    async insertRun(run) {
      await db()
        .insertInto('workflow_runs')
        .values({
          run_id: run.runId,
          workflow_id: run.workflowId,
          workflow_name: run.workflowName,
          snapshot: JSON.stringify(run.snapshot),
          trigger: run.trigger,
          rerun_of: run.rerunOf,
          step_count: run.snapshot.steps.length,
          agents: JSON.stringify(agentsOf(run.snapshot)),
          resumed_at: null,
        })
        .execute()
      await db()
        .insertInto('workflow_run_steps')
        .values(
          run.snapshot.steps.map((_, idx) => ({
            run_id: run.runId,
            idx,
            status: 'pending' as const,
            output: null,
            error: null,
            usage: null,
            turn_id: null,
            started_at: null,
            ended_at: null,
          })),
        )
        .execute()
    },

    async getRun(runId) {
      const row = await db().selectFrom('workflow_runs').selectAll().where('run_id', '=', runId).executeTakeFirst()
      if (row === undefined) {
        throw new MaestroError('not_found', `there is no run "${runId}"`, { hint: 'list them: maestro runs' })
      }
      return {
        runId: row.run_id,
        workflowId: row.workflow_id,
        workflowName: row.workflow_name,
        snapshot: JSON.parse(row.snapshot) as Snapshot,
        trigger: row.trigger,
        rerunOf: row.rerun_of,
      }
    },

    async resumedAt(runId) {
      const row = await db()
        .selectFrom('workflow_runs')
        .select('resumed_at')
        .where('run_id', '=', runId)
        .executeTakeFirst()
      return row?.resumed_at == null ? null : Number(row.resumed_at)
    },

    async markResumed(runId, at) {
      await db().updateTable('workflow_runs').set({ resumed_at: at }).where('run_id', '=', runId).execute()
    },

    async heads(runIds) {
      const heads = new Map<string, RunHead>()
      if (runIds.length === 0) return heads
      const runs = await db()
        .selectFrom('workflow_runs')
        .select(['run_id', 'workflow_id', 'workflow_name', 'trigger', 'step_count', 'agents'])
        .where('run_id', 'in', runIds)
        .execute()
      const done = await db()
        .selectFrom('workflow_run_steps')
        .select(['run_id', 'status', 'usage'])
        .where('run_id', 'in', runIds)
        .where('status', '!=', 'pending')
        .execute()
      for (const run of runs) {
        const steps = done.filter((step) => step.run_id === run.run_id)
        heads.set(run.run_id, {
          runId: run.run_id,
          workflowId: run.workflow_id,
          workflowName: run.workflow_name,
          trigger: run.trigger,
          stepCount: run.step_count,
          agents: JSON.parse(run.agents) as string[],
          stepsDone: steps.filter((step) => step.status === 'succeeded').length,
          usages: steps.flatMap((step) => (step.usage === null ? [] : [JSON.parse(step.usage) as Usage])),
        })
      }
      return heads
    },

    async steps(runId) {
      const rows = await db()
        .selectFrom('workflow_run_steps')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('idx')
        .execute()
      return rows.map((row) => ({
        index: row.idx,
        status: row.status,
        output: row.output === null ? null : (JSON.parse(row.output) as string),
        error: row.error === null ? null : (JSON.parse(row.error) as TaskError),
        usage: row.usage === null ? null : (JSON.parse(row.usage) as Usage),
        turnId: row.turn_id,
        startedAt: row.started_at === null ? null : Number(row.started_at),
        endedAt: row.ended_at === null ? null : Number(row.ended_at),
      }))
    },

    async updateStep(runId, index, changes) {
      const set: Partial<Tables['workflow_run_steps']> = {}
      if (changes.status !== undefined) set.status = changes.status
      // As JSON text: a plain text column refuses NUL, which a model may well print.
      if (changes.output !== undefined) set.output = json(changes.output)
      if (changes.error !== undefined) set.error = json(changes.error)
      if (changes.usage !== undefined) set.usage = json(changes.usage)
      if (changes.turnId !== undefined) set.turn_id = changes.turnId
      if (changes.startedAt !== undefined) set.started_at = changes.startedAt
      if (changes.endedAt !== undefined) set.ended_at = changes.endedAt
      await db()
        .updateTable('workflow_run_steps')
        .set(set)
        .where('run_id', '=', runId)
        .where('idx', '=', index)
        .execute()
    },

    async attempts(runId) {
      const rows = await db()
        .selectFrom('workflow_attempts')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('idx')
        .orderBy('number')
        .execute()
      return rows.map((row) => ({
        index: row.idx,
        number: row.number,
        turnId: row.turn_id,
        retryable: row.retryable,
      }))
    },

    async insertAttempt(runId, attempt) {
      await db()
        .insertInto('workflow_attempts')
        .values({
          run_id: runId,
          idx: attempt.index,
          number: attempt.number,
          turn_id: attempt.turnId,
          retryable: attempt.retryable,
        })
        .execute()
    },

    async markRetryable(runId, turnId) {
      await db()
        .updateTable('workflow_attempts')
        .set({ retryable: true })
        .where('run_id', '=', runId)
        .where('turn_id', '=', turnId)
        .execute()
    },
  }
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** Who plays in a run, each once, in the order of their first step. */
export function agentsOf(snapshot: Snapshot): string[] {
  return [...new Set(snapshot.steps.map((step) => step.agent))]
}
