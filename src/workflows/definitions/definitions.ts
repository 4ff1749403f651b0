// The verbs on workflows as people edit them. Owns configs.json and prompts/; leaves runs to others, and
// schedules, whose field it carries along untouched.

import { type Actor, type JsonObject, MaestroError, Slug } from '#src/core/index.ts'
import type { Folder, Workflow, WorkflowInput } from '../contract.ts'
import { diffWorkflows } from '../versions/diff.ts'
import { type Loaded, settled } from './disk.ts'
import { assertFolder, assertMove, assertPath, folderTree, isWithin, movedPath, parentOf } from './folders.ts'
import { promptFile, toStored } from './item.ts'
import type { FileChange } from './journal.ts'
import { createShelf, type DefinitionsDeps, findItem, getItem, keptOf } from './shelf.ts'
import { assertNoCircle } from './triggers.ts'
import { validateInput } from './validate.ts'

/** Every call throws `corrupt_data` while configs.json cannot be read; nothing is written then. */
export interface Definitions {
  /** In the order of the file. */
  list(): Promise<Workflow[]>
  /** @throws `not_found` */
  get(id: string): Promise<Workflow>
  /** By id, or by the id that Maistro gave it where that is not safe as a name. */
  find(id: string): Promise<Workflow | undefined>
  /**
   * @param id one that Maistro gave; made from the name when absent
   * @throws `invalid_input` with every problem; `conflict` when the id is taken
   */
  create(input: WorkflowInput, by?: Actor, id?: string): Promise<Workflow>
  /**
   * @throws `conflict` with `details.current`, and `details.diff` from it to `input`, when the stored version is not
   *   `ifVersion`; `not_found`; `invalid_input`
   */
  update(id: string, input: WorkflowInput, ifVersion?: string, by?: Actor): Promise<Workflow>
  /** Its prompt files and stored form go to prompts/.trash. Returns what it was. @throws `not_found` */
  delete(id: string, by?: Actor): Promise<Workflow>
  /** A copy under a new id, with its schedule and trigger switched off. @throws `not_found` */
  duplicate(id: string, changes?: { name?: string; path?: string }, by?: Actor): Promise<Workflow>
  /**
   * Many in one save. `plan` sees what is stored at that moment; `onSuccess` of its inputs may name keys of the plan.
   * @returns the id of each, by its key
   * @throws `invalid_input`; then nothing was saved
   */
  saveAll(plan: (all: readonly Workflow[]) => readonly PlannedSave[], by?: Actor): Promise<Map<string, string>>
  /** Into another folder, which need not be there. @throws `not_found`, `invalid_input` */
  move(id: string, path: string, by?: Actor): Promise<Workflow>
  /** Parents first. */
  folders(): Promise<Folder[]>
  /** With its parents; one that is there is left as it is. @throws `invalid_input` */
  createFolder(path: string): Promise<Folder>
  /** Takes everything in it along, in one save. @throws `not_found`, `conflict`, `invalid_input` */
  moveFolder(path: string, newPath: string, by?: Actor): Promise<Folder>
  /** What is in it goes up to its parent; folders of one name become one. @throws `not_found` */
  deleteFolder(path: string, by?: Actor): Promise<{ moved: number }>
}

export interface PlannedSave {
  readonly key: string
  /** Replaces the workflow of this id, or makes one of it; null: the id is made from the name. */
  readonly id: string | null
  readonly input: WorkflowInput
}

