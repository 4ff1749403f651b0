// Tasks as tools.

import { type Actor, type AnyTool, defineTool, Id, pageOf } from '#src/core/index.ts'
import { z } from 'zod'
import { Task, TaskStatus } from './contract.ts'
import type { TaskView } from './may-see.ts'
import type { Tasks } from './types.ts'

const TaskRef = z.object({ taskId: Id })

/** @param view what the caller may see: the rest is not there. */
export function taskTools(tasks: Pick<Tasks, 'requestStop'>, view: TaskView): AnyTool[] {
  return [
    defineTool({
      name: 'task_list',
      title: 'List tasks',
      description:
        'Durable work, newest first: runs, the agent turns below them, commands on hosts. Programs see the commands that they started.',
      effect: 'read',
      scope: 'tasks:read',
      input: z.object({
        kind: Task.shape.kind.optional(),
        status: z.array(TaskStatus).optional(),
        rootId: Id.optional(),
        limit: z.int().min(1).max(500).default(50),
        cursor: z.string().optional(),
      }),
      output: pageOf(Task),
      http: { method: 'get', path: '/tasks' },
      subject: () => [],
      run: async (ctx, filter) => view.list(ctx.actor, filter),
    }),
    defineTool({
      name: 'task_get',
      title: 'Get a task',
      description: 'One task: status, what it waits for, error, usage.',
      effect: 'read',
      scope: 'tasks:read',
      input: TaskRef,
      output: Task,
      http: { method: 'get', path: '/tasks/{taskId}' },
      subject: ({ taskId }) => [`task:${taskId}`],
      run: async (ctx, { taskId }) => view.get(ctx.actor, taskId),
    }),
    defineTool({
      name: 'task_cancel',
      title: 'Stop a task',
      description: 'Asks a task to stop. Ended tasks stay as they are.',
      effect: 'destructive',
      scope: 'tasks:write',
      input: TaskRef,
      output: Task,
      http: { method: 'post', path: '/tasks/{taskId}/cancel' },
      subject: ({ taskId }) => [`task:${taskId}`],
      run: async (ctx, { taskId }) => {
        await view.get(ctx.actor, taskId)
        return tasks.requestStop(taskId, stopReason(ctx.actor))
      },
    }),
  ]
}

/** What the log says of who asked. */
export function stopReason(actor: Actor): string {
  switch (actor.kind) {
    case 'owner':
    case 'browser':
      return 'stopped by a person'
    case 'client':
    case 'token':
      return `stopped by ${actor.name}`
    case 'run':
      return `stopped by ${actor.runId}`
    case 'system':
      return 'stopped by Maestro'
  }
}
