// Installations in progress: at most one an agent, its lines kept for whoever looks. Not a task: it runs
// in this process, and one that a restart cuts off leaves nothing half-installed behind.

import { MaestroError, toMaestroError } from '#src/core/index.ts'
import type { AgentInstall } from './contract.ts'

export interface Installs extends AsyncDisposable {
  /** Returns at once. @throws `conflict` while one of this agent is running */
  start(agentId: string): void
  /** As it is at this moment. */
  state(agentId: string): AgentInstall
}

const maxLines = 500

export function createInstalls(
  install: (agentId: string, onProgress: (line: string) => void, signal: AbortSignal) => Promise<unknown>,
): Installs {
  const states = new Map<string, AgentInstall>()
  const closing = new AbortController()
  const running = new Set<Promise<void>>()

  return {
    start(agentId) {
      if (states.get(agentId)?.state === 'running') {
        throw new MaestroError('conflict', `${agentId} is being installed already`)
      }
      const state: AgentInstall = { state: 'running', lines: [], error: null }
      states.set(agentId, state)
      const note = (line: string) => {
        state.lines.push(line)
        if (state.lines.length > maxLines) state.lines.shift()
      }
      const work = install(agentId, note, closing.signal)
        .then(
          () => {
            state.state = 'done'
          },
          (thrown: unknown) => {
            const error = toMaestroError(thrown)
            state.state = 'failed'
            state.error = error.hint === undefined ? error.message : `${error.message} (${error.hint})`
          },
        )
        .finally(() => running.delete(work))
      running.add(work)
    },
    state: (agentId) => structuredClone(states.get(agentId) ?? { state: 'idle', lines: [], error: null }),
    async [Symbol.asyncDispose]() {
      closing.abort()
      await Promise.all(running)
    },
  }
}
