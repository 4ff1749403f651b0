// Maistro's MCP servers. Values of secrets never come out; a mask that comes back leaves them as they are.

import { z } from 'zod'
import { McpServer } from '#src/agents/contract.ts'
import { listOf, parseOrThrow, Slug } from '#src/core/index.ts'
import { readJsonBody } from '../input.ts'
import type { Route } from '../route.ts'
import { type MaistroDeps, maistroRoute, placeholder, unlessMissing } from './maistro-route.ts'
import { toServerInput, toServerRow } from './server-shape.ts'
import { mask, ServerInput, ServerRow, Success } from './shapes.ts'

const sample: ServerRow = {
  id: 'mcp-server-1700000000000',
  name: 'Search',
  command: 'npx',
  args: '-y @example/search-server',
  env: { SEARCH_API_KEY: mask },
  description: 'Looks things up.',
  defaultEnabled: true,
}

export function serverRoutes(deps: MaistroDeps): Route[] {
  return [
    maistroRoute(deps, {
      method: 'get',
      path: '/api/mcp-servers',
      id: 'maistro_servers',
      summary: 'List MCP servers',
      description: `Arguments as one line. A stored value in \`env\` is shown as \`${mask}\`.`,
      success: z.array(ServerRow),
      example: { input: {}, output: [sample] },
      answer: async (ask) => (await ask('mcp_server_list', {}, listOf(McpServer))).items.map(toServerRow),
    }),
    maistroRoute(deps, {
      method: 'post',
      path: '/api/mcp-servers',
      id: 'maistro_server_save',
      summary: 'Save an MCP server',
      description: `Makes the server, or replaces the one of this \`id\`. A value \`${mask}\` keeps the stored one.`,
      body: { schema: ServerInput, isRequired: true },
      success: Success.extend({ mcpServer: ServerRow }),
      example: {
        input: { ...sample, env: { SEARCH_API_KEY: 'the key itself, once' } },
        output: { success: true, mcpServer: sample },
      },
      async answer(ask, context) {
        const input = parseOrThrow(ServerInput, await readJsonBody(context.env.incoming), 'the MCP server')
        const { id } = input
        const stored =
          id === undefined ? undefined : await unlessMissing(() => ask('mcp_server_get', { serverId: id }, McpServer))
        const fields = toServerInput(input, stored)
        const saved =
          stored === undefined
            ? await ask('mcp_server_create', { ...fields, ...(id === undefined ? {} : { id }) }, McpServer)
            : await ask('mcp_server_update', { ...fields, serverId: stored.id }, McpServer)
        return { success: true, mcpServer: toServerRow(saved) }
      },
    }),
    maistroRoute(deps, {
      method: 'delete',
      path: '/api/mcp-servers/{id}',
      id: 'maistro_server_delete',
      summary: 'Delete an MCP server',
      description: 'With its stored values. Answers the same when there is none of this id.',
      params: z.object({ id: Slug }),
      success: Success,
      example: { input: { id: sample.id }, output: { success: true } },
      async answer(ask, context) {
        const { data: serverId } = Slug.safeParse(placeholder(context, 'id'))
        if (serverId !== undefined) await unlessMissing(() => ask('mcp_server_delete', { serverId }, z.unknown()))
        return { success: true }
      },
    }),
  ]
}
