// Tasks for whoever started them: one tool with actions for agents, and the output of commands for surfaces that ask by
// address. What is somebody else's is not there.

import { z } from 'zod'
import { type AnyTool, type Ctx, defineTool, Id, MaestroError } from '#src/core/index.ts'
import { Executed, isFinal, type Task, TaskError, TaskStatus, type TaskView } from '#src/tasks/index.ts'
import { CommandRecord, CommandResult, OutputSlice } from '../contract.ts'
import { briefOf } from './brief.ts'
import type { Commands } from './commands.ts'
import { maxWaitS } from './wait.ts'

export interface TaskToolsDeps {
  readonly commands: Commands
  readonly view: TaskView
  /** Passes on to the tool `task_cancel`, so that policy and audit see it. */
  cancel(ctx: Ctx, taskId: string): Promise<void>
}

const TaskGist = z.object({
  task_id: z.string(),
  kind: z.enum(['run', 'turn', 'command']),
  title: z.string(),
  status: TaskStatus,
  executed: Executed,
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  error: TaskError.nullable(),
})

const Answer = z.object({
  /** Of get, wait and cancel. */
  task: TaskGist.optional(),
  /** Of get, wait and cancel, for a command. */
  result: CommandResult.optional(),
  output: OutputSlice.optional(),
  /** Of list, newest first. */
  items: z.array(TaskGist).optional(),
})
type Answer = z.infer<typeof Answer>

const defaultWaitS = 20
const maxSlice = 1024 * 1024

const slice = {
  stream: z.enum(['stdout', 'stderr']).default('stdout').describe('of output: which stream'),
  offset: z
    .int()
    .default(0)
    .describe('of output: first byte; below 0, from the end. Go on with next_offset of the answer before'),
  limit: z
    .int()
    .min(1)
    .max(maxSlice)
    .default(16 * 1024)
    .describe('of output: bytes; of list: tasks, at most 200'),
  encoding: z.enum(['text', 'base64']).default('text').describe('of output: base64 for what is not text'),
}

export function commandTaskTools({ commands, view, cancel }: TaskToolsDeps): AnyTool[] {
  async function answer(ctx: Ctx, taskId: string): Promise<Answer> {
    const task = await view.get(ctx.actor, taskId)
    return task.kind === 'command'
      ? { task: gist(task), result: await commands.result(ctx.actor, taskId) }
      : { task: gist(task) }
  }

  return [
    defineTool({
      name: 'task',
      title: 'Follow a task',
      description:
        'What goes on by itself after a call has answered `running`. get: its state and, for a command, its result so far. ' +
        'wait: the same once it ends, or after wait_s. output: a slice of everything it has printed, by byte offset. ' +
        'list: tasks of yours, newest first. cancel: ends it with everything it has started; its state says when that is done.',
      effect: 'read',
      scope: 'tasks:read',
      input: z.object({
        action: z.enum(['get', 'list', 'wait', 'output', 'cancel']).default('get'),
        task_id: z.string().max(100).optional().describe('of every action but list'),
        wait_s: z.number().min(0).max(maxWaitS).default(defaultWaitS).describe('of wait: seconds'),
        ...slice,
      }),
      output: Answer,
      mcp: {
        profiles: ['default', 'core', 'workflows'],
        readOnly: false,
        coreKeys: ['action', 'task_id', 'wait_s', 'stream', 'offset', 'limit'],
        brief: briefOfTask,
      },
      subject: ({ task_id }) => (task_id === undefined ? [] : [`task:${task_id}`]),
      async run(ctx, { action, task_id, wait_s, limit, ...rest }) {
        if (action === 'list') {
          const { items } = await view.list(ctx.actor, { limit: Math.min(limit, 200) })
          return { items: items.map(gist) }
        }
        if (task_id === undefined) {
          throw new MaestroError('invalid_input', `task_id is missing: ${action} needs to know which task`, {
            hint: 'it is in the answer that said `running`; action list shows them all',
            issues: [{ path: 'task_id', message: 'is missing' }],
          })
        }
        switch (action) {
          case 'get':
            return answer(ctx, task_id)
          case 'wait':
            await commands.wait(ctx, task_id, wait_s * 1_000)
            return answer(ctx, task_id)
          case 'output':
            return { output: await commands.output(ctx.actor, task_id, { limit, ...rest }) }
          case 'cancel':
            await view.get(ctx.actor, task_id)
            await cancel(ctx, task_id)
            await commands.wait(ctx, task_id, 5_000)
            return answer(ctx, task_id)
        }
      },
    }),
    defineTool({
      name: 'task_output',
      title: 'Read the output of a command',
      description:
        'A slice of what a command has printed, by byte offset, while it runs and as long as its output is kept. ' +
        'Text is cut at whole characters; what is no UTF-8 shows as U+FFFD, so take base64 for bytes. ' +
        'eof: it has ended and this is the last of it.',
      effect: 'read',
      scope: 'tasks:read',
      input: z.object({ taskId: Id, ...slice, limit: slice.limit.default(64 * 1024) }),
      output: OutputSlice,
      http: { method: 'get', path: '/tasks/{taskId}/output' },
      subject: ({ taskId }) => [`task:${taskId}`],
      run: (ctx, { taskId, ...request }) => commands.output(ctx.actor, taskId, request),
    }),
    defineTool({
      name: 'task_command',
      title: 'What a command was',
      description:
        'What a task of kind command was asked to do, where, within which limits, and how it ended. Its output is read by task_output.',
      effect: 'read',
      scope: 'tasks:read',
      input: z.object({ taskId: Id }),
      output: CommandRecord,
      http: { method: 'get', path: '/tasks/{taskId}/command' },
      subject: ({ taskId }) => [`task:${taskId}`],
      run: (ctx, { taskId }) => commands.record(ctx.actor, taskId),
    }),
  ]
}

function gist(task: Task): z.infer<typeof TaskGist> {
  return {
    task_id: task.id,
    kind: task.kind,
    title: task.title,
    status: task.status,
    // Under way it has reached the world, whatever its row says until it ends.
    executed: task.kind === 'command' && !isFinal(task.status) ? 'yes' : task.executed,
    started_at: iso(task.startedAt),
    ended_at: iso(task.endedAt),
    error: task.error,
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

function briefOfTask({ task, result, output, items }: Answer): string {
  if (output !== undefined) {
    const { stream, offset, next_offset, total_bytes, eof } = output
    return `${output.text}\n[${stream} bytes ${offset} to ${next_offset} of ${total_bytes}${eof ? ', the end' : ''}]`
  }
  if (items !== undefined) {
    return items.length === 0
      ? '[no tasks]'
      : items.map((item) => `${item.task_id} ${item.status} ${item.kind}: ${item.title}`).join('\n')
  }
  if (result !== undefined) return briefOf(result)
  return task === undefined ? '' : `${task.task_id} ${task.status}: ${task.title}`
}
