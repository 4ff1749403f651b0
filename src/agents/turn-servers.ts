// The MCP servers of a turn that is to start: looked up, asked whether they work, and left out where the turn
// may go on without.

import type { TaskEventBody, TaskLease } from '#src/tasks/index.ts'
import type { McpServerLaunch } from './adapter.ts'
import { failure } from './outcomes.ts'
import { orFail, TurnFailed } from './turn-failure.ts'
import type { AgentTurnsDeps } from './types.ts'

/** Those that answered. Whoever is missing is told of in the log. @throws TurnFailed when it is required */
export async function usableServers(
  deps: Pick<AgentTurnsDeps, 'mcpServers' | 'checkServers'>,
  turn: TaskLease,
  ids: readonly string[],
): Promise<readonly McpServerLaunch[]> {
  const servers = await orFail('mcp_unavailable', () => deps.mcpServers(ids))
  if (servers.length === 0) return servers
  const stop = AbortSignal.any([turn.lost, turn.stopRequested])
  const problems = await orFail('mcp_unavailable', () => deps.checkServers(servers, stop))
  const broken = servers.flatMap((server, index) => {
    const problem = problems[index]
    return problem === undefined || problem === null ? [] : [{ server, problem }]
  })
  if (broken.length === 0) return servers
  await turn.append(
    broken.flatMap(({ server, problem }): TaskEventBody[] => {
      const status = { type: 'mcp.status', server: server.name, ok: false, reason: problem.message } as const
      const text = `goes on without the MCP server "${server.name}": ${problem.message}`
      return server.required ? [status] : [status, { type: 'agent.warned', text }]
    }),
  )
  const missed = broken.filter(({ server }) => server.required)
  const [first] = missed
  if (first === undefined) return servers.filter((server) => !broken.some((one) => one.server === server))
  const sentences = missed.map(
    ({ server, problem }) => `the MCP server "${server.name}" cannot be used: ${problem.message}`,
  )
  throw new TurnFailed(
    failure('mcp_unavailable', sentences.join('; '), {
      hint: first.problem.hint ?? 'test it under MCP servers, or mark it as not required',
      retryable: missed.every(({ problem }) => problem.retryable),
    }),
  )
}
