// Saves of several files that are all there or not at all. New contents are staged and made durable; a
// journal that names them is the moment of truth; then each is renamed into place, which needs no space
// any more; then the journal goes. Whoever opens the folder next and finds a journal finishes it.

import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import { z } from 'zod'

/** `null` removes the file. */
export interface FileChange {
  readonly path: string
  readonly text: string | null
}

/** The store's files: replaced whole and synced. */
export interface Files {
  writeFileAtomic(path: string, text: string | Uint8Array, options?: { mode?: number }): Promise<void>
  readTextIfExists(path: string): Promise<string | undefined>
  syncFolder(folder: string): Promise<void>
}

export const journalName = 'configs.journal.json'
const stageName = '.configs.staged'

/** Only what this room owns: a journal that someone tampered with cannot write anywhere else. */
const OwnPath = z
  .string()
  .regex(/^(configs\.json(\.bak)?|prompts\/(\.trash\/[a-z0-9_-]+\/)?[a-z0-9_-]+\.(md|json))$/, 'a file of this folder')
/** `staged` is the number of the staged file; null removes `path`. */
const Journal = z.object({ changes: z.array(z.object({ path: OwnPath, staged: z.int().nullable() })) })
type Journal = z.infer<typeof Journal>

export interface Journaled {
  /**
   * Returns when all changes are durable. When it throws, none was made, or `recover` will make all.
   */
  save(changes: readonly FileChange[]): Promise<void>
  /** Finishes a save that was cut off after its moment of truth. @throws `corrupt_data` when its journal cannot be read */
  recover(): Promise<void>
}

export function createJournaled(folder: string, files: Files): Journaled {
  const journal = join(folder, journalName)
  const stage = join(folder, stageName)
  const stagedFile = (number: number): string => join(stage, String(number))

  async function apply({ changes }: Journal): Promise<void> {
    const folders = new Set<string>()
    for (const { path, staged } of changes) {
      const full = join(folder, path)
      folders.add(dirname(full))
      await mkdir(dirname(full), { recursive: true, mode: 0o700 })
      if (staged === null) await rm(full, { force: true })
      else await renameIfThere(stagedFile(staged), full)
    }
    // The journal may go only when what it promises would survive a power cut.
    for (const changed of [...folders, folder]) await files.syncFolder(changed)
    await rm(journal, { force: true })
  }

  return {
    async save(changes) {
      await rm(stage, { recursive: true, force: true })
      await mkdir(stage, { recursive: true, mode: 0o700 })
      const entries: Journal['changes'] = []
      for (const [number, { path, text }] of changes.entries()) {
        entries.push({ path: OwnPath.parse(path), staged: text === null ? null : number })
        if (text !== null) await files.writeFileAtomic(stagedFile(number), text, { mode: 0o600 })
      }
      await files.syncFolder(folder)
      await files.writeFileAtomic(journal, JSON.stringify({ changes: entries }), { mode: 0o600 })
      await apply({ changes: entries })
    },

    async recover() {
      const text = await files.readTextIfExists(journal)
      if (text === undefined) return
      const parsed = Journal.safeParse(parseOrUndefined(text))
      if (!parsed.success) {
        throw new MaestroError(
          'corrupt_data',
          `${journal} cannot be read, so the save it belongs to cannot be finished`,
          {
            hint: `look at the contents in ${stage}, then remove ${journal}`,
          },
        )
      }
      await apply(parsed.data)
    },
  }
}

/** What is not staged any more is in place already. */
async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'ENOENT') throw error
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
