// The SQL of the workflows room: runs with their snapshot, steps with their result, attempts.

import { MaestroError, type Usage } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { TaskError } from '#src/tasks/contract.ts'
import type { RunSummary, StepStatus } from './contract.ts'
import { readSnapshot, type Snapshot } from './snapshot.ts'

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
    parent_run_id: string | null
    depth: number
    rerun_from: number | null
    continue_turn: string | null
    continue_agent: string | null
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
    reused: boolean
  }
  workflow_attempts: {
    run_id: string
    idx: number
    number: number
    turn_id: string
    retryable: boolean
    provider: string | null
    model: string | null
    model_index: number
  }
}

export interface RunRecord {
  readonly runId: string
  readonly workflowId: string
  readonly workflowName: string
  readonly snapshot: Snapshot
  readonly trigger: RunSummary['trigger']
  readonly rerunOf: string | null
  /** The first step that was not taken over from `rerunOf`. */
  readonly rerunFromStep: number | null
  /** The run whose success started this one. */
  readonly parentRunId: string | null
  /** How many such starts led here. */
  readonly depth: number
  /** The conversation that its first step goes on with. */
  readonly continueFrom: Conversation | null
}

/** Where a conversation stands: after this turn, held by this agent. */
export interface Conversation {
  readonly turnId: string
  readonly agent: string
}

export type NewRun = Pick<RunRecord, 'runId' | 'workflowId' | 'workflowName' | 'snapshot' | 'trigger' | 'rerunOf'> &
  Partial<RunRecord> & {
    /** Recorded steps of `rerunOf`, from the first on. */
    readonly reused?: readonly StepRecord[]
  }

/** What a list of runs shows of each: no snapshot, since prompts may be long. */
export interface RunHead {
  readonly runId: string
  readonly workflowId: string
  readonly workflowName: string
  readonly trigger: RunSummary['trigger']
  readonly parentRunId: string | null
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
  /** Recorded by the run that this one repeats. */
  readonly isReused: boolean
}

export interface AttemptRecord {
  readonly index: number
  readonly number: number
  readonly turnId: string
  readonly retryable: boolean
  readonly provider: string | null
  readonly model: string | null
  /** 0: the step's own; n: its n-th fallback. */
  readonly modelIndex: number
}

export type StepChanges = Partial<Omit<StepRecord, 'index' | 'isReused'>>

export interface RunsRepo {
  insertRun(run: NewRun): Promise<void>
  /** Runs that this one's success started. */
  triggeredBy(runId: string): Promise<string[]>
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
          parent_run_id: run.parentRunId ?? null,
          depth: run.depth ?? 0,
          rerun_from: run.rerunFromStep ?? null,
          continue_turn: run.continueFrom?.turnId ?? null,
          continue_agent: run.continueFrom?.agent ?? null,
        })
        .execute()
      await db()
        .insertInto('workflow_run_steps')
        .values(
          run.snapshot.steps.map((_, idx) => {
            const reused = run.reused?.[idx]
            return {
              run_id: run.runId,
              idx,
              status: reused?.status ?? ('pending' as const),
              output: json(reused?.output ?? null),
              error: null,
              // What it cost was paid by the run that recorded it.
              usage: null,
              turn_id: reused?.turnId ?? null,
              started_at: null,
              ended_at: null,
              reused: reused !== undefined,
            }
          }),
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
        snapshot: readSnapshot(row.snapshot),
        trigger: row.trigger,
        rerunOf: row.rerun_of,
        rerunFromStep: row.rerun_from,
        parentRunId: row.parent_run_id,
        depth: row.depth,
        continueFrom:
          row.continue_turn === null || row.continue_agent === null
            ? null
            : { turnId: row.continue_turn, agent: row.continue_agent },
      }
    },

    async triggeredBy(runId) {
      const rows = await db()
        .selectFrom('workflow_runs')
        .select('run_id')
        .where('parent_run_id', '=', runId)
        .orderBy('run_id')
        .execute()
      return rows.map((row) => row.run_id)
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
        .select(['run_id', 'workflow_id', 'workflow_name', 'trigger', 'step_count', 'agents', 'parent_run_id'])
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
          parentRunId: run.parent_run_id,
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
        isReused: row.reused,
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
        provider: row.provider,
        model: row.model,
        modelIndex: row.model_index,
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
          provider: attempt.provider,
          model: attempt.model,
          model_index: attempt.modelIndex,
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
