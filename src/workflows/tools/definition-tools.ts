// Workflows as tools: list and search, read, save, copy, move, delete.

import { type AnyTool, defineTool, listOf, Slug } from '#src/core/index.ts'
import type { TaskGlance } from '#src/tasks/index.ts'
import { z } from 'zod'
import { FolderPath, Remark, Workflow, WorkflowSummary } from '../contract.ts'
import { type Definitions, WrittenWorkflow } from '../definitions/index.ts'
import type { Runs } from '../runs.ts'
import { matches } from '../search.ts'
import { briefOfWorkflow, briefOfWorkflows } from './brief.ts'

const lastRunCount = 10
const WorkflowRef = z.object({ workflowId: Slug })

export function definitionTools(
  definitions: Definitions,
  runs: Pick<Runs, 'recentOf'>,
  check: (definition: Record<string, unknown>, workflowId?: string) => Promise<Remark[]>,
): AnyTool[] {
  return [
    defineTool({
      name: 'workflow_list',
      title: 'List workflows',
      description:
        'Workflows with their size, models and the outcomes of their last ten runs: all of them, those of one folder ' +
        '(`path`, empty for the top), with a tag, or with every word of `q` in their name, description, tags or prompts.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({
        q: z.string().max(1_000).optional(),
        path: FolderPath.optional().describe('that folder only, not what is below it'),
        tag: z.string().max(50).optional(),
      }),
      output: listOf(WorkflowSummary),
      http: { method: 'get', path: '/workflows' },
      mcp: { profiles: ['workflows'], brief: ({ items }) => briefOfWorkflows(items) },
      subject: () => [],
      run: async (_ctx, filter) => {
        const found = (await definitions.list()).filter((workflow) => matches(workflow, filter))
        const recent = await runs.recentOf(
          found.map((workflow) => workflow.id),
          lastRunCount,
        )
        return { items: found.map((workflow) => toWorkflowSummary(workflow, recent.get(workflow.id) ?? [])) }
      },
    }),
    defineTool({
      name: 'workflow_get_all',
      title: 'Get every workflow',
      description: 'All workflows with all their prompts, read at once.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({}),
      output: listOf(Workflow),
      subject: () => [],
      run: async () => ({ items: await definitions.list() }),
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
      mcp: { profiles: ['workflows'], brief: (workflow) => briefOfWorkflow(workflow) },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (_ctx, { workflowId }) => definitions.get(workflowId),
    }),
    defineTool({
      name: 'workflow_create',
      title: 'Create a workflow',
      description:
        'Saves a new workflow: ordered prompts, each with its own model, run as one conversation. ' +
        'Its id is made from the name, unless `id` gives one, as older configurations have.',
      effect: 'write',
      scope: 'workflows:write',
      input: WrittenWorkflow.extend({ id: z.string().min(1).max(200).optional() }),
      output: Workflow,
      http: { method: 'post', path: '/workflows', status: 201 },
      subject: ({ name }) => [`workflow:new:${name}`],
      run: async (ctx, { id, ...input }) => definitions.create(input, ctx.actor, id),
    }),
    defineTool({
      name: 'workflow_update',
      title: 'Change a workflow',
      description:
        'Replaces a workflow; a field that is absent is unset, but for `schedule`, which null removes. Send `ifVersion` ' +
        'from the version you edited: when it has changed since, the answer is `conflict` with the stored one in ' +
        '`details.current` and what is different in yours in `details.diff`, and nothing is written.',
      effect: 'write',
      scope: 'workflows:write',
      input: WrittenWorkflow.extend({ workflowId: Slug, ifVersion: z.string().optional() }),
      output: Workflow,
      http: { method: 'put', path: '/workflows/{workflowId}' },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (ctx, { workflowId, ifVersion, ...input }) =>
        definitions.update(workflowId, input, ifVersion, ctx.actor),
    }),
    defineTool({
      name: 'workflow_duplicate',
      title: 'Copy a workflow',
      description: 'A copy under a new id. Its schedule and its trigger are switched off.',
      effect: 'write',
      scope: 'workflows:write',
      input: WorkflowRef.extend({
        name: z.string().trim().min(1).max(500).optional().describe('default: the name with "(copy)"'),
        path: FolderPath.optional().describe('default: beside the original'),
      }),
      output: Workflow,
      http: { method: 'post', path: '/workflows/{workflowId}/duplicate', status: 201 },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (ctx, { workflowId, name, path }) =>
        definitions.duplicate(
          workflowId,
          { ...(name === undefined ? {} : { name }), ...(path === undefined ? {} : { path }) },
          ctx.actor,
        ),
    }),
    defineTool({
      name: 'workflow_move',
      title: 'Move a workflow',
      description: 'Puts a workflow into a folder, which need not be there yet. An empty path is the top.',
      effect: 'write',
      scope: 'workflows:write',
      input: WorkflowRef.extend({ path: FolderPath }),
      output: Workflow,
      http: { method: 'post', path: '/workflows/{workflowId}/move' },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (ctx, { workflowId, path }) => definitions.move(workflowId, path, ctx.actor),
    }),
    defineTool({
      name: 'workflow_validate',
      title: 'Check a workflow',
      description:
        'Looks at a definition that may be half written, and at all it names: agents, models and keys, MCP servers, its ' +
        'folder, the workflow it starts. Errors keep it from being saved or run, warnings do not. Writes nothing.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({ definition: z.record(z.string(), z.unknown()), workflowId: Slug.optional() }),
      output: z.object({ remarks: z.array(Remark) }),
      http: { method: 'post', path: '/workflows/validate' },
      subject: () => [],
      run: async (_ctx, { definition, workflowId }) => ({ remarks: await check(definition, workflowId) }),
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
      run: async (ctx, { workflowId }) => definitions.delete(workflowId, ctx.actor),
    }),
  ]
}

function toWorkflowSummary(workflow: Workflow, recent: readonly TaskGlance[]): z.input<typeof WorkflowSummary> {
  return {
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
    lastRuns: recent.map((task) => ({
      id: task.id,
      status: task.status,
      createdAt: task.createdAt,
      durationMs: task.startedAt === null || task.endedAt === null ? null : task.endedAt - task.startedAt,
    })),
  }
}
