// What an agent may do, and whose conversation it goes on with, in words.

import type { AgentMode } from '#src/core/contract.ts'
import type { SessionChoice } from '#src/workflows/contract.ts'

export const modeWords: Record<AgentMode, string> = {
  plan: 'Reads and talks',
  edit: 'May edit files',
  full: 'Runs commands',
}

export const sessionWords: Record<SessionChoice, string> = {
  shared: 'Shared session',
  fresh: 'Fresh session',
}
