// The extension `io.modelcontextprotocol/tasks`: long calls answered with a handle, and `tasks/get`, `tasks/update`,
// `tasks/cancel` for it. Only for clients that declared it with the very request; others never see a trace of it. The
// handle is given only for work that is recorded, so it can be asked for at once, after a restart too.

import {
  type CallToolResult,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { type Ctx, MaestroError } from '#src/core/index.ts'
import type { Task } from '#src/tasks/contract.ts'
import { z } from 'zod'
import { knowsTasks, tasksExtension } from './client.ts'
import { errorResult } from './errors.ts'
import { toAnswer } from './to-answer.ts'
import type { ToolLists } from './tool-list.ts'
import type { McpTaskBook, WireTask } from './peer.ts'
import type { McpDeps } from './ports.ts'
import type { ProtocolServer } from './sdk.ts'

const TaskRef = z.looseObject({ taskId: z.string().min(1).max(200) })
const pollIntervalMs = 1_000

/** Answers of tools that go on by themselves. */
const Running = z.looseObject({ status: z.enum(['queued', 'running', 'waiting']), task_id: z.string() })

export interface TaskHandlersDeps {
  readonly books: readonly McpTaskBook[]
  ctxOf(context: ServerContext): Ctx
  capabilitiesOf(context: ServerContext): Readonly<Record<string, unknown>>
}

/** Modern era only: the handlers take no part in the older one, which had tasks of another kind. */
export function handleTasks(server: ProtocolServer, deps: TaskHandlersDeps): void {
  const on = (method: string, answer: (ctx: Ctx, context: ServerContext, taskId: string) => Promise<Result>): void => {
    server.setRequestHandler(method, { params: TaskRef }, async ({ taskId }, context) => {
      if (!knowsTasks(deps.capabilitiesOf(context), 'modern')) throw notDeclared()
      return answer(deps.ctxOf(context), context, taskId)
    })
  }
  on('tasks/get', async (ctx, _context, taskId) => {
    for (const book of deps.books) {
      const task = await book.get(ctx, taskId)
      if (task !== undefined) return { ...task }
    }
    throw noSuchTask(taskId)
  })
  on('tasks/update', async (ctx, context, taskId) => {
    const responses = context.mcpReq.inputResponses ?? {}
    for (const book of deps.books) if (await book.update(ctx, taskId, responses)) return {}
    throw noSuchTask(taskId)
  })
  on('tasks/cancel', async (ctx, _context, taskId) => {
    for (const book of deps.books) if (await book.cancel(ctx, taskId)) return {}
    throw noSuchTask(taskId)
  })
}

export function notDeclared(): MissingRequiredClientCapabilityError {
  return new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [tasksExtension]: {} } } })
}

function noSuchTask(taskId: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `there is no task "${taskId.slice(0, 100)}"`)
}

/** The durable tasks of Maestro as a book. What is not this caller's is not there. */
export function durableTasks(deps: McpDeps, lists: ToolLists): McpTaskBook {
  const find = async (ctx: Ctx, taskId: string): Promise<Task | undefined> => {
    try {
      return await deps.tasks.get(ctx.actor, taskId)
    } catch (error) {
      if (error instanceof MaestroError && error.code === 'not_found') return undefined
      throw error
    }
  }
  return {
    async get(ctx, taskId) {
      const task = await find(ctx, taskId)
      if (task === undefined) return undefined
      const wire = toWireTask(task)
      return wire.status === 'completed' ? { ...wire, result: await resultOf(deps, lists, ctx, taskId) } : wire
    },
    // Nothing of ours asks the client in mid-task; what it sends unasked is acknowledged and has no effect.
    update: async (ctx, taskId) => (await find(ctx, taskId)) !== undefined,
    async cancel(ctx, taskId) {
      const task = await find(ctx, taskId)
      if (task === undefined) return false
      if (task.endedAt === null) await deps.tasks.cancel(ctx, taskId)
      return true
    },
  }
}

/** What the call would have answered, a failure of the tool too: `failed` is for faults of the protocol. */
async function resultOf(deps: McpDeps, lists: ToolLists, ctx: Ctx, taskId: string): Promise<Record<string, unknown>> {
  try {
    const { tool, output } = await deps.tasks.result(ctx, taskId)
    const known = lists.find(tool)
    return known === undefined
      ? { content: [{ type: 'text', text: JSON.stringify(output) }] }
      : toAnswer(lists, known, output)
  } catch (error) {
    return errorResult(error, false)
  }
}

export function toWireTask(task: Task): WireTask {
  const at = (ms: number) => new Date(ms).toISOString()
  return {
    taskId: task.id,
    status: wireStatus(task),
    ...(statusMessage(task) === undefined ? {} : { statusMessage: statusMessage(task) }),
    createdAt: at(task.createdAt),
    lastUpdatedAt: at(task.endedAt ?? task.stopRequestedAt ?? task.startedAt ?? task.createdAt),
    ttlMs: null,
    pollIntervalMs,
  } as WireTask
}

function wireStatus({ status }: Task): WireTask['status'] {
  switch (status) {
    case 'queued':
    case 'running':
    // It waits for a person at the page or for a host, not for this client.
    case 'waiting':
      return 'working'
    case 'cancelled':
      return 'cancelled'
    case 'succeeded':
    case 'failed':
    case 'timed_out':
    case 'budget_exceeded':
    case 'interrupted':
      return 'completed'
  }
}

function statusMessage({ status, waitingFor, error, title, stopRequestedAt }: Task): string | undefined {
  if (status === 'waiting') return waitingFor ?? 'waiting'
  if (status === 'running' && stopRequestedAt !== null) return `stopping: ${title}`
  return error?.message ?? (status === 'running' ? title : undefined)
}

/** A running answer as a handle; undefined when the answer is complete, or its task cannot be asked for. */
export async function toHandle(
  books: readonly McpTaskBook[],
  ctx: Ctx,
  output: unknown,
  answer: CallToolResult,
): Promise<CallToolResult | undefined> {
  const running = Running.safeParse(output)
  if (!running.success) return undefined
  for (const book of books) {
    const task = await book.get(ctx, running.data.task_id)
    if (task !== undefined) {
      const { result: _result, error: _error, ...handle } = task
      return { ...answer, ...handle, status: 'working', resultType: 'task' }
    }
  }
  return undefined
}
