// The definition a run works from: frozen when the run is asked for, every default resolved. Pure.

import { SECOND, type AgentMode } from '#src/core/index.ts'
import {
  type FallbackModel,
  limitDefaults,
  type OnInterrupted,
  type OnSuccess,
  type SessionChoice,
  type Workflow,
} from './contract.ts'
import type { ModelChoice } from './ports.ts'

const defaultAgent = 'goose'

/** What a step is asked of. */
export interface StepModel {
  readonly provider: string | null
  readonly model: string | null
}

export interface SnapshotStep {
  readonly stepId: string
  readonly title: string
  readonly prompt: string
  readonly agent: string
  readonly provider: string | null
  readonly model: string | null
  /** Tried in this order after `model`, each once it is clear that the one before cannot do it now. */
  readonly fallbacks: readonly StepModel[]
  readonly session: SessionChoice
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
  readonly maxCostUsd: number | null
  readonly maxTokens: number | null
  readonly onSuccess: OnSuccess | null
  readonly steps: readonly SnapshotStep[]
}

/** What holds for every workflow of this Maestro. */
export interface SnapshotSettings {
  readonly defaults: ModelChoice | null
  /** For workflows that name no fallbacks. */
  readonly fallbacks: readonly ModelChoice[]
  /** Can the step's agent be asked with this model? A general fallback that it cannot is no fallback of it. */
  readonly fits?: (step: SnapshotStep, model: StepModel) => boolean
}

export function takeSnapshot(workflow: Workflow, settings: SnapshotSettings): Snapshot {
  const { defaults } = settings
  const workingDir = workflow.workingDir ?? null
  return {
    workflowId: workflow.id,
    name: workflow.name,
    version: workflow.version,
    workingDir,
    runTimeoutMs: toMs(workflow.runTimeoutSec ?? limitDefaults.runTimeoutSec),
    maxCostUsd: workflow.maxCostUsd ?? null,
    maxTokens: workflow.maxTokens ?? null,
    onSuccess: workflow.onSuccess ?? null,
    steps: workflow.steps.map((step) => {
      // Without a folder of the user's own there is nothing for an agent to change: it reads and talks.
      const mode = step.mode ?? (workingDir === null ? 'plan' : 'full')
      const own = {
        provider: step.provider ?? workflow.provider ?? defaults?.provider ?? null,
        model: step.model ?? workflow.model ?? defaults?.model ?? null,
      }
      const planned: SnapshotStep = {
        stepId: step.id,
        title: step.name ?? titleOf(step.text),
        prompt: step.text,
        agent: step.agent ?? workflow.agent ?? defaultAgent,
        ...own,
        fallbacks: [],
        session: step.session ?? workflow.session ?? 'shared',
        mode,
        mcpServerIds: step.mcpServerIds ?? [],
        timeoutMs: toMs(step.timeoutSec ?? workflow.timeoutSec ?? limitDefaults.timeoutSec),
        idleTimeoutMs: toMs(step.idleTimeoutSec ?? workflow.idleTimeoutSec ?? limitDefaults.idleTimeoutSec),
        maxTurns: step.maxTurns ?? workflow.maxTurns ?? limitDefaults.maxTurns,
        maxRetries: step.maxRetries ?? limitDefaults.maxRetries,
        // A turn that only reads may simply be asked again; one that changes things may have done half of them.
        onInterrupted: step.onInterrupted ?? (mode === 'plan' ? 'retry' : 'ask'),
      }
      const named = step.fallbackModels ?? workflow.fallbackModels
      const general = settings.fallbacks.filter((model) => settings.fits?.(planned, model) ?? true)
      return { ...planned, fallbacks: fallbacksOf(own, named ?? general) }
    }),
  }
}

/** With the step's provider where none is named, each once, none the same as the step's own. */
function fallbacksOf(own: StepModel, named: readonly FallbackModel[]): StepModel[] {
  const all = [own, ...named.map(({ provider, model }) => ({ provider: provider ?? own.provider, model }))]
  const isFirst = (one: StepModel, at: number) =>
    all.findIndex((other) => other.provider === one.provider && other.model === one.model) === at
  return all.filter(isFirst).slice(1)
}

/** The model of an attempt: 0 is the step's own, n its n-th fallback. */
export function modelAt(step: SnapshotStep, index: number): StepModel {
  return index === 0 ? step : (step.fallbacks[index - 1] ?? step)
}

/** Fields that snapshots of older runs do not have. */
type Since<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>
type StoredStep = Since<SnapshotStep, 'fallbacks' | 'session'>
type StoredSnapshot = Since<Omit<Snapshot, 'steps'>, 'maxCostUsd' | 'maxTokens' | 'onSuccess'> & {
  readonly steps: readonly StoredStep[]
}

export function readSnapshot(text: string): Snapshot {
  const stored = JSON.parse(text) as StoredSnapshot
  const { maxCostUsd = null, maxTokens = null, onSuccess = null } = stored
  const steps = stored.steps.map((step) => ({ ...step, ...oldStep(step) }))
  return { ...stored, maxCostUsd, maxTokens, onSuccess, steps }
}

const oldStep = ({ fallbacks = [], session = 'shared' }: StoredStep) => ({ fallbacks, session })

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
