// Which agents there are and whether they are ready: what settings, doctor and the step editor show.

import type { Clock } from '#src/core/index.ts'
import { SECOND } from '#src/core/index.ts'
import type { AgentAdapter, Exec } from './adapter.ts'
import type { AgentInfo } from './contract.ts'

const freshMs = 30 * SECOND

export interface AgentList {
  /** Probes are kept for 30 s; `fresh` asks again (after an installation). Never throws. */
  listAgents(options?: { fresh?: boolean }): Promise<AgentInfo[]>
}

export function createAgentList(deps: { adapters: readonly AgentAdapter[]; exec: Exec; clock: Clock }): AgentList {
  let kept: { at: number; agents: Promise<AgentInfo[]> } | null = null
  return {
    listAgents({ fresh = false } = {}) {
      const now = deps.clock.now()
      if (kept === null || fresh || now - kept.at >= freshMs) {
        kept = { at: now, agents: Promise.all(deps.adapters.map((adapter) => describe(adapter, deps.exec))) }
      }
      return kept.agents
    },
  }
}

async function describe(adapter: AgentAdapter, exec: Exec): Promise<AgentInfo> {
  const { id, title, capabilities } = adapter
  const always = { id, title, modes: [...capabilities.modes], needsModel: capabilities.needsModel }
  try {
    const { installed, path, version, supported, problems } = await adapter.probe(exec)
    return {
      ...always,
      installed,
      path,
      version,
      ready: installed && supported && problems.length === 0,
      problems: [...problems],
    }
  } catch (thrown) {
    const message = `${title} could not be looked at: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    const problems = [{ message, hint: 'run `maestro doctor`' }]
    return { ...always, installed: false, path: null, version: null, ready: false, problems }
  }
}
