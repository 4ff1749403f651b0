// Tools as routes under /api/v1: by their `http` binding, and those made for MCP clients by name. Translates in and out; decides nothing.

import { z } from 'zod'
import { type AnyTool, type Log, MaestroError } from '#src/core/index.ts'
import { coerceTexts, readJsonBody } from './input.ts'
import type { Caller } from './ports.ts'
import type { Route } from './route.ts'

export const apiBase = '/api/v1'

export function toolRoutes(tools: readonly AnyTool[], calls: Caller, log: Log): Route[] {
  return tools.flatMap((tool) => {
    const binding = tool.http ?? (tool.mcp === undefined ? undefined : byName(tool.name))
    return binding === undefined ? [] : [toolRoute(tool, binding, calls, log)]
  })
}

/** Where a tool made for MCP clients is offered to everybody else: its input is the body. */
const byName = (name: string) => ({ method: 'post', path: `/tools/${name}` }) as const

function toolRoute(tool: AnyTool, binding: NonNullable<AnyTool['http']>, calls: Caller, log: Log): Route {
  const shape = (tool.input as z.ZodObject).shape as Record<string, z.ZodType>
  const placeholders = [...binding.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const unknown = placeholders.filter((name) => !Object.hasOwn(shape, name))
  if (unknown.length > 0) {
    throw new MaestroError(
      'internal',
      `the path ${binding.path} of ${tool.name} names ${unknown.join(', ')}, which its input does not have`,
    )
  }
  const only = (keep: (name: string) => boolean) =>
    z.object(Object.fromEntries(Object.entries(shape).filter(([name]) => keep(name))))
  const params = only((name) => placeholders.includes(name))
  const rest = only((name) => !placeholders.includes(name))
  const hasRest = Object.keys(rest.shape).length > 0
  const usesQuery = binding.method === 'get' || binding.method === 'delete'
  const status = binding.status ?? 200
  return {
    method: binding.method,
    path: apiBase + binding.path,
    id: tool.name,
    summary: tool.title,
    description: `${tool.description}\n\nEffect: ${tool.effect}. Scope: \`${tool.scope}\`.`,
    group: tool.scope.split(':')[0] ?? tool.scope,
    ...(placeholders.length > 0 ? { params } : {}),
    ...(hasRest && usesQuery ? { query: rest } : {}),
    ...(hasRest && !usesQuery ? { body: { schema: rest, isRequired: !rest.safeParse({}).success } } : {}),
    success: { status, description: tool.title, type: 'application/json', schema: tool.output as z.ZodType },
    ...(tool.examples === undefined ? {} : { examples: tool.examples }),
    async handle(context) {
      const { incoming } = context.env
      const query = new URL(context.req.url).searchParams
      const fromPath = coerceTexts(
        shape,
        placeholders.map((name) => [name, context.req.param(name) ?? ''] as const),
      )
      const given = usesQuery ? coerceTexts(shape, query) : await readJsonBody(incoming)
      if (!usesQuery && query.size > 0) {
        throw new MaestroError(
          'invalid_input',
          `${binding.method.toUpperCase()} takes its input from the body; "${[...query.keys()].join(', ')}" is in the query`,
        )
      }
      const twice = placeholders.filter((name) => Object.hasOwn(given, name) && given[name] !== fromPath[name])
      if (twice.length > 0) {
        throw new MaestroError(
          'invalid_input',
          `${twice.join(', ')} differs between the path and the ${usesQuery ? 'query' : 'body'}`,
          {
            issues: twice.map((path) => ({ path, message: 'differs from the path' })),
          },
        )
      }
      const requestId = context.get('requestId')
      const output = await calls.call(
        {
          actor: context.get('actor'),
          signal: context.req.raw.signal,
          traceId: requestId,
          log: log.child({ requestId, tool: tool.name }),
        },
        tool.name,
        { ...given, ...fromPath },
      )
      return context.body(JSON.stringify(output ?? null), status, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
      })
    },
  }
}
