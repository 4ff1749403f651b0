// The room's own tool: how clients reach it.

import { type AnyTool, defineTool, MaestroError, mcpProfiles } from '#src/core/index.ts'
import { z } from 'zod'
import { connectGuide, type ConnectTo } from './connect.ts'
import { ConnectGuide } from './contract.ts'

export function connectTools(way: () => Omit<ConnectTo, 'profiles'>): AnyTool[] {
  return [
    defineTool({
      name: 'mcp_connect',
      title: 'How to connect an MCP client',
      description:
        'The program and the address by which MCP clients reach this Maestro, and the exact lines for each client. ' +
        '`profile`: one or several of them, joined by commas.',
      effect: 'read',
      scope: 'system:read',
      input: z.object({
        profile: z
          .string()
          .max(200)
          .optional()
          .describe(`of ${mcpProfiles.join(', ')}`),
      }),
      output: ConnectGuide,
      http: { method: 'get', path: '/mcp/connect' },
      subject: () => [],
      run(_ctx, { profile }) {
        const names = (profile ?? '').split(',').flatMap((name) => name.trim() || [])
        const profiles = mcpProfiles.filter((known) => names.includes(known))
        const unknown = names.filter((name) => !profiles.some((known) => known === name))
        if (unknown.length > 0) {
          throw new MaestroError('invalid_input', `there is no MCP profile "${unknown.join('", "')}"`, {
            hint: `profiles are ${mcpProfiles.join(', ')}`,
          })
        }
        return Promise.resolve(connectGuide({ ...way(), profiles }))
      },
    }),
  ]
}
