// The MCP servers of a hand-edited mcp-servers.json, as bundles see them. They can be read and not yet
// written; a variable's value may be a secret, so none is told.

import { join } from 'node:path'
import type { McpServer } from '#src/agents/contract.ts'
import { isJsonObject, MaestroError, parseJsonFile, Slug } from '#src/core/index.ts'
import { readTextIfExists } from '#src/store/index.ts'
import type { KeptServers } from './mcp-bundles.ts'

export function createKeptServers(dataDir: string): KeptServers {
  const file = join(dataDir, 'mcp-servers.json')
  return {
    async list() {
      const text = await readTextIfExists(file)
      const entries = text === undefined ? [] : parseJsonFile(text, file)
      return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
        const server = isJsonObject(entry) ? toServer(entry) : undefined
        return server === undefined ? [] : [server]
      })
    },
    async create(input) {
      throw new MaestroError(
        'unsupported',
        `the MCP server "${input.name}" is not here and cannot be added by an import`,
        {
          hint: `add it to ${file} by hand, then import again`,
        },
      )
    },
  }
}

function toServer(entry: Record<string, unknown>): McpServer | undefined {
  const { id, name, command, args, env } = entry
  if (typeof id !== 'string' || !Slug.safeParse(id).success || typeof command !== 'string') return undefined
  const names = isJsonObject(env) ? Object.keys(env) : []
  return {
    id,
    name: typeof name === 'string' ? name : id,
    description: '',
    transport: 'stdio',
    command,
    args: Array.isArray(args) ? args.map(String) : typeof args === 'string' ? args.split(/\s+/).filter(Boolean) : [],
    url: '',
    defaultEnabled: false,
    required: true,
    startTimeoutSec: 30,
    env: names.map((variable) => ({ name: variable, isSecret: true, value: null, isSet: true, hint: null })),
    headers: [],
    version: '',
    updatedAt: 0,
  }
}
