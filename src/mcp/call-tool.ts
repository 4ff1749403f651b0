// `tools/call`: from a client's request to `calls` and back to a tool's result. Translates; what may be called and what
// an input must look like is decided in `calls`, once.

import {
  type CallToolRequest,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { type Ctx, MaestroError, toMaestroError } from '#src/core/index.ts'
import { askForApproval, takeApproval } from './approvals.ts'
import { errorResult } from './errors.ts'
import { type McpPeer, type McpTaskBook, type ToolAnswer, withPeer } from './peer.ts'
import type { McpDeps } from './ports.ts'
import { createProgress, type Progress } from './progress.ts'
import { toAnswer } from './to-answer.ts'
import { toHandle } from './tasks-extension.ts'
import type { ToolLists } from './tool-list.ts'

/** As for REST: nobody needs more, and walking it costs. */
const maxDepth = 64

export interface CallToolDeps {
  readonly lists: ToolLists
  readonly approvals: McpDeps['approvals']
  /** Where a running answer's task is looked for; empty for a client that does not know tasks. */
  readonly books: readonly McpTaskBook[]
  call(ctx: Ctx, toolName: string, input: unknown): Promise<unknown>
}

/** @throws ProtocolError for a tool there is not, and for what a tool throws as one */
export async function callTool(
  deps: CallToolDeps,
  ctx: Ctx,
  peer: Omit<McpPeer, 'answer'>,
  params: CallToolRequest['params'],
): Promise<ToolAnswer> {
  const { lists } = deps
  const tool = lists.find(params.name)
  if (tool === undefined) return refuseUnknown(deps, ctx, params)
  const call = { tool: tool.name, input: params.arguments ?? {} }
  using progress = progressTo(peer.context)
  let answer: ToolAnswer | undefined
  const inner = withPeer(
    { ...ctx, ...(progress === undefined ? {} : { progress: progress.note }) },
    { ...peer, answer: (result) => void (answer = result) },
  )
  try {
    if (!isShallow(call.input, maxDepth)) {
      throw new MaestroError('invalid_input', `the arguments of ${tool.name} are nested deeper than ${maxDepth} levels`)
    }
    await takeApproval(deps.approvals, ctx, peer, call)
    const output = await deps.call(inner, tool.name, call.input)
    if (answer !== undefined) return answer
    const complete = toAnswer(lists, tool, output, call.input)
    return (await toHandle(deps.books, ctx, output, complete)) ?? complete
  } catch (error) {
    if (error instanceof MaestroError) {
      if (error.cause instanceof ProtocolError) throw error.cause
      if (error.code === 'approval_required') {
        const asked = await askForApproval(deps.approvals, peer, call, error)
        if (asked !== undefined) return asked
      }
    }
    return errorResult(error, tool.effect === 'read')
  }
}

/** `calls` says what is wrong and which names are near. Unknown names are the protocol's own error, in both eras. */
async function refuseUnknown(deps: CallToolDeps, ctx: Ctx, params: CallToolRequest['params']): Promise<never> {
  try {
    await deps.call(ctx, params.name, {})
  } catch (error) {
    const { message, hint } = toMaestroError(error)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, hint === undefined ? message : `${message}; ${hint}`)
  }
  throw new MaestroError('internal', `the tool "${params.name}" is in calls and not in the lists of MCP`)
}

/** Undefined for a client that did not ask to be told. */
function progressTo(context: ServerContext): Progress | undefined {
  const progressToken = context.mcpReq._meta?.progressToken
  if (progressToken === undefined) return undefined
  return createProgress(({ progress, total, message }) => {
    context.mcpReq
      .notify({
        method: 'notifications/progress',
        params: { progressToken, progress, message, ...(total === undefined ? {} : { total }) },
      })
      // A client that has gone is told nothing; its call is cancelled by its signal.
      .catch(() => undefined)
  })
}

/** Depth first, never deeper than allowed, so that the walk is bounded too. */
export function isShallow(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return true
  if (levels === 0) return false
  return Object.values(value).every((child) => isShallow(child, levels - 1))
}
