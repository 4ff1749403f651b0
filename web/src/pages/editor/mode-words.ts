// What an agent may do, in words.

import type { AgentMode } from '#src/core/contract.ts'

export const modeWords: Record<AgentMode, string> = {
  plan: 'Reads and talks',
  edit: 'May edit files',
  full: 'Runs commands',
}
