// Runs as others see them: the task's status, the workflow's snapshot and the recorded steps in one
// value. Pure; `runs.ts` fetches.

import { addUsage } from '#src/core/index.ts'
import { isFinal, type Task } from '#src/tasks/index.ts'
import type { Attempt, Run, RunStep, RunSummary, StepStatus } from './contract.ts'
import type { SnapshotStep } from './snapshot.ts'
import { agentsOf, type AttemptRecord, type RunHead, type RunRecord, type StepRecord } from './repo.ts'

export function toSummary(task: Task, head: RunHead): RunSummary {
  return {
    id: task.id,
    workflowId: head.workflowId,
    workflowName: head.workflowName,
    status: task.status,
    trigger: head.trigger,
    parentRunId: head.parentRunId,
    startedBy: task.startedBy,
    stepCount: head.stepCount,
    agents: [...head.agents],
    stepsDone: head.stepsDone,
    createdAt: task.createdAt,
    startedAt: task.startedAt,
    endedAt: task.endedAt,
    stopRequestedAt: task.stopRequestedAt,
    waitingFor: task.waitingFor,
    error: task.error,
    usage: task.usage ?? head.usages.reduce<RunSummary['usage']>(addUsage, null),
  }
}

export function toRun(
  task: Task,
  run: RunRecord,
  steps: readonly StepRecord[],
  attempts: readonly AttemptRecord[],
  turns: ReadonlyMap<string, Task>,
  triggeredRunIds: readonly string[],
): Run {
  const head: RunHead = {
    runId: run.runId,
    workflowId: run.workflowId,
    workflowName: run.workflowName,
    trigger: run.trigger,
    parentRunId: run.parentRunId,
    stepCount: steps.length,
    agents: agentsOf(run.snapshot),
    stepsDone: steps.filter((step) => step.status === 'succeeded').length,
    usages: steps.flatMap((step) => (step.usage === null ? [] : [step.usage])),
  }
  return {
    ...toSummary(task, head),
    rerunOf: run.rerunOf,
    rerunFromStep: run.rerunFromStep,
    triggeredRunIds: [...triggeredRunIds],
    maxCostUsd: run.snapshot.maxCostUsd,
    maxTokens: run.snapshot.maxTokens,
    lastSeq: task.lastSeq,
    steps: steps.flatMap((step) => {
      const plan = run.snapshot.steps[step.index]
      if (plan === undefined) return []
      const view: RunStep = {
        index: step.index,
        stepId: plan.stepId,
        title: plan.title,
        prompt: plan.prompt,
        agent: plan.agent,
        provider: plan.provider,
        model: plan.model,
        mode: plan.mode,
        session: plan.session,
        mcpServerIds: [...plan.mcpServerIds],
        isReused: step.isReused,
        status: statusOf(step.status, task),
        attempts: attempts
          .filter((attempt) => attempt.index === step.index)
          .flatMap((attempt) => toAttempt(attempt, plan, turns.get(attempt.turnId))),
        output: step.output,
        error: step.error,
        usage: step.usage,
        startedAt: step.startedAt,
        endedAt: step.endedAt ?? (isFinal(task.status) && step.startedAt !== null ? task.endedAt : null),
      }
      return [view]
    }),
  }
}

/** A run cancelled while it was parked ends without its engine: its open steps end with it. */
function statusOf(status: StepStatus, task: Task): StepStatus {
  if (!isFinal(task.status)) return status
  if (status === 'pending') return 'skipped'
  if (status === 'running' || status === 'waiting')
    return task.status === 'succeeded' ? status : (task.status as StepStatus)
  return status
}

function toAttempt(attempt: AttemptRecord, plan: SnapshotStep, turn: Task | undefined): Attempt[] {
  if (turn === undefined) return []
  return [
    {
      number: attempt.number,
      turnId: attempt.turnId,
      // Older attempts did not write it down: they knew the step's own only.
      provider: attempt.modelIndex === 0 ? plan.provider : attempt.provider,
      model: attempt.modelIndex === 0 ? plan.model : attempt.model,
      status: turn.status,
      executed: turn.executed,
      error: turn.error,
      usage: turn.usage,
      startedAt: turn.startedAt ?? turn.createdAt,
      endedAt: turn.endedAt,
    },
  ]
}
