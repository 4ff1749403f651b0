// Opening a file for reading: first its place without side effects, then, when it is a regular file, its content.

import { constants } from 'node:fs'
import { type FileHandle, lstat, open, statfs } from 'node:fs/promises'
import { basename, dirname } from 'node:path/posix'
import { changed, kernelFile, notAFile, pathError } from '../file-errors.ts'
import type { OpenFile } from '../ports.ts'
import { factsOf } from './facts.ts'
import { canOpenPlaces, type HeldFolder, holdFolder, openPlace, viaHandle } from './folder.ts'

/** Types of Linux file systems whose files are made up as they are read: proc, sysfs, debugfs, tracefs, securityfs. */
const kernelFileSystems = new Set([0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x73636673])

export async function openFile(realPath: string): Promise<OpenFile> {
  await using folder = await holdFolder(dirname(realPath))
  const handle = await openContent(folder, realPath)
  try {
    const facts = factsOf(await handle.stat({ bigint: true }))
    return {
      facts,
      async read(offset, length) {
        const buffer = Buffer.allocUnsafe(length)
        let filled = 0
        while (filled < length) {
          const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
          if (bytesRead === 0) break
          filled += bytesRead
        }
        return buffer.subarray(0, filled)
      },
      look: async () => factsOf(await handle.stat({ bigint: true })),
      [Symbol.asyncDispose]: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function openContent(folder: HeldFolder, realPath: string): Promise<FileHandle> {
  const at = folder.at(basename(realPath))
  try {
    if (!canOpenPlaces) return await openByPath(folder, at, realPath)
    await using place = await openPlace(at)
    const { kind } = factsOf(await place.stat({ bigint: true }))
    if (kind === 'link') throw changed(realPath)
    if (kind !== 'file') throw notAFile(realPath, kind)
    // Type and content of the very thing that was looked at.
    if (kernelFileSystems.has((await statfs(viaHandle(place))).type)) throw kernelFile(realPath)
    return await open(viaHandle(place), constants.O_RDONLY)
  } catch (error) {
    throw pathError(realPath, error)
  }
}

/** Without blocking at a pipe that takes the file's place in between. */
async function openByPath(folder: HeldFolder, at: string, realPath: string): Promise<FileHandle> {
  const { kind, version } = factsOf(await lstat(at, { bigint: true }))
  if (kind !== 'file') throw kind === 'link' ? changed(realPath) : notAFile(realPath, kind)
  const handle = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    await folder.verify()
    const [was, is] = [version, factsOf(await handle.stat({ bigint: true })).version].map(thingOf)
    if (was !== is) throw changed(realPath)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Device and number, without what a writer changes. */
const thingOf = (version: string): string => version.split(':', 2).join(':')