export function createDefinitions(deps: DefinitionsDeps): Definitions {
  const { clock } = deps
  const { queued, save, put, freeId } = createShelf(deps)

  function assertFits(loaded: Loaded, id: string, input: WorkflowInput): void {
    const onSuccess = input.onSuccess == null ? null : { ...input.onSuccess }
    if (onSuccess !== null) onSuccess.workflowId = loaded.names.toAlias(onSuccess.workflowId)
    assertNoCircle(
      { id, name: input.name, onSuccess },
      loaded.items.map((item) => item.workflow),
    )
  }

  const treeOf = (loaded: Loaded): Folder[] =>
    folderTree(
      loaded.items.map((item) => item.workflow.path ?? ''),
      keptOf(loaded),
    )

  function getFolder(loaded: Loaded, path: string): Folder {
    const folder = treeOf(loaded).find((one) => one.path === path)
    return folder ?? { path, name: path, parentPath: '', workflowCount: 0, totalCount: 0 }
  }

  /** Every workflow within `from` with the path it then has. */
  function moved(loaded: Loaded, from: string, to: string): Map<string, JsonObject> {
    const within = loaded.items.filter(({ workflow }) => isWithin(workflow.path ?? '', from))
    return new Map(
      within.map(({ raw, workflow }) => {
        const path = movedPath(workflow.path ?? '', from, to)
        return [workflow.id, toStored(raw, workflow.id, { ...workflow, path }, clock.now(), loaded.names)]
      }),
    )
  }

  return {
    list: () => queued(async ({ items }) => items.map((item) => item.workflow)),
    get: (id) => queued(async (loaded) => getItem(loaded, id).workflow),
    find: (id) => queued(async (loaded) => findItem(loaded, id)?.workflow),

    create: (input, by = system, wanted) =>
      queued(async (loaded) => {
        const valid = validateInput(input)
        if (wanted !== undefined && findItem(loaded, wanted) !== undefined) {
          throw new MaestroError('conflict', `there is a workflow "${wanted}" already`, {
            hint: 'change that one, or leave the id out',
          })
        }
        const isSafe = wanted !== undefined && Slug.safeParse(wanted).success
        const alias = isSafe ? wanted : freeId(loaded, valid.name)
        const before = wanted === undefined || isSafe ? { id: alias } : { id: wanted, alias }
        assertFits(loaded, alias, valid)
        return put(loaded, alias, toStored(before, alias, valid, clock.now(), loaded.names), by)
      }),

    update: (id, input, ifVersion, by = system) =>
      queued(async (loaded) => {
        const { raw, workflow } = getItem(loaded, id)
        const valid = validateInput(input)
        if (ifVersion !== undefined && ifVersion !== workflow.version) {
          const message = `workflow "${workflow.id}" has changed: it is at version ${workflow.version}, the edit began from ${ifVersion}`
          throw new MaestroError('conflict', message, {
            hint: 'compare with the stored one, then save again with its version',
            details: { current: workflow, diff: diffWorkflows(workflow, valid, workflow.version, 'yours') },
          })
        }
        assertFits(loaded, workflow.id, valid)
        return put(loaded, workflow.id, toStored(raw, workflow.id, valid, clock.now(), loaded.names), by)
      }),

    delete: (id, by = system) =>
      queued(async (loaded) => {
        const item = getItem(loaded, id)
        const alias = item.workflow.id
        const trash = `prompts/.trash/${alias}-${clock.now()}`
        const texts = item.workflow.steps.flatMap((step, index): FileChange[] => [
          { path: `${trash}/${alias}_prompt_${index}.md`, text: step.text },
          ...(item.fileTexts[index] === undefined ? [] : [{ path: promptFile(alias, index), text: null }]),
        ])
        const stored = settled(item, loaded.names).raw
        const copy = { path: `${trash}/${alias}.json`, text: `${JSON.stringify(stored, null, 2)}\n` }
        await save(loaded, { remove: new Set([alias]), extra: [...texts, copy] }, by)
        return item.workflow
      }),

    duplicate: (id, changes = {}, by = system) =>
      queued(async (loaded) => {
        const { raw, workflow } = getItem(loaded, id)
        const name = changes.name ?? `${workflow.name} (copy)`.slice(0, 500)
        const copy = switchedOff({ ...workflow, name, path: changes.path ?? workflow.path ?? '' })
        const valid = validateInput(copy)
        const copyId = freeId(loaded, valid.name)
        const { alias: _own, ...rest } = raw
        return put(loaded, copyId, toStored({ ...rest, id: copyId }, copyId, valid, clock.now(), loaded.names), by)
      }),

    saveAll: (plan, by = system) =>
      queued(async (loaded) => {
        const planned = plan(loaded.items.map((item) => item.workflow))
        const ids = new Map<string, string>()
        for (const { key, id, input } of planned) {
          ids.set(key, id ?? freeId(loaded, input.name, new Set(ids.values())))
        }
        const changed = new Map<string, JsonObject>()
        for (const { key, input } of planned) {
          const id = ids.get(key) ?? ''
          const { onSuccess } = input
          const target =
            onSuccess == null
              ? onSuccess
              : { ...onSuccess, workflowId: ids.get(onSuccess.workflowId) ?? onSuccess.workflowId }
          const valid = validateInput({ ...input, ...(target === undefined ? {} : { onSuccess: target }) })
          const before = findItem(loaded, id)?.raw ?? { id }
          changed.set(id, toStored(before, id, valid, clock.now(), loaded.names))
        }
        if (changed.size > 0) await save(loaded, { put: changed }, by)
        return ids
      }),

    move: (id, path, by = system) =>
      queued(async (loaded) => {
        const { raw, workflow } = getItem(loaded, id)
        if (path !== '') assertPath(path)
        if (path === (workflow.path ?? '')) return workflow
        const stored = toStored(raw, workflow.id, { ...workflow, path }, clock.now(), loaded.names)
        return put(loaded, workflow.id, stored, by)
      }),

    folders: () => queued(async (loaded) => treeOf(loaded)),

    createFolder: (path) =>
      queued(async (loaded) => {
        assertPath(path)
        if (treeOf(loaded).some((folder) => folder.path === path)) return getFolder(loaded, path)
        return getFolder(await save(loaded, { kept: [...keptOf(loaded), path] }, system), path)
      }),

    moveFolder: (path, newPath, by = system) =>
      queued(async (loaded) => {
        assertMove(treeOf(loaded), path, newPath)
        if (path === newPath) return getFolder(loaded, path)
        const kept = [...keptOf(loaded).map((folder) => movedPath(folder, path, newPath)), newPath, parentOf(path)]
        return getFolder(await save(loaded, { put: moved(loaded, path, newPath), kept }, by), newPath)
      }),

    deleteFolder: (path, by = system) =>
      queued(async (loaded) => {
        assertPath(path)
        assertFolder(treeOf(loaded), path)
        const parent = parentOf(path)
        const put = moved(loaded, path, parent)
        const kept = [...keptOf(loaded).map((folder) => movedPath(folder, path, parent)), parent]
        await save(loaded, { put, kept }, by)
        return { moved: put.size }
      }),
  }
}

const system: Actor = { kind: 'system' }

/** Two workflows that fire at the same moment are not what a copy is made for. */
function switchedOff(workflow: Workflow): Workflow {
  const { schedule, onSuccess } = workflow
  return {
    ...workflow,
    ...(schedule == null ? {} : { schedule: { ...schedule, enabled: false } }),
    ...(onSuccess == null ? {} : { onSuccess: { ...onSuccess, enabled: false } }),
  }
}
