// Whether the MCP servers of a step can be used, asked before its agent starts: a broken one then costs no
// tokens. Checked in parallel; what succeeded a moment ago, unchanged, is not started twice; what failed
// always is.

import { createHash } from 'node:crypto'
import type { Clock } from '#src/core/index.ts'
import type { McpServerLaunch } from '../adapter.ts'
import type { McpServerTest } from '../contract.ts'
import type { ServerProblem } from '../types.ts'

/** How long a success counts. */
const freshMs = 5 * 60_000
const maxRemembered = 1_000

export interface Preflight {
  /** In the order of `servers`; null for one that can be used. @throws `cancelled` when `signal` is aborted */
  check(servers: readonly McpServerLaunch[], signal: AbortSignal): Promise<(ServerProblem | null)[]>
  /** Somebody has just tried this one: its success counts, its failure ends an older success. */
  learn(server: McpServerLaunch, found: McpServerTest): void
}

export function createPreflight(deps: {
  readonly check: (server: McpServerLaunch, signal: AbortSignal) => Promise<McpServerTest>
  readonly clock: Clock
}): Preflight {
  /** When a configuration was last seen to work, by its hash: no value of it is kept. */
  const worked = new Map<string, number>()

  function learn(server: McpServerLaunch, found: McpServerTest): void {
    const key = keyOf(server)
    worked.delete(key)
    if (!found.ok) return
    worked.set(key, deps.clock.now())
    const [oldest] = worked.keys()
    if (worked.size > maxRemembered && oldest !== undefined) worked.delete(oldest)
  }

  async function problemOf(server: McpServerLaunch, signal: AbortSignal): Promise<ServerProblem | null> {
    const seenAt = worked.get(keyOf(server))
    if (seenAt !== undefined && deps.clock.now() - seenAt < freshMs) return null
    const found = await deps.check(server, signal)
    learn(server, found)
    if (found.error === null) return null
    const { kind, message, hint } = found.error
    return { message, hint, retryable: kind === 'network' || kind === 'timed_out' }
  }

  return {
    check: (servers, signal) => Promise.all(servers.map((server) => problemOf(server, signal))),
    learn,
  }
}

/** Of everything that can make a difference, values of secrets too. */
function keyOf(server: McpServerLaunch): string {
  return createHash('sha256').update(JSON.stringify(server)).digest('base64')
}
