// What a tool can be given when its caller speaks MCP, beyond the plain answer every surface gets: raw content
// (images, audio, resources), questions to the client, log messages. For tools that exist only for MCP; one that is
// offered anywhere else finds no peer there. Also the shapes in which prompts, resources and tasks join the room.

import type {
  CallToolResult,
  GetPromptResult,
  InputRequiredResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerContext,
} from '@modelcontextprotocol/server'
import type { Ctx } from '#src/core/index.ts'
import type { ProtocolServer } from './sdk.ts'

export interface McpPeer {
  /** legacy: 2025-11-25 and older, the client can be asked in mid-call. modern: it is asked by `answer(inputRequired(…))`. */
  readonly era: 'legacy' | 'modern'
  /** Of the SDK: `mcpReq.log`, `.notify`, `.send`, `.signal`, `.inputResponses`, `.requestState()`, `http.closeSSE`. */
  readonly context: ServerContext
  readonly server: ProtocolServer
  /** What the client says it can do. */
  readonly clientCan: Readonly<Record<string, unknown>>
  /** Answers with this instead of the tool's output: raw content, `inputRequired(…)`, or a task's handle. */
  answer(result: ToolAnswer): void
  /** Tells every client that asked to know. */
  announce(change: McpChange): void
  /** Signed text for `requestState`, bound to this caller and method; `context.mcpReq.requestState()` gives it back. */
  seal(payload: unknown): Promise<string>
}

export type ToolAnswer = CallToolResult | InputRequiredResult

/** What clients may have fetched before and would fetch again. */
export type McpChange =
  | { readonly kind: 'tools' | 'prompts' | 'resources' }
  | { readonly kind: 'resource'; readonly uri: string }

/** Rides on `Ctx` beside what core knows of it; a symbol, so that copies of a context keep it. */
const peerKey = Symbol('mcp peer')

export function withPeer(ctx: Ctx, peer: McpPeer): Ctx {
  return Object.assign({ ...ctx }, { [peerKey]: peer })
}

/** Undefined when the caller does not speak MCP. */
export function peerOf(ctx: Ctx): McpPeer | undefined {
  return (ctx as Ctx & { readonly [peerKey]?: McpPeer })[peerKey]
}

export interface McpPrompt {
  readonly prompt: Prompt
  /** `peer` for prompts that ask the client first. */
  get(ctx: Ctx, args: Readonly<Record<string, string>>, peer: McpPeer): Promise<GetPromptResult | InputRequiredResult>
  /** Values for an argument that begin with what was typed. */
  complete?(ctx: Ctx, argument: string, typed: string): Promise<readonly string[]>
}

export interface McpResource {
  readonly resource: Resource
  read(ctx: Ctx): Promise<ReadResourceResult>
}

export interface McpResourceTemplate {
  readonly template: ResourceTemplateType
  /** Undefined for an address that is not of this template, or names nothing this caller may see. */
  read(ctx: Ctx, uri: string): Promise<ReadResourceResult | undefined>
  /** Values for a variable of the address that begin with what was typed. */
  complete?(ctx: Ctx, variable: string, typed: string): Promise<readonly string[]>
}

/** A task as the extension `io.modelcontextprotocol/tasks` shows it. Times are ISO 8601. */
export interface WireTask {
  readonly taskId: string
  readonly status: 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled'
  readonly statusMessage?: string
  readonly createdAt: string
  readonly lastUpdatedAt: string
  /** For how long it can be asked for from its creation; null: for ever. */
  readonly ttlMs: number | null
  readonly pollIntervalMs?: number
  /** Of `input_required`: requests to the client by key. */
  readonly inputRequests?: Readonly<Record<string, unknown>>
  /** Of `completed`: what the call would have answered. */
  readonly result?: Readonly<Record<string, unknown>>
  /** Of `failed`: a JSON-RPC error. */
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** Who knows some tasks. The room asks each in turn; undefined or false for an id that is not its own. */
export interface McpTaskBook {
  get(ctx: Ctx, taskId: string): Promise<WireTask | undefined>
  update(ctx: Ctx, taskId: string, inputResponses: Readonly<Record<string, unknown>>): Promise<boolean>
  cancel(ctx: Ctx, taskId: string): Promise<boolean>
}

/** What joins the room's own prompts, resources and tasks. */
export interface McpAdditions {
  readonly prompts?: readonly McpPrompt[]
  readonly resources?: readonly McpResource[]
  readonly templates?: readonly McpResourceTemplate[]
  readonly taskBooks?: readonly McpTaskBook[]
}
