// Fills a port of the mcp room from the room that knows: what long work is.

import type { Calls } from '#src/calls/index.ts'
import type { Commands } from '#src/fleet/index.ts'
import type { McpDeps } from '#src/mcp/index.ts'
import type { TasksRoom, TaskView } from '#src/tasks/index.ts'

/** A command answers as the tool that started it; other work as its task. */
export function mcpTasks(deps: {
  readonly tasks: Pick<TasksRoom, 'watchAll'>
  readonly view: TaskView
  readonly commands: Pick<Commands, 'result' | 'toolOf'>
  readonly calls: Pick<Calls, 'call'>
}): McpDeps['tasks'] {
  const { tasks, view, commands, calls } = deps
  return {
    get: (actor, taskId) => view.get(actor, taskId),
    async result(ctx, taskId) {
      const task = await view.get(ctx.actor, taskId)
      if (task.kind !== 'command') return { tool: 'task_get', output: task }
      const [tool, output] = await Promise.all([commands.toolOf(ctx.actor, taskId), commands.result(ctx.actor, taskId)])
      return { tool, output }
    },
    // Through calls: whether this caller may stop it is decided there, and stays on record.
    async cancel(ctx, taskId) {
      await calls.call(ctx, 'task_cancel', { taskId })
    },
    watchAll: (onChanged) => tasks.watchAll(onChanged),
  }
}
