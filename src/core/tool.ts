// A capability, defined once as data. MCP, REST + OpenAPI, the CLI and the workflow engine are
// translations of the same list, and all of them go through `calls`.

import type { z } from 'zod'
import type { Actor } from './contract.ts'
import type { Log } from './log.ts'

/** What a tool does to the world: policy and MCP annotations start from it. */
export type Effect = 'read' | 'write' | 'destructive'

/** How far a long call is; `done` and `total` in whatever unit the message names. */
export interface ProgressNote {
  readonly message: string
  readonly done?: number
  readonly total?: number
}

/** Who asks, with which signal, request id and logger. */
export interface Ctx {
  readonly actor: Actor
  readonly signal: AbortSignal
  readonly traceId: string
  readonly log: Log
  /**
   * How long this caller can wait for an answer (ms). A tool whose work may take longer records a task first, and
   * answers `{ status: 'running', task_id, ... }` when the time is over. Absent: as long as it takes.
   */
  readonly inlineMs?: number
  /** The caller's folder on this machine, when it has one: where relative paths and commands of its calls begin. */
  readonly cwd?: string
  /** May be called any number of times; a surface drops what its caller cannot be shown. */
  readonly progress?: (note: ProgressNote) => void
  /**
   * The subject that was judged, as `Tool.subject` gave it. A tool whose subject can change underneath (a path behind
   * a symbolic link) resolves it again and refuses when it differs.
   */
  readonly subject?: readonly string[]
}

/** Sets of tools that an MCP client can ask for. */
export const mcpProfiles = ['default', 'core', 'full', 'compat', 'workflows'] as const
export type McpProfile = (typeof mcpProfiles)[number]

/** How a tool shows itself to MCP clients. Without it a tool is listed in `full` and has plain answers. */
export interface McpFace<I = unknown, O = unknown> {
  /** Where it is listed, beside `full`. One that is not listed can still be called. */
  readonly profiles: readonly McpProfile[]
  /** What `effect` alone cannot say; the rest follows from it. */
  readonly idempotent?: boolean
  /** false: it mostly reads, but can pass a change on to another tool. */
  readonly readOnly?: false
  readonly openWorld?: boolean
  /** Keys of the input that only `compat` lists; they are accepted everywhere. */
  readonly compatKeys?: readonly string[]
  /** Keys of the input that the lean profile `core` lists, when not all; the others are accepted there too. */
  readonly coreKeys?: readonly string[]
  /** The answer as short text for a model, bounded; without it, the structured answer as JSON. */
  brief?(output: O, input: I): string
}

/** Where REST offers the tool. Path placeholders, then the query (get, delete) or the body feed the input. */
export interface HttpBinding {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below `/api/v1`, with `{name}` placeholders that are keys of the input. */
  readonly path: string
  readonly status?: 200 | 201 | 202
}

export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly title: string
  /** For people and models: promise, units, errors. */
  readonly description: string
  readonly effect: Effect
  /** What a token must be allowed to do, `<area>:<read|write>`. */
  readonly scope: string
  readonly input: I
  readonly output: O
  readonly http?: HttpBinding
  /** Shown in the API's document; a test parses each with the tool's own schemas. */
  readonly examples?: readonly { readonly title: string; readonly input: z.input<I>; readonly output?: z.input<O> }[]
  readonly mcp?: McpFace<z.output<I>, z.output<O>>
  /**
   * This is an older name: a call of it is made as a call of that tool with that input, judged and recorded under that
   * tool's name only. `subject` and `run` of this one are never reached.
   */
  readonly standsFor?: (input: z.output<I>) => { readonly tool: string; readonly input: Record<string, unknown> }
  /**
   * The resolved things this call touches, as one line each (`workflow:abc`, `host:gpu1`, `path:gpu1:/srv/app`):
   * what policy judges, an approval is bound to and the audit row shows. Never a secret. `ctx` says who asks from where.
   */
  subject(input: z.output<I>, ctx: Ctx): readonly string[] | Promise<readonly string[]>
  run(ctx: Ctx, input: z.output<I>): Promise<z.input<O>>
}

/** Checks the types and returns the definition as it is. */
export function defineTool<I extends z.ZodObject, O extends z.ZodType>(tool: Tool<I, O>): Tool<I, O> {
  return tool
}

/** A tool whose exact schemas no longer matter: what lists of tools hold. */
// oxlint-disable-next-line typescript/no-explicit-any -- a list mixes inputs, and inputs are contravariant
export type AnyTool = Tool<any, any>
