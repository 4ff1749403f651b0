// One process owns a data folder. The lock is an exclusive SQLite transaction on owner.lock, held for the
// life of the process: the kernel drops it with the process, however that dies, so there is nothing stale to
// judge. Nothing is ever written in it. Opening and closing owner.lock by other means in the owning process
// would drop the kernel's lock (POSIX), so nobody else may touch that file.

import { open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { folderError, isNodeError, MaestroError, systemClock, type Clock } from '#src/core/index.ts'
import { createFolder, readTextIfExists, writeFileAtomic } from './atomic-file.ts'
import { findNetworkFileSystem } from './network-fs.ts'

/** How to reach the owner. Written once it can be reached; stale after a crash until the next owner. */
export const OwnerInfo = z.object({
  pid: z.int(),
  /** Of the HTTP server; null until it listens. */
  url: z.string().nullable(),
  /** Path of the Unix socket; null until it listens. */
  socket: z.string().nullable(),
  startedAt: z.int(),
})
export type OwnerInfo = z.infer<typeof OwnerInfo>

export interface OwnerLock extends AsyncDisposable {
  /** Tells others where this owner can be reached. */
  announce(where: { url: string | null; socket: string | null }): Promise<void>
}

/**
 * How long to try. SQLite's locks are taken in steps, so two that start together may both have to step back; and
 * a process that was killed keeps its lock until the kernel has cleared it away, which takes a while on a busy machine.
 */
const patienceMs = 1_000

/**
 * Becomes the owner of the data folder until disposed.
 * @throws `conflict` with the owner's info in `details.owner` when there is one; `unsupported` on a network file system
 */
export async function acquireOwnerLock(dataDir: string, clock: Clock = systemClock): Promise<OwnerLock> {
  await createFolder(dataDir)
  const network = await findNetworkFileSystem(dataDir)
  if (network !== undefined) {
    throw new MaestroError(
      'unsupported',
      `the data folder ${dataDir} is on a network file system (${network}), whose locks cannot be trusted; it must be on a local disk`,
      {
        hint: 'set MAESTRO_DATA_DIR to a local folder; to share work between machines, set DATABASE_URL',
      },
    )
  }
  const release = await lock(join(dataDir, 'owner.lock'), dataDir, clock)
  const path = infoPath(dataDir)
  const startedAt = clock.now()
  const announce = async (where: { url: string | null; socket: string | null }) => {
    const info: OwnerInfo = { pid: process.pid, ...where, startedAt }
    await writeFileAtomic(path, `${JSON.stringify(info)}\n`, { mode: 0o600 })
  }
  try {
    await announce({ url: null, socket: null })
  } catch (error) {
    release()
    throw error
  }
  return {
    announce,
    async [Symbol.asyncDispose]() {
      // While the lock is held: later the file may be the next owner's.
      await rm(path, { force: true })
      release()
    },
  }
}

/** What the last owner said of itself. It may be gone by now: only reaching it proves that it lives. */
export async function readOwner(dataDir: string): Promise<OwnerInfo | undefined> {
  const text = await readTextIfExists(infoPath(dataDir))
  if (text === undefined) return undefined
  try {
    return OwnerInfo.parse(JSON.parse(text))
  } catch {
    // It is only a hint; a damaged one is as good as none.
    return undefined
  }
}

const infoPath = (dataDir: string): string => join(dataDir, 'owner.json')

async function lock(path: string, dataDir: string, clock: Clock): Promise<() => void> {
  await makePrivate(path)
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const database = new DatabaseSync(path, { timeout: 0 })
    try {
      database.exec('begin exclusive')
      return () => {
        database.close()
      }
    } catch (error) {
      database.close()
      if (!isBusy(error)) throw unusable(path, error)
      if (performance.now() >= giveUpAt) throw await owned(dataDir)
    }
    await clock.sleep(10 + Math.random() * 50)
  }
}

/** SQLite would make it readable to all, and whoever can read it can keep it locked. Never opened when it is there. */
async function makePrivate(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close()
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'EEXIST') throw folderError(dirname(path), error)
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 261)
}

function unusable(path: string, cause: unknown): MaestroError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new MaestroError('corrupt_data', `the lock file ${path} cannot be used: ${reason}`, {
    hint: 'when no Maestro runs on this folder, delete that file: it holds nothing',
    cause,
  })
}

async function owned(dataDir: string): Promise<MaestroError> {
  const owner = await readOwner(dataDir)
  const who =
    owner === undefined
      ? 'another Maestro process'
      : `the Maestro with process id ${owner.pid}${owner.url === null ? '' : ` at ${owner.url}`}`
  return new MaestroError('conflict', `the data folder ${dataDir} is in use by ${who}; only one process can own it`, {
    hint: 'use that one, stop it, or set MAESTRO_DATA_DIR to another folder',
    details: { owner: owner ?? null },
  })
}
