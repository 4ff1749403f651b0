// MCP servers as tools. Secret values go in and never come out.

import { type AnyTool, defineTool, listOf } from '#src/core/index.ts'
import { z } from 'zod'
import { McpServer, McpServerTest } from '../contract.ts'
import type { McpRoom } from './index.ts'
import { ValidNewServer, ValidServerEdit, ValidServerTry } from './validate.ts'

/** Also the id that Maistro gave it. */
const ServerRef = z.object({ serverId: z.string().min(1).max(1_000) })
const subject = ({ serverId }: { serverId: string }): string[] => [`mcp-server:${serverId}`]

export function mcpTools({ servers, test }: McpRoom): AnyTool[] {
  return [
    defineTool({
      name: 'mcp_server_list',
      title: 'List MCP servers',
      description: 'The MCP servers that prompts may name. Values of secret rows are not part of it.',
      effect: 'read',
      scope: 'mcp:read',
      input: z.object({}),
      output: listOf(McpServer),
      http: { method: 'get', path: '/mcp-servers' },
      subject: () => [],
      run: async () => ({ items: await servers.list() }),
    }),
    defineTool({
      name: 'mcp_server_get',
      title: 'Show an MCP server',
      description: 'One MCP server by its id, or by the id that Maistro gave it.',
      effect: 'read',
      scope: 'mcp:read',
      input: ServerRef,
      output: McpServer,
      http: { method: 'get', path: '/mcp-servers/{serverId}' },
      subject,
      run: (_ctx, { serverId }) => servers.get(serverId),
    }),
    defineTool({
      name: 'mcp_server_create',
      title: 'Add an MCP server',
      description:
        'A program (stdio) or an address (http) that gives agents tools. Nothing is started. Values of secret rows are encrypted at rest and never shown again. `conflict` when the id is taken.',
      effect: 'write',
      scope: 'mcp:write',
      input: ValidNewServer,
      output: McpServer,
      http: { method: 'post', path: '/mcp-servers', status: 201 },
      subject: ({ id, name }) => [`mcp-server:${id ?? name}`],
      run: (_ctx, { id, ...input }) => servers.create(input, id),
    }),
    defineTool({
      name: 'mcp_server_update',
      title: 'Change an MCP server',
      description:
        'Replaces the whole. A secret row without a value keeps the stored one; a row that is left out goes, and its secret with it. When `ifVersion` is not the stored version: `conflict`, with the stored one in details.current.',
      effect: 'write',
      scope: 'mcp:write',
      input: ValidServerEdit,
      output: McpServer,
      http: { method: 'put', path: '/mcp-servers/{serverId}' },
      subject,
      run: (_ctx, { serverId, ifVersion, ...input }) => servers.update(serverId, input, ifVersion),
    }),
    defineTool({
      name: 'mcp_server_delete',
      title: 'Delete an MCP server',
      description: 'Deletes it with its secrets. Prompts that name it say so when they are run. Returns what it was.',
      effect: 'destructive',
      scope: 'mcp:write',
      input: ServerRef,
      output: McpServer,
      http: { method: 'delete', path: '/mcp-servers/{serverId}' },
      subject,
      run: (_ctx, { serverId }) => servers.delete(serverId),
    }),
    defineTool({
      name: 'mcp_server_test',
      title: 'Test an MCP server',
      description:
        'Starts it as an agent would (or calls its address), greets it, lists its tools and ends it, within its start time-out. What is wrong with it is in `error`; the call itself succeeds.',
      effect: 'write',
      scope: 'mcp:write',
      input: ServerRef,
      output: McpServerTest,
      http: { method: 'post', path: '/mcp-servers/{serverId}/test' },
      subject,
      run: async ({ signal }, { serverId }) => test(await servers.launch(serverId), signal),
    }),
    defineTool({
      name: 'mcp_server_try',
      title: 'Test an MCP server before it is saved',
      description:
        'As mcp_server_test, for one that is not saved. With `serverId`, the stored secrets of that server count for secret rows without a value.',
      effect: 'write',
      scope: 'mcp:write',
      input: ValidServerTry,
      output: McpServerTest,
      http: { method: 'post', path: '/mcp-servers/try' },
      subject: ({ serverId, transport, command, args, url }) => [
        ...(serverId === undefined ? [] : [`mcp-server:${serverId}`]),
        transport === 'http' ? url : [command, ...args].join(' '),
      ],
      run: async ({ signal }, { serverId, ...input }) => test(await servers.launchUnsaved(input, serverId), signal),
    }),
  ]
}
