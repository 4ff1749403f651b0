// MCP servers, put together: the registry, the check and the preflight of turns.

import { createHash } from 'node:crypto'
import type { Clock } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import type { McpServerLaunch } from '../adapter.ts'
import type { McpServerTest } from '../contract.ts'
import { serverEnvironment } from '../environment.ts'
import { checkServer, markerName } from './check/check-server.ts'
import { sweep } from './check/process-tree.ts'
import { createPreflight, type Preflight } from './preflight.ts'
import { createMcpServers, type McpServers } from './registry.ts'

export interface McpRoom {
  readonly servers: McpServers
  readonly preflight: Preflight['check']
  /** Starts it, greets it, lists its tools, ends it. @throws `cancelled` */
  test(server: McpServerLaunch, signal: AbortSignal): Promise<McpServerTest>
  /** Ends what a server that was killed left of its checks. */
  sweepLeftovers(): Promise<void>
}

export function createMcp(deps: {
  readonly dataDir: string
  readonly secrets: Secrets
  readonly clock: Clock
  readonly isCopied?: () => boolean
  /** The server's; only an allow-list of it reaches an MCP server. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly secretValues: () => readonly string[]
}): McpRoom {
  const { dataDir, secrets, clock, secretValues } = deps
  // Only one process owns a data folder: what carries its mark and is not this process's is a leftover.
  const markerPrefix = `mcp-check-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}-`
  const env = serverEnvironment(deps.env)
  const check = (server: McpServerLaunch, signal: AbortSignal): Promise<McpServerTest> =>
    checkServer({ env, markerPrefix, secretValues }, server, signal)
  const preflight = createPreflight({ check, clock })
  return {
    servers: createMcpServers({
      dataDir,
      secrets,
      clock,
      ...(deps.isCopied === undefined ? {} : { isCopied: deps.isCopied }),
    }),
    preflight: (servers, signal) => preflight.check(servers, signal),
    async test(server, signal) {
      const found = await check(server, signal)
      preflight.learn(server, found)
      return found
    },
    sweepLeftovers: () => sweep(`${markerName}=${markerPrefix}`),
  }
}
