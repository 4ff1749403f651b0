// Tasks as tools.

import { type AnyTool, defineTool, Id, pageOf } from '#src/core/index.ts'
import { z } from 'zod'
import { Task, TaskStatus } from './contract.ts'
import type { Tasks } from './types.ts'

const TaskRef = z.object({ taskId: Id })

export function taskTools(tasks: Tasks): AnyTool[] {
  return [
    defineTool({
      name: 'task_list',
      title: 'List tasks',
      description: 'Durable work, newest first: runs, and the agent turns below them.',
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
      run: async (_ctx, filter) => tasks.list(filter),
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
      run: async (_ctx, { taskId }) => tasks.get(taskId),
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
      run: async (_ctx, { taskId }) => tasks.requestStop(taskId, 'stopped by a person'),
    }),
  ]
}
