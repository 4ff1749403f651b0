// What the data folder itself says: which node it is, and that it can be written no more.

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { MaestroError } from '#src/core/index.ts'
import { readTextIfExists, type Store, writeFileAtomic } from '#src/store/index.ts'
import { lastNodeOf } from '#src/tasks/index.ts'

/** An Emscripten error says its number only; a full disk is by far the likeliest, and is looked for by people first. */
export function unwritable(dataDir: string, cause: unknown): MaestroError {
  return new MaestroError(
    'storage_full',
    `the log of the database in ${dataDir} cannot be written: no space, or a failing disk`,
    {
      hint: 'free some space, then start Maestro again: nothing that was acknowledged is lost, and runs go on',
      cause,
    },
  )
}

/**
 * Names this data folder's node for ever: a restarted node finds its own work by it. When the file was lost,
 * the embedded database still knows whose it is.
 */
export async function readNodeId(store: Store): Promise<string> {
  const file = join(store.dataDir, 'node-id')
  const known = (await readTextIfExists(file))?.trim()
  if (known !== undefined && known !== '') return known
  const id = (await lastNodeOf(store)) ?? randomUUID()
  await writeFileAtomic(file, `${id}\n`, { mode: 0o600 })
  return id
}
