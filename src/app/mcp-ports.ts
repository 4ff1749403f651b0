// Fills the ports of the mcp room from the rooms that know: what long work is, and who says yes.

import { MaestroError } from '#src/core/index.ts'
import type { McpDeps } from '#src/mcp/index.ts'
import type { Calls } from '#src/calls/index.ts'
import type { TasksRoom } from '#src/tasks/index.ts'

/** Tasks as the tools for them show them, so that their rules hold here too. */
export function mcpTasks(tasks: TasksRoom, calls: Pick<Calls, 'call'>): McpDeps['tasks'] {
  return {
    get: (_actor, taskId) => tasks.get(taskId),
    result: async (ctx, taskId) => ({ tool: 'task_get', output: await calls.call(ctx, 'task_get', { taskId }) }),
    async cancel(ctx, taskId) {
      await calls.call(ctx, 'task_cancel', { taskId })
    },
    watchAll: (onChanged) => tasks.watchAll(onChanged),
  }
}

export const noApprovals: McpDeps['approvals'] = {
  get: (approvalId) => Promise.reject(noSuchApproval(approvalId)),
  decide: (_actor, approvalId) => Promise.reject(noSuchApproval(approvalId)),
}

function noSuchApproval(approvalId: string): MaestroError {
  return new MaestroError('not_found', `there is no approval "${approvalId.slice(0, 100)}"`)
}
