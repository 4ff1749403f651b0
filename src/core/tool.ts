// A capability, defined once as data. MCP, REST + OpenAPI, the CLI and the workflow engine are
// translations of the same list, and all of them go through `calls`.

import type { z } from 'zod'
import type { Actor } from './contract.ts'
import type { Log } from './log.ts'

/** What a tool does to the world: policy and MCP annotations start from it. */
export type Effect = 'read' | 'write' | 'destructive'

/** Who asks, with which signal, request id and logger. */
export interface Ctx {
  readonly actor: Actor
  readonly signal: AbortSignal
  readonly traceId: string
  readonly log: Log
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
  /**
   * The resolved things this call touches, as one line each (`workflow:abc`, `host:gpu1`):
   * what policy judges, an approval is bound to and the audit row shows.
   */
  subject(input: z.output<I>): readonly string[]
  run(ctx: Ctx, input: z.output<I>): Promise<z.input<O>>
}

/** Checks the types and returns the definition as it is. */
export function defineTool<I extends z.ZodObject, O extends z.ZodType>(tool: Tool<I, O>): Tool<I, O> {
  return tool
}

/** A tool whose exact schemas no longer matter: what lists of tools hold. */
// oxlint-disable-next-line typescript/no-explicit-any -- a list mixes inputs, and inputs are contravariant
export type AnyTool = Tool<any, any>
