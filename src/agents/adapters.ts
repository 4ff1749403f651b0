// The agents of this installation, put together from the server's environment and folders.

import { fileURLToPath } from 'node:url'
import type { AgentAdapter } from './adapter.ts'
import { agentEnvironment, serverEnvironment } from './environment.ts'
import { createFakeAdapter } from './fake/index.ts'
import { createGooseAdapter } from './goose/index.ts'
import { locateGoose } from './locate.ts'

export interface StandardAgents {
  readonly adapters: readonly AgentAdapter[]
  /** For `AgentTurnsDeps.binaries`. */
  readonly binaries: (agentId: string) => Promise<string | undefined>
}

/** `env` is the server's; only an allow-list of it reaches an agent. */
export function standardAgents(options: {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly dataDir: string
  readonly nodePath: string
  /** For tests: Goose retries failed model calls without waiting. */
  readonly skipBackoff?: boolean
}): StandardAgents {
  const { env, dataDir, nodePath, skipBackoff = false } = options
  const baseEnv = agentEnvironment(env)
  const locate = async (): Promise<string | undefined> => {
    const found = await locateGoose({ dataDir, gooseBin: env['GOOSE_BIN'], searchPath: baseEnv['PATH'] ?? '' })
    return found?.path
  }
  const goose = createGooseAdapter({
    baseEnv,
    serverEnv: serverEnvironment(env),
    nodePath,
    shimPath: fileURLToPath(new URL('./mcp-shim.cjs', import.meta.url)),
    skipBackoff,
    locate,
  })
  const scriptPath = fileURLToPath(new URL('./fake/fake-agent.mjs', import.meta.url))
  const fake = createFakeAdapter({ nodePath, scriptPath, baseEnv })
  return {
    adapters: [goose, fake],
    binaries: async (agentId) => (agentId === 'goose' ? locate() : agentId === 'fake' ? nodePath : undefined),
  }
}
