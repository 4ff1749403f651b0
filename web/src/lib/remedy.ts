// What can be done here about a finding of the doctor: a place of this page, and the words of its button. Pure.

import type { DoctorCheck } from '#src/app/contract.ts'
import { route } from '../api/paths.ts'

export interface Remedy {
  readonly label: string
  readonly to: (typeof route)['agents' | 'models' | 'mcpServers' | 'settings']
}

/** Undefined where the hint must do: what is wrong lies outside this page. */
export function remedyOf(check: DoctorCheck): Remedy | undefined {
  if (check.level === 'ok') return undefined
  if (check.name.startsWith('agent ')) return { label: 'Open agents', to: route.agents }
  if (/^(model|provider)/.test(check.name)) return { label: 'Open models', to: route.models }
  if (/^mcp/i.test(check.name)) return { label: 'Open MCP Servers', to: route.mcpServers }
  return undefined
}

/** Worst first. */
export const troubles = (checks: readonly DoctorCheck[]): DoctorCheck[] => [
  ...checks.filter((check) => check.level === 'error'),
  ...checks.filter((check) => check.level === 'warn'),
]
