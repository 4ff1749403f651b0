// The definitions of one data folder behind a queue: each call sees the last one's result and the hand edits
// made in between, and every state that comes to be is told to the history. Saves what verbs change, and keeps
// what they do not.

import { type Actor, type Clock, type Ids, type JsonObject, type Log, MaestroError, slugOf } from '#src/core/index.ts'
import type { Workflow } from '../contract.ts'
import { createDisk, type Item, type Loaded, settled } from './disk.ts'
import { isWithin, normalPath, tidyKept } from './folders.ts'
import { toStored } from './item.ts'
import type { FileChange, Files } from './journal.ts'
import { sampleId, sampleWorkflow } from './sample.ts'

/** Told of every state that is on the disk, in order. */
export interface History {
  /**
   * @param all what is stored now
   * @param by who made what is new in it; null when it was found on the disk
   */
  record(all: readonly Workflow[], by: Actor | null): Promise<void>
}

export interface DefinitionsDeps {
  readonly dataDir: string
  readonly clock: Clock
  readonly ids: Ids
  readonly files: Files
  readonly log?: Log
  readonly history?: History
}

/** What one save changes, by alias. */
export interface Changes {
  readonly put?: ReadonlyMap<string, JsonObject>
  readonly remove?: ReadonlySet<string>
  readonly extra?: readonly FileChange[]
  /** Folders that are there though empty. */
  readonly kept?: Iterable<string>
}

export interface Shelf {
  /** One after the other; a failure is its caller's alone. */
  queued<R>(work: (loaded: Loaded) => Promise<R>): Promise<R>
  /** What is not changed stays, and a folder that this empties stays too. Returns what is stored now. */
  save(loaded: Loaded, changes: Changes, by: Actor): Promise<Loaded>
  /** `save` of one workflow. */
  put(loaded: Loaded, alias: string, raw: JsonObject, by: Actor): Promise<Workflow>
  /** @param taken ids that are not free either */
  freeId(loaded: Loaded, name: string, taken?: ReadonlySet<string>): string
}

export function createShelf(deps: DefinitionsDeps): Shelf {
  const { clock, ids } = deps
  const disk = createDisk(deps)
  let last: Promise<unknown> = Promise.resolve()
  let recorded: Loaded | undefined

  function queued<R>(work: (loaded: Loaded) => Promise<R>): Promise<R> {
    const run = async (): Promise<R> => {
      if (await disk.isNew()) await createSample()
      const loaded = await disk.load()
      await record(loaded, null)
      return work(loaded)
    }
    const result = last.then(run, run)
    last = result.catch(() => undefined)
    return result
  }

  /** A history that cannot be written now holds nobody up: the next call tells it again. */
  async function record(loaded: Loaded, by: Actor | null): Promise<void> {
    if (recorded === loaded || deps.history === undefined) return
    try {
      await deps.history.record(
        loaded.items.map((item) => item.workflow),
        by,
      )
      recorded = loaded
    } catch (error) {
      deps.log?.warn({ error }, 'could not record a version of the workflows; it is tried again')
    }
  }

  async function createSample(): Promise<void> {
    const raw = toStored({ id: sampleId }, sampleId, sampleWorkflow, clock.now())
    await disk.save(await disk.load(), { sampleCreated: true }, [{ alias: sampleId, raw }])
  }

  function freeId(loaded: Loaded, name: string, taken: ReadonlySet<string> = new Set()): string {
    const base = slugOf(name).slice(0, 48) || 'workflow'
    for (let tries = 0; tries < 100; tries++) {
      const id = `${base}-${ids('workflow').slice(-5)}`
      if (!taken.has(id) && findItem(loaded, id) === undefined) return id
    }
    throw new MaestroError('internal', `no free id was found for a workflow named "${name}"`)
  }

  async function save(loaded: Loaded, changes: Changes, by: Actor): Promise<Loaded> {
    const { put = new Map<string, JsonObject>(), remove = new Set<string>(), extra = [] } = changes
    const items = loaded.items
      .filter(({ workflow }) => !remove.has(workflow.id))
      .map((item) => {
        const raw = put.get(item.workflow.id)
        return raw === undefined ? settled(item, loaded.names) : { alias: item.workflow.id, raw }
      })
    const added = [...put].filter(([alias]) => !loaded.items.some((item) => item.workflow.id === alias))
    const before = changes.kept ?? [...keptOf(loaded), ...loaded.items.map((item) => item.workflow.path ?? '')]
    const { folders: _replaced, ...top } = loaded.document.top
    const all = [...items, ...added.map(([alias, raw]) => ({ alias, raw }))]
    const inUse = [...new Set(all.map(({ raw }) => normalPath(raw['path'])))]
    const kept = tidyKept(before).filter((folder) => !inUse.some((path) => isWithin(path, folder)))
    await disk.save(loaded, kept.length === 0 ? top : { ...top, folders: kept }, all, extra)
    const after = await disk.load()
    await record(after, by)
    return after
  }

  async function put(loaded: Loaded, alias: string, raw: JsonObject, by: Actor): Promise<Workflow> {
    return getItem(await save(loaded, { put: new Map([[alias, raw]]) }, by), alias).workflow
  }

  return { queued, save, put, freeId }
}

/** By its safe name, else by the id that Maistro gave it. */
export const findItem = (loaded: Loaded, id: string): Item | undefined =>
  loaded.items.find((item) => item.workflow.id === id) ?? loaded.items.find((item) => item.raw['id'] === id)

/** @throws `not_found` */
export function getItem(loaded: Loaded, id: string): Item {
  const item = findItem(loaded, id)
  if (item !== undefined) return item
  throw new MaestroError('not_found', `there is no workflow "${id}"`, { hint: 'list the workflows to see their ids' })
}

/** Folders that somebody made and that hold nothing. A file edited by hand may hold anything there. */
export function keptOf({ document }: Loaded): string[] {
  const { folders } = document.top
  return Array.isArray(folders) ? tidyKept(folders.filter((folder) => typeof folder === 'string')) : []
}
