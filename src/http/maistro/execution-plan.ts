// Which runs a viewer of a workflow is shown, in which order. Pure state: told what runs there are, asked for
// the next one.

import type { RunSummary } from '#src/workflows/contract.ts'

type Row = Pick<RunSummary, 'id' | 'status' | 'createdAt' | 'endedAt'>

export interface ExecutionPlan {
  /** The workflow's newest runs. */
  learn(runs: readonly Row[]): void
  /** The next run to show, once. */
  next(): string | undefined
  /** It is shown already, as part of a chain. */
  drop(runId: string): void
}

/** The first list that it learns: what has ended by then is past, what is under way is shown from its start. */
export function createExecutionPlan(wanted?: string): ExecutionPlan {
  const seen = new Set<string>()
  let queue: string[] = wanted === undefined ? [] : [wanted]
  let since: number | undefined
  for (const id of queue) seen.add(id)

  return {
    learn(runs) {
      const isFirst = since === undefined
      const oldest = since ?? 0
      since = Math.max(oldest, ...(isFirst ? runs.map(({ createdAt }) => createdAt) : []))
      const fresh = runs.filter(
        ({ id, createdAt, endedAt }) => !seen.has(id) && createdAt >= oldest && (!isFirst || endedAt === null),
      )
      for (const { id } of runs) seen.add(id)
      // One that waits for a person may wait for long: those at work come before it.
      const parked = (run: Row): number => (isFirst && run.status === 'waiting' ? 1 : 0)
      queue = [
        ...queue,
        ...fresh.toSorted((a, b) => parked(a) - parked(b) || a.createdAt - b.createdAt).map(({ id }) => id),
      ]
    },
    next: () => queue.shift(),
    drop(runId) {
      seen.add(runId)
      queue = queue.filter((id) => id !== runId)
    },
  }
}
