// Workflows (the Maistro README's "configurations"), their steps and runs. Browser-safe.

import { z } from 'zod'
import { Actor, AgentMode, Id, Slug, Timestamp, Usage } from '../core/contract.ts'
import { Executed, TaskError, TaskStatus } from '../tasks/contract.ts'

/** After a crash cut a turn off: try again from the checkpoint, ask a person, or fail. */
export const OnInterrupted = z.enum(['retry', 'ask', 'fail'])
export type OnInterrupted = z.infer<typeof OnInterrupted>

/** What holds where neither a step nor its workflow says otherwise. */
export const limitDefaults = {
  timeoutSec: 1_800,
  idleTimeoutSec: 600,
  maxTurns: 50,
  /** Beyond the retries that agent CLIs make themselves. */
  maxRetries: 1,
  runTimeoutSec: 21_600,
} as const

const seconds = (max: number) => z.int().min(1).max(max)

/** One prompt. Null or absent means: as the workflow says, then as Maestro's defaults say. */
export const PromptStep = z.object({
  id: Slug,
  text: z.string().max(1_000_000),
  name: z.string().max(200).optional(),
  agent: Slug.nullable().optional(),
  /** A model id of the provider; null = the default model. */
  model: z.string().max(200).nullable().optional(),
  provider: Slug.nullable().optional(),
  mode: AgentMode.nullable().optional(),
  mcpServerIds: z.array(z.string().max(200)).max(100).optional(),
  /** Wall clock of one attempt. */
  timeoutSec: seconds(86_400).nullable().optional(),
  /** Without any output. */
  idleTimeoutSec: seconds(86_400).nullable().optional(),
  maxTurns: z.int().min(1).max(1_000).nullable().optional(),
  maxRetries: z.int().min(0).max(10).nullable().optional(),
  onInterrupted: OnInterrupted.nullable().optional(),
})
export type PromptStep = z.infer<typeof PromptStep>

/** What a person edits. */
export const WorkflowInput = z.object({
  name: z.string().trim().min(1, 'a name').max(500),
  description: z.string().max(10_000).optional(),
  /** Folder, as `a/b`; empty for the top. */
  path: z.string().max(500).optional(),
  steps: z.array(PromptStep).min(1, 'at least one prompt').max(200),
  /** Absolute. Null: every prompt is worked on in an empty folder that goes with it. */
  workingDir: z.string().max(4_096).nullable().optional(),
  agent: Slug.nullable().optional(),
  model: z.string().max(200).nullable().optional(),
  provider: Slug.nullable().optional(),
  /** Of the whole run. */
  runTimeoutSec: seconds(604_800).nullable().optional(),
})
export type WorkflowInput = z.infer<typeof WorkflowInput>

export const Workflow = WorkflowInput.extend({
  /** A Maistro configuration keeps its own id. */
  id: Slug,
  /** Changes with every edit, on disk too: send it back as `ifVersion`. */
  version: z.string(),
  updatedAt: Timestamp,
})
export type Workflow = z.infer<typeof Workflow>

export const WorkflowSummary = z.object({
  id: Slug,
  name: z.string(),
  description: z.string().optional(),
  path: z.string(),
  stepCount: z.int(),
  agents: z.array(z.string()),
  models: z.array(z.string().nullable()),
  version: z.string(),
  updatedAt: Timestamp,
  /** Newest first, at most ten. */
  lastRuns: z.array(z.object({ id: Id, status: TaskStatus, createdAt: Timestamp, durationMs: z.int().nullable() })),
})
export type WorkflowSummary = z.infer<typeof WorkflowSummary>

const stepStatuses = [
  'pending',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'budget_exceeded',
  'interrupted',
  'skipped',
] as const
export const StepStatus = z.enum(stepStatuses)
export type StepStatus = z.infer<typeof StepStatus>

/** One agent turn for a step: a child task of the run. */
export const Attempt = z.object({
  number: z.int().positive(),
  turnId: Id,
  status: TaskStatus,
  executed: Executed,
  error: TaskError.nullable(),
  usage: Usage.nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
})
export type Attempt = z.infer<typeof Attempt>

export const RunStep = z.object({
  index: z.int().nonnegative(),
  stepId: Slug,
  title: z.string(),
  prompt: z.string(),
  agent: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  mode: AgentMode,
  status: StepStatus,
  attempts: z.array(Attempt),
  /** The final answer, once recorded. */
  output: z.string().nullable(),
  error: TaskError.nullable(),
  usage: Usage.nullable(),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
})
export type RunStep = z.infer<typeof RunStep>

export const RunSummary = z.object({
  id: Id,
  workflowId: Slug,
  workflowName: z.string(),
  status: TaskStatus,
  trigger: z.enum(['manual', 'api', 'cli', 'sample', 'rerun']),
  startedBy: Actor,
  /** Who plays in it, each once. */
  agents: z.array(z.string()),
  stepCount: z.int(),
  /** Steps with a recorded result. */
  stepsDone: z.int(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  stopRequestedAt: Timestamp.nullable(),
  waitingFor: z.string().nullable(),
  error: TaskError.nullable(),
  usage: Usage.nullable(),
})
export type RunSummary = z.infer<typeof RunSummary>

export const Run = RunSummary.extend({
  steps: z.array(RunStep),
  /** Events up to and including this one are reflected here: follow the log from it. */
  lastSeq: z.int().nonnegative(),
  rerunOf: Id.nullable(),
})
export type Run = z.infer<typeof Run>
