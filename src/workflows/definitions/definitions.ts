// The verbs on workflows as people edit them. Owns configs.json and prompts/; leaves runs, schedules and
// triggers to others, whose fields it carries along untouched. Calls are queued: each sees the last one's
// result, and hand edits made in between.

import { type Clock, type Ids, type JsonObject, MaestroError } from '#src/core/index.ts'
import type { Workflow, WorkflowInput } from '../contract.ts'
import { createDisk, type Item, type Loaded, settled } from './disk.ts'
import { promptFile, slugOf, toStored } from './item.ts'
import type { FileChange, Files } from './journal.ts'
import { sampleId, sampleWorkflow } from './sample.ts'
import { validateInput } from './validate.ts'

/** Every call throws `corrupt_data` while configs.json cannot be read; nothing is written then. */
export interface Definitions {
  /** In the order of the file. */
  list(): Promise<Workflow[]>
  /** @throws `not_found` */
  get(id: string): Promise<Workflow>
  /** By id, or by the id that Maistro gave it where that is not safe as a name. */
  find(id: string): Promise<Workflow | undefined>
  /** @throws `invalid_input` with every problem */
  create(input: WorkflowInput): Promise<Workflow>
  /** @throws `conflict` with `details.current` when the stored version is not `ifVersion`; `not_found`; `invalid_input` */
  update(id: string, input: WorkflowInput, ifVersion?: string): Promise<Workflow>
  /** Its prompt files and stored form go to prompts/.trash. Returns what it was. @throws `not_found` */
  delete(id: string): Promise<Workflow>
  /** A copy under a new id, with its schedule and trigger switched off. @throws `not_found` */
  duplicate(id: string, name?: string): Promise<Workflow>
}

export interface DefinitionsDeps {
  readonly dataDir: string
  readonly clock: Clock
  readonly ids: Ids
  readonly files: Files
}

export function createDefinitions({ dataDir, clock, ids, files }: DefinitionsDeps): Definitions {
  const disk = createDisk({ dataDir, clock, files })
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other; a failure is its caller's alone. */
  function queued<R>(work: (loaded: Loaded) => Promise<R>): Promise<R> {
    const run = async (): Promise<R> => {
      if (await disk.isNew()) await createSample()
      return work(await disk.load())
    }
    const result = last.then(run, run)
    last = result.catch(() => undefined)
    return result
  }

  async function createSample(): Promise<void> {
    const raw = toStored({ id: sampleId }, sampleId, sampleWorkflow, clock.now())
    await disk.save(await disk.load(), { sampleCreated: true }, [{ alias: sampleId, raw }])
  }

  const has = (item: Item, id: string): boolean => item.workflow.id === id
  const findItem = (loaded: Loaded, id: string): Item | undefined =>
    loaded.items.find((item) => has(item, id)) ?? loaded.items.find((item) => item.raw['id'] === id)

  function getItem(loaded: Loaded, id: string): Item {
    const item = findItem(loaded, id)
    if (item !== undefined) return item
    throw new MaestroError('not_found', `there is no workflow "${id}"`, { hint: 'list the workflows to see their ids' })
  }

  function freeId(loaded: Loaded, name: string): string {
    const base = slugOf(name).slice(0, 48) || 'workflow'
    for (let tries = 0; tries < 100; tries++) {
      const id = `${base}-${ids('workflow').slice(-5)}`
      if (findItem(loaded, id) === undefined) return id
    }
    throw new MaestroError('internal', `no free id was found for a workflow named "${name}"`)
  }

  /** Saves all items with `changed` in place of the one of its id, or at the end. Returns what is stored now. */
  async function put(loaded: Loaded, alias: string, changed: JsonObject): Promise<Workflow> {
    const isNewItem = !loaded.items.some((item) => has(item, alias))
    const items = loaded.items.map((item) => (has(item, alias) ? { alias, raw: changed } : settled(item)))
    await disk.save(loaded, loaded.document.top, isNewItem ? [...items, { alias, raw: changed }] : items)
    return getItem(await disk.load(), alias).workflow
  }

  return {
    list: () => queued(async ({ items }) => items.map((item) => item.workflow)),
    get: (id) => queued(async (loaded) => getItem(loaded, id).workflow),
    find: (id) => queued(async (loaded) => findItem(loaded, id)?.workflow),

    create: (input) =>
      queued(async (loaded) => {
        const valid = validateInput(input)
        const id = freeId(loaded, valid.name)
        return put(loaded, id, toStored({ id }, id, valid, clock.now()))
      }),

    update: (id, input, ifVersion) =>
      queued(async (loaded) => {
        const { raw, workflow } = getItem(loaded, id)
        const valid = validateInput(input)
        if (ifVersion !== undefined && ifVersion !== workflow.version) {
          const message = `workflow "${workflow.id}" has changed: it is at version ${workflow.version}, the edit began from ${ifVersion}`
          throw new MaestroError('conflict', message, {
            hint: 'compare with the stored one, then save again with its version',
            details: { current: workflow },
          })
        }
        return put(loaded, workflow.id, toStored(raw, workflow.id, valid, clock.now()))
      }),

    delete: (id) =>
      queued(async (loaded) => {
        const item = getItem(loaded, id)
        const alias = item.workflow.id
        const trash = `prompts/.trash/${alias}-${clock.now()}`
        const moved = item.workflow.steps.flatMap((step, index): FileChange[] => [
          { path: `${trash}/${alias}_prompt_${index}.md`, text: step.text },
          ...(item.fileTexts[index] === undefined ? [] : [{ path: promptFile(alias, index), text: null }]),
        ])
        const stored = { path: `${trash}/${alias}.json`, text: `${JSON.stringify(settled(item).raw, null, 2)}\n` }
        const rest = loaded.items.filter((other) => other !== item).map(settled)
        await disk.save(loaded, loaded.document.top, rest, [...moved, stored])
        return item.workflow
      }),

    duplicate: (id, name) =>
      queued(async (loaded) => {
        const { raw, workflow } = getItem(loaded, id)
        const valid = validateInput({ ...workflow, name: name ?? `${workflow.name} (copy)` })
        const copyId = freeId(loaded, valid.name)
        return put(loaded, copyId, toStored(switchedOff({ ...raw, id: copyId }), copyId, valid, clock.now()))
      }),
  }
}

/** Two workflows that fire at the same moment are not what a copy is made for. */
function switchedOff(raw: JsonObject): JsonObject {
  const off = (field: string): JsonObject => {
    const value = raw[field]
    return typeof value === 'object' && value !== null ? { [field]: { ...value, enabled: false } } : {}
  }
  return { ...raw, ...off('schedule'), ...off('trigger') }
}
