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

/** A model to try when the one before it failed for a reason that this one may not have. */
export const FallbackModel = z.object({ provider: Slug.nullable().optional(), model: z.string().min(1).max(200) })
export type FallbackModel = z.infer<typeof FallbackModel>

/** Does a prompt go on with the conversation before it, or begin one of its own? */
export const SessionChoice = z.enum(['shared', 'fresh'])
export type SessionChoice = z.infer<typeof SessionChoice>

/** Folder, as `a/b`; empty for the top. Composed letters, so that what looks the same is the same folder. */
export const FolderPath = z.string().normalize('NFC').max(500)

const usd = z.number().positive('more than 0').max(1_000_000)
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
  /** Exactly the MCP servers this prompt may use, by id. Absent: none. */
  mcpServerIds: z.array(z.string().max(200)).max(100).optional(),
  /** `fresh`: begins a new conversation, which the prompts after it go on with. */
  session: SessionChoice.nullable().optional(),
  /** Instead of the workflow's list. */
  fallbackModels: z.array(FallbackModel).max(10).nullable().optional(),
  /** Wall clock of one attempt. */
  timeoutSec: seconds(86_400).nullable().optional(),
  /** Without any output. */
  idleTimeoutSec: seconds(86_400).nullable().optional(),
  maxTurns: z.int().min(1).max(1_000).nullable().optional(),
  maxRetries: z.int().min(0).max(10).nullable().optional(),
  onInterrupted: OnInterrupted.nullable().optional(),
})
export type PromptStep = z.infer<typeof PromptStep>

/** Another workflow that is run when this one has succeeded. */
export const OnSuccess = z.object({
  workflowId: z.string().min(1).max(200),
  /** Its first prompt goes on with this run's conversation. */
  preserveSession: z.boolean().default(false),
  enabled: z.boolean().default(true),
})
export type OnSuccess = z.infer<typeof OnSuccess>

/** Maistro's schedule, kept as it is until schedules are here. */
const KeptSchedule = z.looseObject({ enabled: z.boolean().optional() })

/** What a person edits. */
export const WorkflowInput = z.object({
  name: z.string().trim().min(1, 'a name').max(500),
  description: z.string().max(10_000).optional(),
  path: FolderPath.optional(),
  tags: z.array(z.string().trim().min(1).max(50)).max(20).optional(),
  steps: z.array(PromptStep).min(1, 'at least one prompt').max(200),
  /** Absolute. Null: every prompt is worked on in an empty folder that goes with it. */
  workingDir: z.string().max(4_096).nullable().optional(),
  agent: Slug.nullable().optional(),
  model: z.string().max(200).nullable().optional(),
  provider: Slug.nullable().optional(),
  /** For prompts that do not say. */
  session: SessionChoice.nullable().optional(),
  fallbackModels: z.array(FallbackModel).max(10).nullable().optional(),
  timeoutSec: seconds(86_400).nullable().optional(),
  idleTimeoutSec: seconds(86_400).nullable().optional(),
  maxTurns: z.int().min(1).max(1_000).nullable().optional(),
  /** Of the whole run. */
  runTimeoutSec: seconds(604_800).nullable().optional(),
  /** Money a run may spend; it stops before the model call after the one that reached it. Null: the general limit. */
  maxCostUsd: usd.nullable().optional(),
  /** Tokens (in and out) a run may use. */
  maxTokens: z.int().min(1).max(1_000_000_000).nullable().optional(),
  onSuccess: OnSuccess.nullable().optional(),
  schedule: KeptSchedule.nullable().optional(),
  /** Fields of other programs, kept beside ours. Left out, those that are stored stay. */
  otherFields: z.record(z.string().max(200), z.unknown()).optional(),
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
  tags: z.array(z.string()),
  stepCount: z.int(),
  agents: z.array(z.string()),
  models: z.array(z.string().nullable()),
  /** Of all its prompts, each once. */
  mcpServerIds: z.array(z.string()),
  onSuccess: OnSuccess.nullable(),
  schedule: KeptSchedule.nullable(),
  version: z.string(),
  updatedAt: Timestamp,
  /** Newest first, at most ten. */
  lastRuns: z.array(z.object({ id: Id, status: TaskStatus, createdAt: Timestamp, durationMs: z.int().nullable() })),
})
export type WorkflowSummary = z.infer<typeof WorkflowSummary>

