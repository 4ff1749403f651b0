// The definitions as they stand in the data folder now: configs.json, its .bak, the prompt files. Reads
// again only what changed (identity by inode, size and time), so a hand edit is seen at the next call.
// Decides nothing about workflows. One caller at a time: definitions.ts queues them.

import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aliasesOf, type Clock, isNodeError, type JsonObject, MaestroError } from '#src/core/index.ts'
import type { Workflow } from '../contract.ts'
import { emptyDocument, formatDocument, parseDocument, type StoredDocument } from './document.ts'
import { currentText, type Names, namesOf, promptFile, promptsOf, sha256, toStored, toWorkflow } from './item.ts'
import { createJournaled, type FileChange, type Files } from './journal.ts'

export interface Item {
  readonly raw: JsonObject
  readonly workflow: Workflow
  /** What the prompt files hold; undefined where there is none. */
  readonly fileTexts: readonly (string | undefined)[]
}

export interface Loaded {
  readonly document: StoredDocument
  readonly items: readonly Item[]
  readonly names: Names
}

export interface Disk {
  /** @throws `corrupt_data` naming file, line and column; `unsupported` */
  load(): Promise<Loaded>
  /** Was there nothing at all when we came? */
  isNew(): Promise<boolean>
  /**
   * Makes these items (stored form, under their aliases) the content, all files at once.
   * @param extra further files of the same save
   */
  save(
    before: Loaded,
    top: JsonObject,
    items: readonly { alias: string; raw: JsonObject }[],
    extra?: readonly FileChange[],
  ): Promise<void>
}

interface CachedPrompt {
  readonly identity: string
  readonly text: string
  readonly sha256: string
}

