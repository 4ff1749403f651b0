// The MCP servers a prompt may be given.

import { queryOptions } from '@tanstack/react-query'
import { McpServer } from '#src/agents/contract.ts'
import { listOf } from '#src/core/contract.ts'
import { ask } from '../../api/api.ts'
import { api } from '../../api/paths.ts'

const McpServerList = listOf(McpServer)

export const mcpServersQuery = queryOptions({
  queryKey: ['mcp-servers'],
  queryFn: async ({ signal }) => (await ask(McpServerList, 'GET', api.mcpServers, undefined, signal)).items,
})