/** A folder of workflows; it may be empty. */
export const Folder = z.object({
  /** As `a/b`. */
  path: FolderPath,
  name: z.string(),
  parentPath: z.string(),
  /** Directly in it. */
  workflowCount: z.int(),
  /** In it and below it. */
  totalCount: z.int(),
})
export type Folder = z.infer<typeof Folder>

/** One saved state of a workflow. */
export const WorkflowVersion = z.object({
  version: z.string(),
  savedAt: Timestamp,
  /** Null: found on the disk, edited by hand. */
  savedBy: Actor.nullable(),
  name: z.string(),
  stepCount: z.int(),
  /** What changed against the one before it, in a few words. */
  summary: z.string(),
  isCurrent: z.boolean(),
})
export type WorkflowVersion = z.infer<typeof WorkflowVersion>

/** What differs between two states of a workflow. Texts come as lines, other fields as values. */
export const FieldChange = z.object({
  /** As `steps.2.text`; steps are matched by their id, the number is the newer one's. */
  path: z.string(),
  /** For people: `Prompt 3`, `Working folder`. */
  label: z.string(),
  kind: z.enum(['added', 'removed', 'changed', 'moved']),
  before: z.unknown(),
  after: z.unknown(),
  /** Of texts: every line with what became of it; long equal stretches are left out. */
  lines: z.array(z.object({ op: z.enum(['same', 'added', 'removed', 'gap']), text: z.string() })).nullable(),
})
export type FieldChange = z.infer<typeof FieldChange>
export const WorkflowDiff = z.object({ from: z.string(), to: z.string(), changes: z.array(FieldChange) })
export type WorkflowDiff = z.infer<typeof WorkflowDiff>

/** A remark on a definition: an error keeps it from being saved or run, a warning does not. */
export const Remark = z.object({
  level: z.enum(['error', 'warning']),
  /** As `steps.2.mcpServerIds.0`. */
  path: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
})
export type Remark = z.infer<typeof Remark>

/** What a bundle file holds: workflows and the MCP servers and models they name; never a secret's value. */
export const Bundle = z.object({
  maestroBundle: z.literal(1),
  exportedAt: Timestamp,
  workflows: z.array(WorkflowInput.extend({ id: z.string().max(200) })).max(1_000),
  mcpServers: z.array(z.looseObject({ id: z.string(), name: z.string() })).max(1_000),
  models: z.array(z.object({ provider: z.string(), id: z.string() })).max(10_000),
  /** Names of the secrets that somebody has to enter again. */
  requiredSecrets: z.array(z.string()),
})
export type Bundle = z.infer<typeof Bundle>

/** What an import did, or with `dryRun` would do. */
export const ImportReport = z.object({
  format: z.enum(['bundle', 'goose_recipe', 'maistro']),
  dryRun: z.boolean(),
  workflows: z.array(
    z.object({
      name: z.string(),
      /** Null for what is skipped, and in a dry run. */
      id: Slug.nullable(),
      action: z.enum(['create', 'replace', 'copy', 'skip']),
      path: z.string(),
      stepCount: z.int(),
    }),
  ),
  mcpServers: z.array(z.object({ id: z.string(), name: z.string(), action: z.enum(['create', 'same', 'copy']) })),
  models: z.array(z.object({ provider: z.string(), id: z.string(), action: z.enum(['create', 'same']) })),
  /** Every program that running these would start, in full: to be looked at before it is trusted. */
  commands: z.array(z.string()),
  requiredSecrets: z.array(z.string()),
  /** What could not be taken over as it was. */
  warnings: z.array(z.string()),
})
export type ImportReport = z.infer<typeof ImportReport>

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
  /** Those it was asked with: a fallback's, where the step's own had failed. */
  provider: z.string().nullable(),
  model: z.string().nullable(),
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
  session: SessionChoice,
  mcpServerIds: z.array(z.string()),
  /** Its result was taken over from the run that this one repeats. */
  isReused: z.boolean(),
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
  trigger: z.enum(['manual', 'api', 'cli', 'sample', 'rerun', 'workflow']),
  /** The run whose success started this one. */
  parentRunId: Id.nullable(),
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
  /** The first step that was not taken over from `rerunOf`. */
  rerunFromStep: z.int().nonnegative().nullable(),
  /** Runs that its success started. */
  triggeredRunIds: z.array(Id),
  maxCostUsd: z.number().nullable(),
  maxTokens: z.int().nullable(),
})
export type Run = z.infer<typeof Run>
