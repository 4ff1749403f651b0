// Mixed calls of an MCP client under random kill -9 of the owner: none may have failed and been carried out without
// saying so. `npm run bench mcp-kill -- --calls 1000`

import { mcpKillRounds } from '#test/harness/mcp-kill-rounds.ts'

export async function run(options: { calls?: number }): Promise<object> {
  const at = performance.now()
  const report = await mcpKillRounds({ calls: options.calls ?? 1_000, seed: Date.now() % 1_000_000 })
  return { ...report, seconds: Math.round((performance.now() - at) / 1_000) }
}
