// What a person can do with the saved states of a workflow: look, compare, bring one back. A deleted workflow
// can be brought back too, while its states are kept.

import { type Actor, MaestroError } from '#src/core/index.ts'
import type { Workflow, WorkflowDiff, WorkflowVersion } from '../contract.ts'
import type { Definitions } from '../definitions/index.ts'
import { diffWorkflows } from './diff.ts'
import type { VersionsRepo } from './versions-repo.ts'

export interface Versions {
  /** Newest first. @throws `not_found` */
  list(workflowId: string): Promise<WorkflowVersion[]>
  /** @throws `not_found` */
  get(workflowId: string, version: string): Promise<Workflow>
  /** @param to the stored state when absent. @throws `not_found` */
  diff(workflowId: string, from: string, to?: string): Promise<WorkflowDiff>
  /** Saves an older state as the newest. @throws `not_found`, and as a save does */
  restore(workflowId: string, version: string, ifVersion: string | undefined, by: Actor): Promise<Workflow>
}

export function createVersions({ definitions, repo }: { definitions: Definitions; repo: VersionsRepo }): Versions {
  /** Reading the definitions also writes down what was edited by hand. */
  async function open(id: string): Promise<{ current: Workflow | undefined; workflowId: string; life: string }> {
    const current = await definitions.find(id)
    const workflowId = current?.id ?? id
    const life = await repo.lifeOf(workflowId)
    if (life !== undefined) return { current, workflowId, life }
    throw new MaestroError('not_found', `there is no workflow "${id}", and no version of one`, {
      hint: 'list the workflows to see their ids',
    })
  }

  async function get(id: string, version: string): Promise<Workflow> {
    const { current, workflowId, life } = await open(id)
    if (current?.version === version) return current
    const found = await repo.content({ workflowId, life, version })
    if (found !== undefined) return found
    throw new MaestroError('not_found', `workflow "${workflowId}" has no version "${version}" (any more)`, {
      hint: 'list its versions; the newest 50 are kept, and all of the last 30 days',
    })
  }

  return {
    get,

    async list(id) {
      const { current, workflowId, life } = await open(id)
      const rows = await repo.list(workflowId, life)
      const newest = rows[0]
      return rows.map((row) => ({
        version: row.version,
        savedAt: row.savedAt,
        savedBy: row.savedBy,
        name: row.name,
        stepCount: row.stepCount,
        summary: row.summary,
        isCurrent: row === newest && current?.version === row.version,
      }))
    },

    async diff(id, from, to) {
      const before = await get(id, from)
      const after = to === undefined ? await definitions.get(id) : await get(id, to)
      return diffWorkflows(before, after, before.version, after.version)
    },

    async restore(id, version, ifVersion, by) {
      const { current, workflowId } = await open(id)
      const { id: _id, version: _version, updatedAt: _updatedAt, ...input } = await get(id, version)
      const whole = { ...input, schedule: input.schedule ?? null }
      return current === undefined
        ? definitions.create(whole, by, workflowId)
        : definitions.update(workflowId, whole, ifVersion, by)
    },
  }
}
