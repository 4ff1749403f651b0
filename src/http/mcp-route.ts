// `/mcp`: where programs speak MCP over HTTP. Reads the body with bounds before anything else looks at it, names the
// profiles asked for, and hands over; what is said is the mcp room's. Refusals are JSON-RPC errors, as clients expect.

import type { Context } from 'hono'
import { type Actor, type McpProfile, mcpProfiles } from '#src/core/index.ts'
import { readJson } from './input.ts'
import { HttpRefusal, toProblem } from './problems.ts'
import type { Env } from './route.ts'

export interface McpHandler {
  handle(
    request: Request,
    caller: { readonly actor: Actor; readonly profiles: readonly McpProfile[] },
    body?: unknown,
  ): Promise<Response>
}

export const mcpPaths = ['/mcp', '/mcp/']
const maxBodyBytes = 4 * 1024 * 1024

/** `profiles` are those of a request that names none. */
export async function mcpRoute(
  mcp: McpHandler,
  context: Context<Env>,
  profiles: readonly McpProfile[] = [],
): Promise<Response> {
  const { incoming } = context.env
  const named = profilesOf(context.req.query('profile'))
  const caller = { actor: context.get('actor'), profiles: [named, profiles, ['default' as const]].find(isSome) ?? [] }
  const method = incoming.method ?? ''
  if (method !== 'POST' && method !== 'GET' && method !== 'DELETE') {
    throw new HttpRefusal(405, 'unsupported', `${method.slice(0, 20)} is not a method of MCP; POST, GET and DELETE are`)
  }
  if (method !== 'POST') return mcp.handle(context.req.raw, caller)
  const body = await readJson(incoming, { maxBytes: maxBodyBytes })
  if (body === null || typeof body !== 'object') {
    throw new HttpRefusal(400, 'invalid_input', 'the body must be a JSON-RPC message')
  }
  return mcp.handle(context.req.raw, caller, body)
}

const isSome = (profiles: readonly McpProfile[]): boolean => profiles.length > 0

/** @throws HttpRefusal naming the profiles there are */
function profilesOf(text: string | undefined): McpProfile[] {
  const names = (text ?? '').split(',').flatMap((name) => name.trim() || [])
  const known = mcpProfiles.filter((profile) => names.includes(profile))
  const unknown = names.filter((name) => !known.some((profile) => profile === name))
  if (unknown.length > 0) {
    throw new HttpRefusal(400, 'invalid_input', `there is no MCP profile "${unknown.join('", "').slice(0, 200)}"`, {
      hint: `profiles are ${mcpProfiles.join(', ')}; several are joined with commas`,
    })
  }
  return known
}

/** A refusal as JSON-RPC, with the HTTP status that says the same; its id is not known. */
export function mcpRefusal(thrown: unknown, requestId: string): Response {
  const problem = toProblem(thrown, requestId)
  const isBodyBroken = problem.status === 400 && problem.code === 'invalid_input'
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="maestro"'
  if (problem.status === 405) headers['allow'] = 'POST, GET, DELETE'
  if (problem.status === 413 || problem.status === 415) headers['connection'] = 'close'
  const retryAfterSec = problem.details?.['retryAfterSec']
  if (typeof retryAfterSec === 'number') headers['retry-after'] = String(retryAfterSec)
  return Response.json(
    {
      jsonrpc: '2.0',
      id: null,
      error: {
        code: isBodyBroken ? -32_700 : problem.status >= 500 ? -32_603 : -32_000,
        message: problem.hint === undefined ? problem.detail : `${problem.detail}; ${problem.hint}`,
        data: { code: problem.code, requestId },
      },
    },
    { status: problem.status, headers },
  )
}
