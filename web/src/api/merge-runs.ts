// Brings fresh runs into a list that is already on the page, so that a live change costs one small
// request however far the list was scrolled. Pure.

import type { RunSummary } from '#src/workflows/contract.ts'
import type { RunPage } from './contract.ts'
import type { RunFilter } from './paths.ts'

function matches(run: RunSummary, filter: RunFilter): boolean {
  if (filter.workflowId !== undefined && run.workflowId !== filter.workflowId) return false
  if (filter.since !== undefined && run.createdAt < filter.since) return false
  if (filter.until !== undefined && run.createdAt >= filter.until) return false
  return filter.status === undefined || filter.status === '' || filter.status.split(',').includes(run.status)
}

/** Newest first; runs that no longer match leave, runs that match now enter when the list reaches that far. */
export function mergeRuns(pages: readonly RunPage[], fresh: readonly RunSummary[], filter: RunFilter): RunPage[] {
  const byId = new Map(fresh.map((run) => [run.id, run]))
  const seen = new Set<string>()
  const merged = pages.map((page) => ({
    ...page,
    items: page.items.flatMap((old) => {
      const run = byId.get(old.id) ?? old
      if (seen.has(run.id) || !matches(run, filter)) return []
      seen.add(run.id)
      return [run]
    }),
  }))
  const last = merged.at(-1)
  const oldest = last?.next == null ? -Infinity : (last.items.at(-1)?.createdAt ?? Infinity)
  const added = fresh.filter((run) => !seen.has(run.id) && matches(run, filter) && run.createdAt >= oldest)
  if (added.length === 0 || merged[0] === undefined) return merged
  for (const run of added) {
    const page = merged.find((each) => (each.items.at(-1)?.createdAt ?? -Infinity) <= run.createdAt) ?? merged.at(-1)
    page?.items.push(run)
    page?.items.sort((a, b) => b.createdAt - a.createdAt)
  }
  return merged
}
