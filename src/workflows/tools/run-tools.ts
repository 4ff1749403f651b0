// Runs as tools: start, look, stop, go on, run again.

import { type AnyTool, type Ctx, defineTool, Id, pageOf, SECOND, Slug, Timestamp } from '#src/core/index.ts'
import { TaskStatus } from '#src/tasks/contract.ts'
import { z } from 'zod'
import { Run, RunSummary } from '../contract.ts'
import type { Definitions } from '../definitions/index.ts'
import { maxWaitSec, type Runs } from '../runs.ts'
import { briefOfRun, briefOfRuns } from './brief.ts'

/** What a caller waits at most that cannot wait long. */
const maxInlineMs = 45 * SECOND
const RunRef = z.object({ runId: Id })
const waitSec = z.int().min(0).max(maxWaitSec).optional().describe('seconds to wait for the run to end, at most 300')

export function runTools(definitions: Definitions, runs: Runs): AnyTool[] {
  return [
    defineTool({
      name: 'workflow_run',
      title: 'Run a workflow',
      description:
        'Starts a run and answers at once; with `waitSec` it answers when the run has ended, or after that time. ' +
        'The same `idempotencyKey` starts the same run once.',
      effect: 'write',
      scope: 'workflows:write',
      input: z.object({
        workflowId: Slug,
        idempotencyKey: z.string().min(1).max(200).optional(),
        trigger: z.enum(['manual', 'api', 'cli']).default('api'),
        waitSec,
      }),
      output: Run,
      http: { method: 'post', path: '/workflows/{workflowId}/runs', status: 202 },
      mcp: { profiles: ['workflows'], openWorld: true, brief: (run) => briefOfRun(run) },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (ctx, input) => {
        const run = await runs.start(ctx, await definitions.get(input.workflowId), input)
        return waited(ctx, run, input.waitSec)
      },
    }),
    defineTool({
      name: 'run_list',
      title: 'List runs',
      description: 'Runs, newest first, by workflow, status and time, a page at a time.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({
        workflowId: Slug.optional(),
        status: z.array(TaskStatus).optional(),
        since: Timestamp.optional().describe('asked for at or after this time'),
        until: Timestamp.optional().describe('asked for before this time'),
        limit: z.int().min(1).max(500).default(50),
        cursor: z.string().optional(),
      }),
      output: pageOf(RunSummary),
      http: { method: 'get', path: '/runs' },
      mcp: { profiles: ['workflows'], brief: (page) => briefOfRuns(page) },
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
      mcp: { profiles: ['workflows'], brief: (run) => briefOfRun(run) },
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
      mcp: { profiles: ['workflows'], idempotent: true, brief: (run) => briefOfRun(run) },
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
      description:
        'A new run from the same snapshot as an ended one. With `fromStep` (0-based) it begins there: the results of the ' +
        'steps before are taken over, and the conversation goes on from them.',
      effect: 'write',
      scope: 'workflows:write',
      input: RunRef.extend({ fromStep: z.int().min(0).max(199).optional() }),
      output: Run,
      http: { method: 'post', path: '/runs/{runId}/rerun', status: 202 },
      subject: ({ runId }) => [`run:${runId}`],
      run: async (ctx, { runId, fromStep }) => runs.rerun(ctx, runId, fromStep),
    }),
  ]

  async function waited(ctx: Ctx, run: z.input<typeof Run>, seconds: number | undefined) {
    if (seconds === undefined || seconds === 0) return run
    // Some callers give up on an answer sooner than that; a run goes on by itself, so they ask again.
    const most = ctx.inlineMs === undefined ? Number.POSITIVE_INFINITY : maxInlineMs
    return runs.wait(run.id, Math.min(seconds * 1_000, most), ctx.signal)
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
    case 'client':
      return `the MCP client "${ctx.actor.name}"`
    case 'run':
      return `run ${ctx.actor.runId}`
    case 'system':
      return 'Maestro'
  }
}
