// Small files that are either the old text or the new one, never half of it.

import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { folderError, isNodeError } from '#src/core/index.ts'

/**
 * Writes `text` beside `path`, syncs it and renames it over `path`.
 * After it returns, the new text survives a power cut; when it throws, the old file is untouched.
 */
export async function writeFileAtomic(
  path: string,
  text: string | Uint8Array,
  options: { mode?: number } = {},
): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    {
      await using file = await open(temporary, 'wx', options.mode ?? 0o644)
      await file.writeFile(text)
      await file.sync()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

export async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Makes renames and new names in the folder durable. Where a folder cannot be synced (Windows), a no-op. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    if (!isNodeError(error) || !['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP'].includes(error.code ?? '')) throw error
  }
}

/**
 * A folder only its owner can read: it holds keys, transcripts and the database.
 * @throws `invalid_input` when something else is in its place, `forbidden` when it may not be made there
 */
export async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw folderError(path, error)
  }
}
