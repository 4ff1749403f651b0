// What the list of runs is narrowed to: part of it the server knows, part of it is looked for here. Pure.

import type { RunSummary } from '#src/workflows/contract.ts'
import type { RunFilter } from '../../api/paths.ts'

/** As it stands in the address. Days as `2026-01-31`, both included, in this browser's zone. */
export interface RunSearch {
  workflowId?: string | undefined
  status?: string | undefined
  trigger?: string | undefined
  since?: string | undefined
  until?: string | undefined
  q?: string | undefined
}

/** What the server filters by. A day that is none is left out. */
export function serverFilter({ workflowId, status, since, until }: RunSearch): RunFilter {
  return { workflowId, status, since: startOf(since), until: startOf(until, 1) }
}

/** Local midnight of the day, or of `later` days after it. */
function startOf(day: string | undefined, later = 0): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '')
  if (match === null) return undefined
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + later).getTime()
  return Number.isNaN(at) ? undefined : at
}

/** What is looked for here, among the runs that were read. */
export function isWanted(run: RunSummary, { trigger, q }: RunSearch): boolean {
  if (trigger !== undefined && run.trigger !== trigger) return false
  const words = q?.trim().toLowerCase() ?? ''
  return (
    words === '' ||
    `${run.workflowName} ${run.id} ${run.agents.join(' ')} ${run.error?.message ?? ''}`.toLowerCase().includes(words)
  )
}