export function createDisk({ dataDir, clock, files }: { dataDir: string; clock: Clock; files: Files }): Disk {
  const file = join(dataDir, 'configs.json')
  const backup = `${file}.bak`
  const journaled = createJournaled(dataDir, files)
  const prompts = new Map<string, CachedPrompt>()
  /** Is a journal known not to be there? */
  let isRecovered = false
  let read: { identity: string; document: StoredDocument; mtimeMs: number } | undefined
  let loaded: { key: string; value: Loaded } | undefined

  async function recoverOnce(): Promise<void> {
    if (isRecovered) return
    await journaled.recover()
    isRecovered = true
  }

  async function readDocument(): Promise<{ identity: string; document: StoredDocument; mtimeMs: number }> {
    const status = statIfExists(file)
    if (status === undefined) {
      if (statIfExists(backup) === undefined) return { identity: '', document: emptyDocument, mtimeMs: clock.now() }
      throw new MaestroError('corrupt_data', `${file} is missing, but its last good copy ${backup} is there`, {
        hint: `restore it: cp '${backup}' '${file}'; to begin anew, remove the copy`,
      })
    }
    if (read?.identity === status.identity) return read
    const text = await readFile(file, 'utf8')
    const document = await explained(() => parseDocument(text, file))
    await keepGoodCopy(text)
    read = { ...status, document }
    return read
  }

  /** Adds to a refusal what to do about it. */
  async function explained<R>(work: () => R): Promise<R> {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof MaestroError) || error.code !== 'corrupt_data') throw error
      const hasBackup = statIfExists(backup) !== undefined
      throw new MaestroError(
        'corrupt_data',
        `${error.message}. The file is kept as it is and nothing is written until it is mended`,
        {
          hint: hasBackup
            ? `mend the file, or restore the last good copy: cp '${backup}' '${file}'`
            : 'mend the file by hand',
          ...(error.issues === undefined ? {} : { issues: error.issues }),
          ...(error.details === undefined ? {} : { details: error.details }),
          cause: error,
        },
      )
    }
  }

  /** A hand edit that reads well is the last good content from now on. */
  async function keepGoodCopy(text: string): Promise<void> {
    try {
      if ((await files.readTextIfExists(backup)) !== text) await files.writeFileAtomic(backup, text, { mode: 0o600 })
    } catch (error) {
      // Reading must work on a disk that is full or read-only; a save there fails by itself, and says so.
      if (!isNodeError(error) || !['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'].includes(error.code ?? ''))
        throw error
    }
  }

  async function readPrompt(path: string): Promise<CachedPrompt | undefined> {
    const status = statIfExists(join(dataDir, path))
    if (status === undefined) return undefined
    const known = prompts.get(path)
    if (known?.identity === status.identity) return known
    const text = await readFile(join(dataDir, path), 'utf8')
    const fresh = { identity: status.identity, text, sha256: sha256(text) }
    prompts.set(path, fresh)
    return fresh
  }

  return {
    async isNew() {
      await recoverOnce()
      return [file, backup, join(dataDir, 'prompts')].every((path) => statIfExists(path) === undefined)
    },

    async load() {
      await recoverOnce()
      const { document, identity, mtimeMs } = await readDocument()
      const aliases = aliasesOf(document.items, 'workflow')
      const texts = await Promise.all(
        document.items.map((raw, at) =>
          Promise.all(promptsOf(raw).map((_, index) => readPrompt(promptFile(aliases[at] ?? '', index)))),
        ),
      )
      const key = JSON.stringify([identity, texts.map((list) => list.map((prompt) => prompt?.identity))])
      if (loaded?.key === key) return loaded.value
      const names = namesOf(document.items, aliases)
      const items = await explained(() =>
        document.items.map((raw, at): Item => {
          const found = texts[at] ?? []
          const current = promptsOf(raw).map((prompt, index) => currentText(prompt, found[index]))
          return {
            raw,
            workflow: toWorkflow(raw, aliases[at] ?? '', current, Math.round(mtimeMs), names),
            fileTexts: found.map((prompt) => prompt?.text),
          }
        }),
      )
      loaded = { key, value: { document, items, names } }
      return loaded.value
    },

    async save(before, top, items, extra = []) {
      if (before.document.schemaVersion === 0) {
        const stamp = new Date(clock.now()).toISOString().replace(/[-:]/g, '').replace('.', '-')
        await files.writeFileAtomic(`${file}.v0-${stamp}.bak`, await readFile(file), { mode: 0o600 })
      }
      const fileTextsOf = new Map(before.items.map((item) => [item.workflow.id, item.fileTexts]))
      const changes: FileChange[] = []
      for (const { alias, raw } of items) {
        const known = fileTextsOf.get(alias) ?? []
        const texts = promptsOf(raw).map((prompt) => prompt.text)
        for (const [index, text] of texts.entries()) {
          if (known[index] !== text) changes.push({ path: promptFile(alias, index), text })
        }
        for (let index = texts.length; index < known.length; index++) {
          if (known[index] !== undefined) changes.push({ path: promptFile(alias, index), text: null })
        }
      }
      const text = formatDocument({ top, items: items.map((item) => item.raw) })
      // Until it has returned, its journal may be there: the next call looks, and finishes it.
      isRecovered = false
      await journaled.save([...changes, ...extra, { path: 'configs.json.bak', text }, { path: 'configs.json', text }])
      isRecovered = true
    },
  }
}

/** Synchronous: by way of the thread pool, the prompt files of 1,000 workflows take three times as long. */
function statIfExists(path: string): { identity: string; mtimeMs: number } | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (found === undefined) return undefined
  return { identity: `${found.ino}:${found.size}:${found.mtimeNs}`, mtimeMs: Number(found.mtimeMs) }
}

/** The stored form of an item as it stands, with pending edits of its prompt files taken in. */
export function settled(item: Item, names: Names): { alias: string; raw: JsonObject } {
  const { workflow } = item
  return { alias: workflow.id, raw: toStored(item.raw, workflow.id, workflow, workflow.updatedAt, names) }
}
