// What the routes of Maistro's API have in common: how one is made, how it calls tools, how its failures read.

import type { Context } from 'hono'
import type { z } from 'zod'
import { type Log, MaestroError, type Problem } from '#src/core/index.ts'
import type { Caller } from '../ports.ts'
import type { Env, Route } from '../route.ts'
import { Failure } from './shapes.ts'

export interface MaistroDeps {
  readonly calls: Caller
  readonly log: Log
}

/** Calls a tool for whoever asked, and gives its answer as `schema` reads it. */
export type Ask = <T extends z.ZodType>(tool: string, input: object, schema: T) => Promise<z.output<T>>

type Spec = Pick<Route, 'method' | 'path' | 'id' | 'summary' | 'description' | 'params' | 'query' | 'body'> & {
  readonly success: z.ZodType
  readonly example: { readonly input: Record<string, unknown>; readonly output: unknown }
  answer(ask: Ask, context: Context<Env>): Promise<unknown>
}

export function maistroRoute({ calls, log }: MaistroDeps, spec: Spec): Route {
  const { success, example, answer, ...route } = spec
  return {
    ...route,
    group: 'Maistro',
    success: { status: 200, description: spec.summary, type: 'application/json', schema: success },
    failure: { description: 'What was wrong, in words', type: 'application/json', schema: Failure },
    examples: [{ title: 'As Maistro', ...example }],
    async handle(context) {
      const requestId = context.get('requestId')
      const ctx = {
        actor: context.get('actor'),
        signal: context.req.raw.signal,
        traceId: requestId,
        log: log.child({ requestId, route: spec.id }),
      }
      const ask: Ask = async (tool, input, schema) => schema.parse(await calls.call(ctx, tool, input))
      return context.json((await answer(ask, context)) as object, 200, { 'cache-control': 'no-store' })
    },
  }
}

/** The paths whose failures are `{ error }`. */
export function isMaistroPath(path: string): boolean {
  return /^\/api\/(health|configs|run|folders|mcp-servers|models)(\/|$)/.test(path)
}

/** A problem as Maistro's clients read it: one text, in their words for the fields. */
export function toFailure(problem: Problem): z.infer<typeof Failure> {
  const unsaid = (problem.issues ?? []).filter(({ message }) => !problem.detail.includes(message))
  const sentences = [
    problem.detail,
    ...unsaid.map(({ path, message }) => `${path}: ${message}`),
    ...(problem.hint === undefined ? [] : [`hint: ${problem.hint}`]),
  ]
  return { error: inMaistrosWords(sentences.join('; ')) }
}

function inMaistrosWords(text: string): string {
  return text
    .replaceAll(/\bsteps\.(?=\d)/g, 'prompts.')
    .replaceAll(/(^|[ ;])steps: /g, '$1prompts: ')
    .replaceAll(/\bonSuccess\.workflowId\b/g, 'trigger.configId')
    .replaceAll(/\bonSuccess\b/g, 'trigger')
}

/** What `work` gives, or undefined when what it is about is not there. */
export async function unlessMissing<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof MaestroError && thrown.code === 'not_found') return undefined
    throw thrown
  }
}

/** A path placeholder, decoded: `a%2Fb` is `a/b`. */
export function placeholder(context: Context<Env>, name: string): string {
  return context.req.param(name) ?? ''
}
