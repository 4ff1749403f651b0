// Plain copies of the database folder, made before its schema changes. The copy is taken while nothing
// runs, straight after a checkpoint, so opening it is like opening after a crash: safe.

import { cp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MaestroError, isNodeError } from '#src/core/index.ts'
import { createFolder, syncFolder } from './atomic-file.ts'

const keep = 3
const prefix = 'pg-'

const copiesFolder = (dataDir: string): string => join(dataDir, 'backups')

/**
 * Copies `folder` to `backups/pg-<time>` and keeps the newest three.
 * @throws `storage_full` before anything is written when the copy would not leave `reserveBytes` free
 */
export async function copyDatabase(options: {
  folder: string
  dataDir: string
  nowMs: number
  freeBytes: number
  reserveBytes: number
}): Promise<string> {
  const size = await sizeOf(options.folder)
  if (size + options.reserveBytes > options.freeBytes) {
    throw new MaestroError(
      'storage_full',
      `the copy of the database before its update needs ${megabytes(size)} MB beside the reserve of ${megabytes(options.reserveBytes)} MB, but only ${megabytes(options.freeBytes)} MB are free`,
      { hint: `free some space on the disk of ${options.dataDir}, or delete old folders in its backups/` },
    )
  }
  const home = copiesFolder(options.dataDir)
  await createFolder(home)
  const target = join(home, `${prefix}${new Date(options.nowMs).toISOString().replaceAll(':', '-')}`)
  const partial = `${target}.partial`
  await cp(options.folder, partial, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => basename(path) !== 'postmaster.pid',
  })
  await rename(partial, target)
  await syncFolder(home)
  await prune(home)
  return target
}

/** The newest complete copy, if any. */
export async function newestCopy(dataDir: string): Promise<string | undefined> {
  const [newest] = await list(copiesFolder(dataDir))
  return newest === undefined ? undefined : join(copiesFolder(dataDir), newest)
}

async function prune(home: string): Promise<void> {
  const names = await readdir(home)
  const old = (await list(home)).slice(keep)
  const cutOff = names.filter((name) => name.startsWith(prefix) && name.endsWith('.partial'))
  for (const name of [...old, ...cutOff]) await rm(join(home, name), { recursive: true, force: true })
}

/** Names of complete copies, newest first. */
async function list(home: string): Promise<string[]> {
  try {
    const names = await readdir(home)
    return names
      .filter((name) => name.startsWith(prefix) && !name.endsWith('.partial'))
      .toSorted()
      .toReversed()
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return []
    throw error
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  let bytes = 0
  for (const entry of entries) if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
