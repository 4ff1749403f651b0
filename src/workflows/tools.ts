// Workflows and runs as tools: what REST, the CLI, MCP and steps of other workflows can call.

import { type AnyTool, type Ctx, defineTool, Id, listOf, pageOf, Slug } from '#src/core/index.ts'
import { TaskStatus } from '#src/tasks/contract.ts'
import { z } from 'zod'
import { Run, RunSummary, Workflow, WorkflowInput, WorkflowSummary } from './contract.ts'
import type { Definitions } from './definitions/index.ts'
import { maxWaitSec, type Runs } from './runs.ts'

const WorkflowRef = z.object({ workflowId: Slug })
const RunRef = z.object({ runId: Id })
const waitSec = z.int().min(0).max(maxWaitSec).optional().describe('seconds to wait for the run to end, at most 300')

export function workflowTools(definitions: Definitions, runs: Runs): AnyTool[] {
  async function summaries(): Promise<z.input<typeof WorkflowSummary>[]> {
    const workflows = await definitions.list()
    const recent = await runs.recentOf(
      workflows.map((workflow) => workflow.id),
      10,
    )
    return workflows.map((workflow) => ({
      id: workflow.id,
      name: workflow.name,
      ...(workflow.description === undefined ? {} : { description: workflow.description }),
      path: workflow.path ?? '',
      tags: workflow.tags ?? [],
      stepCount: workflow.steps.length,
      agents: [...new Set(workflow.steps.map((step) => step.agent ?? workflow.agent ?? 'goose'))],
      models: [...new Set(workflow.steps.map((step) => step.model ?? workflow.model ?? null))],
      mcpServerIds: [...new Set(workflow.steps.flatMap((step) => step.mcpServerIds ?? []))],
      onSuccess: workflow.onSuccess ?? null,
      schedule: workflow.schedule ?? null,
      version: workflow.version,
      updatedAt: workflow.updatedAt,
      lastRuns: (recent.get(workflow.id) ?? []).map((task) => ({
        id: task.id,
        status: task.status,
        createdAt: task.createdAt,
        durationMs: task.startedAt === null || task.endedAt === null ? null : task.endedAt - task.startedAt,
      })),
    }))
  }

  return [
    defineTool({
      name: 'workflow_list',
      title: 'List workflows',
      description: 'Every workflow with its size, models and the outcomes of its last ten runs.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({}),
      output: listOf(WorkflowSummary),
      http: { method: 'get', path: '/workflows' },
      subject: () => [],
      run: async () => ({ items: await summaries() }),
    }),
    defineTool({
      name: 'workflow_get',
      title: 'Get a workflow',
      description: 'One workflow with all its prompts.',
      effect: 'read',
      scope: 'workflows:read',
      input: WorkflowRef,
      output: Workflow,
      http: { method: 'get', path: '/workflows/{workflowId}' },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (_ctx, { workflowId }) => definitions.get(workflowId),
    }),
    defineTool({
      name: 'workflow_create',
      title: 'Create a workflow',
      description: 'Saves a new workflow: ordered prompts, each with its own model, run as one conversation.',
      effect: 'write',
      scope: 'workflows:write',
      input: WorkflowInput,
      output: Workflow,
      http: { method: 'post', path: '/workflows', status: 201 },
      subject: ({ name }) => [`workflow:new:${name}`],
      run: async (_ctx, input) => definitions.create(input),
    }),
    defineTool({
      name: 'workflow_update',
      title: 'Change a workflow',
      description:
        'Replaces a workflow. Send `ifVersion` from the version you edited: when it has changed since, ' +
        'the answer is `conflict` with the stored one in `details.current`, and nothing is written.',
      effect: 'write',
      scope: 'workflows:write',
      input: WorkflowInput.extend({ workflowId: Slug, ifVersion: z.string().optional() }),
      output: Workflow,
      http: { method: 'put', path: '/workflows/{workflowId}' },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (_ctx, { workflowId, ifVersion, ...input }) => definitions.update(workflowId, input, ifVersion),
    }),
    defineTool({
      name: 'workflow_delete',
      title: 'Delete a workflow',
      description: 'Removes a workflow. Its runs stay in the history; its prompt files go to the trash folder.',
      effect: 'destructive',
      scope: 'workflows:write',
      input: WorkflowRef,
      output: Workflow,
      http: { method: 'delete', path: '/workflows/{workflowId}' },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (_ctx, { workflowId }) => definitions.delete(workflowId),
    }),
    defineTool({
      name: 'workflow_run',
      title: 'Run a workflow',
      description:
        'Starts a run and answers at once; with `waitSec` it answers when the run has ended, or after that time. ' +
        'The same `idempotencyKey` starts the same run once.',
      effect: 'write',
      scope: 'workflows:write',
      input: WorkflowRef.extend({
        idempotencyKey: z.string().min(1).max(200).optional(),
        trigger: z.enum(['manual', 'api', 'cli']).default('api'),
        waitSec,
      }),
      output: Run,
      http: { method: 'post', path: '/workflows/{workflowId}/runs', status: 202 },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (ctx, input) => {
        const run = await runs.start(ctx, await definitions.get(input.workflowId), input)
        return waited(ctx, run, input.waitSec)
      },
    }),
    defineTool({
      name: 'run_list',
      title: 'List runs',
      description: 'Runs, newest first, by workflow and status, a page at a time.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({
        workflowId: Slug.optional(),
        status: z.array(TaskStatus).optional(),
        limit: z.int().min(1).max(500).default(50),
        cursor: z.string().optional(),
      }),
      output: pageOf(RunSummary),
      http: { method: 'get', path: '/runs' },
      subject: ({ workflowId }) => (workflowId === undefined ? [] : [`workflow:${workflowId}`]),
      run: async (_ctx, filter) => runs.list(filter),
    }),
    defineTool({
      name: 'run_get',
      title: 'Get a run',
      description: 'One run with its steps, attempts and recorded answers. With `waitSec`, when it has ended.',
      effect: 'read',
      scope: 'workflows:read',
      input: RunRef.extend({ waitSec }),
      output: Run,
      http: { method: 'get', path: '/runs/{runId}' },
      subject: ({ runId }) => [`run:${runId}`],
      run: async (ctx, input) => waited(ctx, await runs.get(input.runId), input.waitSec),
    }),
    defineTool({
      name: 'run_cancel',
      title: 'Stop a run',
      description: 'Asks a run to stop; its agent gets a signal, then is ended. What it said so far is kept.',
      effect: 'destructive',
      scope: 'workflows:write',
      input: RunRef,
      output: Run,
      http: { method: 'post', path: '/runs/{runId}/cancel' },
      subject: ({ runId }) => [`run:${runId}`],
      run: async (ctx, { runId }) => runs.cancel(runId, `stopped by ${nameOf(ctx)}`),
    }),
    defineTool({
      name: 'run_resume',
      title: 'Resume a run',
      description: 'Lets a waiting run go on: the turn that was cut off runs again from the checkpoint before it.',
      effect: 'write',
      scope: 'workflows:write',
      input: RunRef,
      output: Run,
      http: { method: 'post', path: '/runs/{runId}/resume' },
      subject: ({ runId }) => [`run:${runId}`],
      run: async (_ctx, { runId }) => runs.resume(runId),
    }),
    defineTool({
      name: 'run_rerun',
      title: 'Run again',
      description: 'A new run from the same snapshot as an ended one.',
      effect: 'write',
      scope: 'workflows:write',
      input: RunRef,
      output: Run,
      http: { method: 'post', path: '/runs/{runId}/rerun', status: 202 },
      subject: ({ runId }) => [`run:${runId}`],
      run: async (ctx, { runId }) => runs.rerun(ctx, runId),
    }),
  ]

  async function waited(ctx: Ctx, run: z.input<typeof Run>, seconds: number | undefined) {
    return seconds === undefined || seconds === 0 ? run : runs.wait(run.id, seconds * 1_000, ctx.signal)
  }
}

function nameOf(ctx: Ctx): string {
  switch (ctx.actor.kind) {
    case 'owner':
      return 'the owner'
    case 'browser':
      return 'a person on the page'
    case 'token':
      return `token "${ctx.actor.name}"`
    case 'run':
      return `run ${ctx.actor.runId}`
    case 'system':
      return 'Maestro'
  }
}
