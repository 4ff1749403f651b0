// Opens the embedded database with every guard it needs. PGlite itself runs with fsync off, leaves a
// postmaster.pid that can make a later start impossible, and would run initdb over a folder it cannot read.
// The owner lock (owner-lock.ts) must be held: two processes on one folder lose each other's rows.

import fs from 'node:fs'
import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { MaestroError, isNodeError } from '#src/core/index.ts'
import { createFolder } from './atomic-file.ts'
import { newestCopy } from './copies.ts'
import { initialise } from './initialise.ts'

/** The PostgreSQL inside the pinned PGlite: a folder of another major cannot be opened by it. */
const pgliteMajor = '18'

export const pgFolder = (dataDir: string): string => join(dataDir, 'pg')

/** 8 MB of buffers keep the process at about 130 MB; the data sets here are small. */
const settings = ['fsync=on', 'wal_sync_method=fsync', 'shared_buffers=8MB', 'full_page_writes=on']

/** Numbers as numbers: counts and milliseconds since the epoch are far below 2^53. */
const parsers: NonNullable<PGliteOptions['parsers']> = { 20: Number }

export function pgliteOptions(): PGliteOptions {
  // -F would switch fsync off, whatever the settings say.
  const startParams = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F')
  return { startParams: [...startParams, ...settings.flatMap((setting) => ['-c', setting])], parsers }
}

export interface PgliteHooks {
  readonly fsync?: (fd: number) => void
  /**
   * The database's log cannot be written or synced. A server would end itself here (PANIC) and recover at its
   * next start; inside this process the next query would spin for ever. So whoever opens it ends the process.
   */
  readonly onBroken?: (error: unknown) => void
}

/**
 * Opens (or first makes) the database in `<dataDir>/pg`.
 * @throws `corrupt_data` when the folder cannot be read (it is left as it is), `unsupported` for another major
 */
export async function openPglite(dataDir: string, hooks: PgliteHooks = {}): Promise<PGlite> {
  const folder = pgFolder(dataDir)
  await createFolder(dataDir)
  if (await isAbsent(folder)) await initialise(folder)
  await checkVersion(folder, dataDir)
  // A start that was killed can leave this file empty, and then PostgreSQL refuses every later start.
  await rm(join(folder, 'postmaster.pid'), { force: true })
  try {
    return await PGlite.create({ ...pgliteOptions(), fs: new SyncedNodeFs(folder, hooks) })
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOSPC' || error.code === 'EACCES')) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw await corrupt(folder, dataDir, `PostgreSQL cannot start on it (${reason})`, error)
  }
}

/** Only a missing or an empty folder may be filled; whatever else is there is somebody's data. */
async function isAbsent(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return true
    if (isNodeError(error) && error.code === 'ENOTDIR') return false
    throw error
  }
}

async function checkVersion(folder: string, dataDir: string): Promise<void> {
  let version: string
  try {
    version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    throw await corrupt(folder, dataDir, 'its PG_VERSION file cannot be read', error)
  }
  if (version === pgliteMajor) return
  if (!/^\d+$/.test(version))
    throw await corrupt(folder, dataDir, `its PG_VERSION says ${JSON.stringify(version.slice(0, 40))}`, undefined)
  throw new MaestroError(
    'unsupported',
    `the database in ${folder} is from PostgreSQL ${version}; this Maestro has PostgreSQL ${pgliteMajor} inside`,
    {
      hint: 'start the Maestro version that wrote it and move the data to a PostgreSQL server (DATABASE_URL) before updating',
    },
  )
}

async function corrupt(folder: string, dataDir: string, what: string, cause: unknown): Promise<MaestroError> {
  const copy = await newestCopy(dataDir)
  return new MaestroError('corrupt_data', `the database folder ${folder} is damaged: ${what}. It was left as it is`, {
    hint:
      copy === undefined
        ? `move ${folder} away to start with an empty database, and keep it for a repair`
        : `move ${folder} away, then copy ${copy} (the newest copy) to ${folder}`,
    details: { folder, copy: copy ?? null },
    cause,
  })
}

/** The parts of Emscripten's file system that are used here; its own types do not name them. */
interface EmscriptenFs {
  ErrnoError: new (errno: number) => Error
  filesystems: {
    NODEFS: { stream_ops: StreamOps; convertNodeCode(error: unknown): number }
  }
}

interface StreamOps {
  fsync?: (stream: { nfd?: number }) => number
  write(stream: { path?: string }, ...rest: unknown[]): number
}

/** PGlite's folder on disk, with the fsync it lacks: hooked before PostgreSQL starts, so recovery syncs too. */
class SyncedNodeFs extends NodeFS {
  #hooks: PgliteHooks

  constructor(folder: string, hooks: PgliteHooks) {
    super(folder)
    this.#hooks = hooks
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args)
    const { fsync = fs.fsyncSync, onBroken } = this.#hooks
    const hook = ({ FS }: { FS: EmscriptenFs }) => {
      const { NODEFS } = FS.filesystems
      NODEFS.stream_ops.fsync = ({ nfd }) => {
        if (nfd === undefined) return 0
        try {
          fsync(nfd)
          return 0
        } catch (error) {
          onBroken?.(error)
          // PostgreSQL stops at once when its log cannot be synced: nothing unsynced is ever acknowledged.
          throw new FS.ErrnoError(NODEFS.convertNodeCode(error))
        }
      }
      const { write } = NODEFS.stream_ops
      NODEFS.stream_ops.write = (stream, ...rest) => {
        try {
          return write(stream, ...rest)
        } catch (error) {
          // A table that cannot grow fails one statement; the log is what everything stands on.
          if (stream.path?.includes('/pg_wal/') === true) onBroken?.(error)
          throw error
        }
      }
    }
    const before = emscriptenOpts.preRun ?? []
    const preRun = [...(Array.isArray(before) ? before : [before]), hook]
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }
}
