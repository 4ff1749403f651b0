// Writes down every state of every workflow, in the order in which it came to be: after each save, and when a
// hand edit is found on the disk. What was stored while Maestro did not look is one state, not several.

import { type Actor, type Clock, DAY, type Ids } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Workflow } from '../contract.ts'
import type { History } from '../definitions/index.ts'
import { diffWorkflows, summaryOf } from './diff.ts'
import type { VersionKey, VersionRow, VersionsRepo } from './versions-repo.ts'

/** At least so many of each workflow, and all that are younger. */
export const keepNewest = 50
const keepMs = 30 * DAY
/** A folder of a thousand workflows is written down in several statements. */
const batchSize = 50

export interface HistoryDeps {
  readonly store: Pick<Store, 'tx'>
  readonly repo: VersionsRepo
  readonly clock: Clock
  readonly ids: Ids
}

export function createHistory({ store, repo, clock, ids }: HistoryDeps): History {
  /** What stands in the table; undefined when that is not known. */
  let known: Map<string, VersionKey> | undefined

  async function rowOf(workflow: Workflow, before: VersionKey | undefined, by: Actor | null) {
    const old = before === undefined ? undefined : await repo.content(before)
    const isFirst = old === undefined
    const row: VersionRow & { content: Workflow } = {
      workflowId: workflow.id,
      life: before?.life ?? ids('life'),
      seq: (before?.seq ?? 0) + 1,
      version: workflow.version,
      // What was there before we looked for the first time is as old as it says.
      savedAt: isFirst && by === null ? Math.min(workflow.updatedAt, clock.now()) : clock.now(),
      savedBy: by,
      name: workflow.name,
      stepCount: workflow.steps.length,
      summary: isFirst
        ? by === null
          ? 'Found in the data folder'
          : 'Created'
        : summaryOf(diffWorkflows(old, workflow, '', '')),
      content: workflow,
    }
    return row
  }

  return {
    async record(all, by) {
      const stored = known ?? (await repo.newest())
      const changed = all.filter((workflow) => stored.get(workflow.id)?.version !== workflow.version)
      const present = new Set(all.map((workflow) => workflow.id))
      const gone = [...stored.keys()].filter((id) => !present.has(id))
      known = stored
      if (changed.length === 0 && gone.length === 0) return
      // Until it is committed, what the table holds is not known.
      known = undefined
      const after = new Map(stored)
      await store.tx(async () => {
        for (let at = 0; at < changed.length; at += batchSize) {
          const rows = await Promise.all(
            changed.slice(at, at + batchSize).map((workflow) => rowOf(workflow, stored.get(workflow.id), by)),
          )
          await repo.insert(rows)
          for (const { workflowId, life, seq, version } of rows)
            after.set(workflowId, { workflowId, life, seq, version })
        }
        await repo.markDeleted(gone, clock.now())
        const keys = changed.flatMap((workflow) => after.get(workflow.id) ?? [])
        await repo.prune(keys, clock.now() - keepMs, keepNewest)
      })
      for (const id of gone) after.delete(id)
      known = after
    },
  }
}
