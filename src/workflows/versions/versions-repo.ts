// The SQL of saved states. A row belongs to one life of a workflow, from its making to its deletion: another
// workflow that gets the same id later begins a life of its own. Definitions are one node's files, so rows are
// that node's too.

import type { Actor } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Workflow } from '../contract.ts'

interface Tables {
  workflow_versions: {
    node_id: string
    workflow_id: string
    life: string
    seq: number
    version: string
    saved_at: number | string
    saved_by: string | null
    name: string
    step_count: number
    summary: string
    content: string
    deleted_at: number | string | null
  }
}

export interface VersionKey {
  readonly workflowId: string
  readonly life: string
  readonly seq: number
  readonly version: string
}

export interface VersionRow extends VersionKey {
  readonly savedAt: number
  readonly savedBy: Actor | null
  readonly name: string
  readonly stepCount: number
  readonly summary: string
}

export interface VersionsRepo {
  /** The newest of every workflow that is there. */
  newest(): Promise<Map<string, VersionKey>>
  insert(rows: readonly (VersionRow & { readonly content: Workflow })[]): Promise<void>
  markDeleted(workflowIds: readonly string[], at: number): Promise<void>
  /** Its life now, else the one that ended last; undefined when nothing is kept. */
  lifeOf(workflowId: string): Promise<string | undefined>
  /** Newest first. */
  list(workflowId: string, life: string): Promise<VersionRow[]>
  content(key: Pick<VersionKey, 'workflowId' | 'life' | 'version'>): Promise<Workflow | undefined>
  /** Removes what is older than `before`, but for the newest `keep` of each life that goes on. */
  prune(keys: readonly VersionKey[], before: number, keep: number): Promise<void>
}

export function createVersionsRepo(store: Pick<Store, 'db'>, nodeId: string): VersionsRepo {
  const db = () => store.db<Tables>()
  const own = () => db().selectFrom('workflow_versions').where('node_id', '=', nodeId)
  return {
    async newest() {
      const rows = await own()
        .distinctOn('workflow_id')
        .select(['workflow_id', 'life', 'seq', 'version'])
        .where('deleted_at', 'is', null)
        .orderBy('workflow_id')
        .orderBy('seq', 'desc')
        .execute()
      return new Map(rows.map((row) => [row.workflow_id, toKey(row)]))
    },

    async insert(rows) {
      await db()
        .insertInto('workflow_versions')
        .values(
          rows.map((row) => ({
            node_id: nodeId,
            workflow_id: row.workflowId,
            life: row.life,
            seq: row.seq,
            version: row.version,
            saved_at: row.savedAt,
            saved_by: row.savedBy === null ? null : JSON.stringify(row.savedBy),
            name: row.name,
            step_count: row.stepCount,
            summary: row.summary,
            content: JSON.stringify(row.content),
            deleted_at: null,
          })),
        )
        .execute()
    },

    async markDeleted(workflowIds, at) {
      if (workflowIds.length === 0) return
      await db()
        .updateTable('workflow_versions')
        .set({ deleted_at: at })
        .where('node_id', '=', nodeId)
        .where('workflow_id', 'in', workflowIds)
        .where('deleted_at', 'is', null)
        .execute()
    },

    async lifeOf(workflowId) {
      const row = await own()
        .select('life')
        .where('workflow_id', '=', workflowId)
        // Null, the life that goes on, comes first of all.
        .orderBy('deleted_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.life
    },

    async list(workflowId, life) {
      const rows = await own()
        .select(['workflow_id', 'life', 'seq', 'version', 'saved_at', 'saved_by', 'name', 'step_count', 'summary'])
        .where('workflow_id', '=', workflowId)
        .where('life', '=', life)
        .orderBy('seq', 'desc')
        .execute()
      return rows.map((row) => ({
        ...toKey(row),
        savedAt: Number(row.saved_at),
        savedBy: row.saved_by === null ? null : (JSON.parse(row.saved_by) as Actor),
        name: row.name,
        stepCount: row.step_count,
        summary: row.summary,
      }))
    },

    async content({ workflowId, life, version }) {
      const row = await own()
        .select('content')
        .where('workflow_id', '=', workflowId)
        .where('life', '=', life)
        .where('version', '=', version)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.content) as Workflow)
    },

    async prune(keys, before, keep) {
      const rows = () => db().deleteFrom('workflow_versions').where('node_id', '=', nodeId)
      await rows().where('deleted_at', '<', before).execute()
      for (const { workflowId, life, seq } of keys.filter((key) => key.seq > keep)) {
        await rows()
          .where('workflow_id', '=', workflowId)
          .where('life', '=', life)
          .where('seq', '<=', seq - keep)
          .where('saved_at', '<', before)
          .execute()
      }
    },
  }
}

function toKey(row: Pick<Tables['workflow_versions'], 'workflow_id' | 'life' | 'seq' | 'version'>): VersionKey {
  return { workflowId: row.workflow_id, life: row.life, seq: row.seq, version: row.version }
}
