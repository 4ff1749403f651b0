// `tools/call`: from a client's request to `calls` and back to a tool's result. Translates; what may be called and what
// an input must look like is decided in `calls`, once.

import {
  type CallToolRequest,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { type AnyTool, type Ctx, MaestroError, toMaestroError } from '#src/core/index.ts'
import type { z } from 'zod'
import { errorResult } from './errors.ts'
import { type McpPeer, type ToolAnswer, withPeer } from './peer.ts'
import { createProgress, type Progress } from './progress.ts'
import type { ToolLists } from './tool-list.ts'

/** What this text gives a model at most, where the structured answer is whole beside it. */
const maxTextChars = 32_768
/** As for REST: nobody needs more, and walking it costs. */
const maxDepth = 64

export interface CallToolDeps {
  readonly lists: ToolLists
  call(ctx: Ctx, toolName: string, input: unknown): Promise<unknown>
  /** A running answer as a task's handle, for a client that knows tasks; undefined when it is no such answer. */
  toTask?(ctx: Ctx, output: unknown): Promise<ToolAnswer | undefined>
  /** Asks the person at the client, when the call needs a yes; undefined when that cannot be. */
  onApprovalRequired?(error: MaestroError, again: () => Promise<ToolAnswer>): Promise<ToolAnswer | undefined>
}

/** @throws ProtocolError for a tool there is not, and for what a tool throws as one */
export async function callTool(
  deps: CallToolDeps,
  ctx: Ctx,
  peer: Omit<McpPeer, 'answer'>,
  params: CallToolRequest['params'],
): Promise<ToolAnswer> {
  const tool = deps.lists.find(params.name)
  if (tool === undefined) return refuseUnknown(deps, ctx, params)
  using progress = progressTo(peer.context)
  let answer: ToolAnswer | undefined
  const inner = withPeer(
    { ...ctx, ...(progress === undefined ? {} : { progress: progress.note }) },
    { ...peer, answer: (result) => void (answer = result) },
  )
  const attempt = async (): Promise<ToolAnswer> => {
    const input = params.arguments ?? {}
    if (!isShallow(input, maxDepth)) {
      throw new MaestroError(
        'invalid_input',
        `the arguments of ${params.name} are nested deeper than ${maxDepth} levels`,
      )
    }
    const output = await deps.call(inner, params.name, input)
    if (answer !== undefined) return answer
    return (await deps.toTask?.(ctx, output)) ?? toResult(tool, output, input, deps.lists.hasOutputSchema(tool.name))
  }
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof MaestroError) {
      if (error.cause instanceof ProtocolError) throw error.cause
      if (error.code === 'approval_required') {
        const asked = await deps.onApprovalRequired?.(error, attempt)
        if (asked !== undefined) return asked
      }
    }
    return errorResult(error, tool.effect === 'read')
  }
}

function toResult(tool: AnyTool, output: unknown, input: unknown, isStructured: boolean): ToolAnswer {
  return {
    content: [{ type: 'text', text: textOf(tool, output, input) }],
    ...(isStructured && output !== null && typeof output === 'object' ? { structuredContent: output } : {}),
  }
}

function textOf(tool: AnyTool, output: unknown, input: unknown): string {
  const brief = tool.mcp?.brief
  if (brief !== undefined) {
    // The tool wrote it for its own input: with its defaults. It was checked before, so it parses.
    const parsed = brief.length < 2 ? undefined : (tool.input as z.ZodType).safeParse(input)
    return brief.call(tool.mcp, output, parsed?.success === true ? parsed.data : input)
  }
  const text = JSON.stringify(output ?? null)
  if (text.length <= maxTextChars) return text
  return `${text.slice(0, maxTextChars)}… (${text.length - maxTextChars} more characters; the structured answer is whole)`
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
