// From a definition to a snapshot that can be run: every default looked up, every agent asked whether it can
// do what its step wants.

import { MaestroError } from '#src/core/index.ts'
import type { Workflow } from './contract.ts'
import type { AgentTurns, Models, TurnRequest } from './ports.ts'
import { modelAt, type Snapshot, type SnapshotStep, type StepModel, takeSnapshot } from './snapshot.ts'

export interface PlanDeps {
  readonly turns: Pick<AgentTurns, 'check'>
  readonly models: Pick<Models, 'defaults' | 'fallbacks'>
}

/** @throws `invalid_input` for a prompt that is empty, `not_found` and `unsupported` for what no agent can do */
export async function planRun(deps: PlanDeps, workflow: Workflow): Promise<Snapshot> {
  const [defaults, fallbacks] = await Promise.all([deps.models.defaults(), deps.models.fallbacks()])
  const workingDir = workflow.workingDir ?? null
  const fits = (step: SnapshotStep, model: StepModel): boolean => {
    try {
      deps.turns.check(toRequest({ ...step, ...model }, workingDir))
      return true
    } catch {
      return false
    }
  }
  const snapshot = takeSnapshot(workflow, { defaults, fallbacks, fits })
  assertCanRun(deps, snapshot)
  return snapshot
}

/** @throws as `planRun` */
export function assertCanRun({ turns }: Pick<PlanDeps, 'turns'>, snapshot: Snapshot): void {
  assertPrompts(snapshot)
  for (const step of snapshot.steps) {
    for (let index = 0; index <= step.fallbacks.length; index++) {
      turns.check(toRequest({ ...step, ...modelAt(step, index) }, snapshot.workingDir))
    }
  }
}

/** Enough of a request to ask whether it can be done at all. */
function toRequest(step: SnapshotStep, workingDir: string | null): TurnRequest {
  const { provider, model } = step
  return {
    agent: step.agent,
    provider,
    model,
    prompt: step.prompt,
    mode: step.mode,
    workingDir,
    mcpServerIds: step.mcpServerIds,
    timeoutMs: step.timeoutMs,
    idleTimeoutMs: step.idleTimeoutMs,
    maxTurns: step.maxTurns,
    runId: '',
    budget: { maxCostUsd: null, maxTokens: null },
    conversationId: '',
    continueFrom: null,
  }
}

/** An old data folder may hold configurations without prompts: they open, but there is nothing to run. */
function assertPrompts(snapshot: Snapshot): void {
  const empty = snapshot.steps.flatMap((step, index) => (step.prompt.trim() === '' ? [index] : []))
  if (snapshot.steps.length > 0 && empty.length === 0) return
  const numbers = empty.map((index) => index + 1).join(', ') || '1'
  throw new MaestroError(
    'invalid_input',
    `workflow "${snapshot.name}" has nothing to run: prompt ${numbers} is empty`,
    {
      issues: empty.map((index) => ({ path: `steps.${index}.text`, message: 'the prompt is empty' })),
      hint: 'write the prompt, save, and run again',
    },
  )
}
