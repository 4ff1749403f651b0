// A data folder as a thief would go through it: every file's bytes, every mode.

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files below a folder whose bytes hold the text. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    if (bytes.includes(text)) found.push(path.slice(folder.length + 1))
  }
  return found
}

/** Path and mode of everything in a data folder. */
export async function modesIn(folder: string): Promise<[string, number][]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  // Inside the database only its folder counts: nobody else can enter it.
  const outside = entries.filter((entry) => !join(entry.parentPath, entry.name).includes('/pg/'))
  const paths = [folder, ...outside.map((entry) => join(entry.parentPath, entry.name))]
  return Promise.all(paths.map(async (path): Promise<[string, number]> => [path, (await stat(path)).mode & 0o777]))
}
