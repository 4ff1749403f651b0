// Makes the first database. initdb needs about 580 MB for a moment, so it runs in a child process whose
// memory goes away with it, in a folder beside the final one: `pg` exists only when it is complete.

import { spawn } from 'node:child_process'
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MaestroError, isNodeError } from '#src/core/index.ts'
import { syncFolder } from './atomic-file.ts'

const child = fileURLToPath(new URL('./initdb-child.ts', import.meta.url))

/** @throws `internal` with what initdb said; `storage_full` */
export async function initialise(folder: string): Promise<void> {
  const parent = dirname(folder)
  const prefix = `${basename(folder)}.new-`
  // What a start that was killed here has left behind.
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true })
  }
  const fresh = join(parent, `${prefix}${process.pid}`)
  try {
    await mkdir(fresh, { mode: 0o700 })
    await runChild(fresh)
    await syncTree(fresh)
    await rmdir(folder).catch(ignoreMissing)
    await rename(fresh, folder)
    await syncFolder(parent)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function runChild(folder: string): Promise<void> {
  const started = spawn(process.execPath, ['--liftoff-only', child, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1' },
  })
  let said = ''
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  const { promise, resolve, reject } = Promise.withResolvers<number | NodeJS.Signals>()
  started.on('error', reject).on('close', (code, signal) => {
    resolve(code ?? signal ?? 1)
  })
  const end = await promise
  if (end === 0) return
  const code = /ENOSPC|No space left/.test(said) ? 'storage_full' : 'internal'
  throw new MaestroError(
    code,
    `the first database could not be made in ${folder} (${end}): ${said.trim() || 'no message'}`,
    {
      hint: 'it needs about 50 MB on disk and 600 MB of memory for a moment',
    },
  )
}

/** A power cut after the first acknowledged row must not find half a database under it. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const syncs = entries.map((entry) => async () => {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) return syncFolder(path)
    await using file = await open(path, 'r+')
    await file.sync()
  })
  // Side by side, so that the disk can take many in one go.
  while (syncs.length > 0) await Promise.all(syncs.splice(0, 64).map((sync) => sync()))
  await syncFolder(folder)
}

function ignoreMissing(error: unknown): void {
  if (!isNodeError(error) || error.code !== 'ENOENT') throw error
}
