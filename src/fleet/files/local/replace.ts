// Writing: a temporary file in the same folder, synced, renamed over its place. Under kill -9 or a power cut the name
// holds the old content or the new one. A temporary file may be left then: `.maestro-<16 hex>.tmp`.

import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path/posix'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import { syncFolder } from '#src/store/index.ts'
import { changed, notAFile, pathError, shown } from '../file-errors.ts'
import type { Replacement, ReplaceOptions } from '../ports.ts'
import { factsOf } from './facts.ts'
import { type HeldFolder, holdFolder } from './folder.ts'

interface Previous {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

export async function replaceFile(realPath: string, options: ReplaceOptions): Promise<Replacement> {
  const folder = await holdFolder(dirname(realPath), { create: options.createFolders })
  const temporary = folder.at(`.maestro-${randomBytes(8).toString('hex')}.tmp`)
  const at = folder.at(basename(realPath))
  let handle: FileHandle
  try {
    const previous = await judge(at, realPath)
    await folder.verify()
    handle = await open(
      temporary,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o666,
    )
    try {
      await takeOver(handle, realPath, previous, options.mode)
    } catch (error) {
      await handle.close()
      await rm(temporary, { force: true })
      throw error
    }
  } catch (error) {
    await folder[Symbol.asyncDispose]()
    throw pathError(realPath, error)
  }

  let isOpen = true
  let isThere = true
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.length;) done += (await handle.write(chunk, done)).bytesWritten
    },
    async commit() {
      try {
        await handle.sync()
        isOpen = false
        await handle.close()
        await folder.verify()
        await check(at, realPath, options.expected)
        if (options.expected === 'nothing') await putNew(temporary, at, realPath)
        else await rename(temporary, at)
        isThere = false
      } catch (error) {
        throw pathError(realPath, error)
      }
      await syncIfPossible(folder)
    },
    async [Symbol.asyncDispose]() {
      if (isOpen) await handle.close()
      if (isThere) await rm(temporary, { force: true })
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** A rename would replace anything, even what may only be read. */
async function judge(at: string, realPath: string): Promise<Previous | undefined> {
  try {
    const stats = await lstat(at, { bigint: true })
    const { kind, mode } = factsOf(stats)
    if (kind === 'link') throw changed(realPath)
    if (kind !== 'file') throw notAFile(realPath, kind)
    await access(at, constants.W_OK)
    return { mode, uid: Number(stats.uid), gid: Number(stats.gid) }
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Owner first: changing it clears the set-id bits. */
async function takeOver(
  handle: FileHandle,
  realPath: string,
  previous: Previous | undefined,
  mode?: number,
): Promise<void> {
  if (previous !== undefined) {
    const now = await handle.stat()
    if (now.uid !== previous.uid || now.gid !== previous.gid) {
      try {
        await handle.chown(previous.uid, previous.gid)
      } catch (error) {
        throw new MaestroError(
          'forbidden',
          `${shown(realPath)} belongs to user ${previous.uid}, group ${previous.gid}; replaced by this user it would not`,
          {
            hint: 'write it with sudo: true, or change it in place by maestro_exec',
            details: { kind: 'PATH_DENIED', reason: 'no_permission', executed: 'no' },
            cause: error,
          },
        )
      }
    }
  }
  const wanted = mode ?? previous?.mode
  if (wanted !== undefined) await handle.chmod(wanted)
}

async function check(at: string, realPath: string, expected: ReplaceOptions['expected']): Promise<void> {
  if (expected === 'anything' || expected === 'nothing') return
  const now = await lstat(at, { bigint: true }).then(factsOf, (error: unknown) => {
    if (isNodeError(error) && error.code === 'ENOENT') return undefined
    throw error
  })
  if (now?.version === expected.version) return
  throw new MaestroError('conflict', `${shown(realPath)} was changed by someone else meanwhile; it is left as it is`, {
    hint: 'read it again, then repeat the change',
    details: { kind: 'CONFLICT', reason: 'changed_meanwhile', executed: 'no' },
  })
}

/** A link to an existing name fails, where a rename would replace it. */
async function putNew(temporary: string, at: string, realPath: string): Promise<void> {
  try {
    await link(temporary, at)
  } catch (error) {
    if (isNodeError(error) && error.code === 'EEXIST') {
      throw new MaestroError('conflict', `${shown(realPath)} exists already`, {
        hint: 'say overwrite: true to replace it',
        details: { kind: 'CONFLICT', reason: 'exists', executed: 'no' },
      })
    }
    throw error
  }
  await rm(temporary, { force: true })
}

/** Folders that may be written but not read cannot be opened for it; the content itself is synced. */
async function syncIfPossible(folder: HeldFolder): Promise<void> {
  try {
    await syncFolder(folder.self())
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'EACCES') throw error
  }
}
