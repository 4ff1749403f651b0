// The definition a run works from: frozen when the run is asked for, every default resolved. Pure.

import { SECOND, type AgentMode } from '#src/core/index.ts'
import { limitDefaults, type OnInterrupted, type Workflow } from './contract.ts'

const defaultAgent = 'goose'

export interface SnapshotStep {
  readonly stepId: string
  readonly title: string
  readonly prompt: string
  readonly agent: string
  readonly provider: string | null
  readonly model: string | null
  readonly mode: AgentMode
  readonly mcpServerIds: readonly string[]
  readonly timeoutMs: number
  readonly idleTimeoutMs: number
  readonly maxTurns: number
  readonly maxRetries: number
  readonly onInterrupted: OnInterrupted
}

export interface Snapshot {
  readonly workflowId: string
  readonly name: string
  readonly version: string
  readonly workingDir: string | null
  readonly runTimeoutMs: number
  readonly steps: readonly SnapshotStep[]
}

export function takeSnapshot(workflow: Workflow, defaults: { provider: string; model: string } | null): Snapshot {
  const workingDir = workflow.workingDir ?? null
  return {
    workflowId: workflow.id,
    name: workflow.name,
    version: workflow.version,
    workingDir,
    runTimeoutMs: toMs(workflow.runTimeoutSec ?? limitDefaults.runTimeoutSec),
    steps: workflow.steps.map((step) => {
      // Without a folder of the user's own there is nothing for an agent to change: it reads and talks.
      const mode = step.mode ?? (workingDir === null ? 'plan' : 'full')
      const model = step.model ?? workflow.model ?? null
      return {
        stepId: step.id,
        title: step.name ?? titleOf(step.text),
        prompt: step.text,
        agent: step.agent ?? workflow.agent ?? defaultAgent,
        provider: step.provider ?? workflow.provider ?? defaults?.provider ?? null,
        model: model ?? defaults?.model ?? null,
        mode,
        mcpServerIds: step.mcpServerIds ?? [],
        timeoutMs: toMs(step.timeoutSec ?? limitDefaults.timeoutSec),
        idleTimeoutMs: toMs(step.idleTimeoutSec ?? limitDefaults.idleTimeoutSec),
        maxTurns: step.maxTurns ?? limitDefaults.maxTurns,
        maxRetries: step.maxRetries ?? limitDefaults.maxRetries,
        // A turn that only reads may simply be asked again; one that changes things may have done half of them.
        onInterrupted: step.onInterrupted ?? (mode === 'plan' ? 'retry' : 'ask'),
      }
    }),
  }
}

/** First line of a prompt, without markdown marks, short enough for a list. */
export function titleOf(prompt: string): string {
  const line = prompt
    .split('\n')
    .map((text) => text.replace(/^[#>*\-\s]+/, '').trim())
    .find((text) => text !== '')
  if (line === undefined) return 'Prompt'
  const letters = [...line]
  return letters.length <= 60 ? line : `${letters.slice(0, 59).join('')}…`
}

const toMs = (seconds: number): number => seconds * SECOND
