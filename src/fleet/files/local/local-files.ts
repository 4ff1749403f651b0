// The port of file tools, on this machine.

import { lstat, readdir, readlink, symlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path/posix'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import { notAFolder, pathError, shown } from '../file-errors.ts'
import { absolute } from '../path-text.ts'
import type { FileFacts, FolderEntry, HostFiles } from '../ports.ts'
import { replaceAsRoot } from './as-root.ts'
import { factsOf } from './facts.ts'
import { holdFolder } from './folder.ts'
import { openFile } from './open-file.ts'
import { replaceFile } from './replace.ts'
import { realPathOf } from './resolve.ts'

/** Entries of one folder that are looked at side by side. */
const statsAtOnce = 32

/** @param home of the user, what `~` stands for @param env what sudo is found and run with */
export function createLocalFiles(home: string, env: Readonly<Record<string, string>> = {}): HostFiles {
  return {
    resolve: async (path, cwd) => realPathOf(absolute(path, home, cwd)),
    facts,
    open: openFile,
    list,
    replace: replaceFile,
    async replaceAsRoot(realPath, content, options) {
      if (process.getuid?.() !== 0) return replaceAsRoot(realPath, content, { ...options, env })
      await using replacement = await replaceFile(realPath, { ...options, createFolders: true, expected: 'anything' })
      await replacement.write(content)
      await replacement.commit()
    },
    async makeFolder(realPath, mode) {
      await using _ = await holdFolder(realPath, { create: true, ...(mode === undefined ? {} : { mode }) })
    },
    async readLink(realPath) {
      await using folder = await holdFolder(dirname(realPath))
      return await readlink(folder.at(basename(realPath))).catch((error: unknown) => {
        throw pathError(realPath, error)
      })
    },
    async makeLink(realPath, target) {
      await using folder = await holdFolder(dirname(realPath))
      try {
        await symlink(target, folder.at(basename(realPath)))
      } catch (error) {
        if (!isNodeError(error) || error.code !== 'EEXIST') throw pathError(realPath, error)
        throw new MaestroError('conflict', `${shown(realPath)} exists already`, {
          details: { kind: 'CONFLICT', reason: 'exists', executed: 'no' },
        })
      }
    },
  }
}

async function facts(realPath: string): Promise<FileFacts | undefined> {
  try {
    if (realPath === '/') return factsOf(await lstat('/', { bigint: true }))
    await using folder = await holdFolder(dirname(realPath))
    return factsOf(await lstat(folder.at(basename(realPath)), { bigint: true }))
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return undefined
    const ours = pathError(realPath, error)
    if (ours instanceof MaestroError && ours.code === 'not_found') return undefined
    throw ours
  }
}

async function list(realPath: string, unreadable?: (name: string, reason: string) => void): Promise<FolderEntry[]> {
  await using folder = await holdFolder(realPath).catch(async (error: unknown) => {
    const what = await facts(realPath)
    throw what === undefined || what.kind === 'folder' ? error : notAFolder(realPath, what.kind)
  })
  const names = await readdir(folder.self(), { encoding: 'buffer' }).catch((error: unknown) => {
    throw pathError(realPath, error)
  })
  await folder.verify()
  const entries: FolderEntry[] = []
  for (let at = 0; at < names.length; at += statsAtOnce) {
    const some = names.slice(at, at + statsAtOnce).map(async (bytes): Promise<FolderEntry | undefined> => {
      const name = bytes.toString()
      if (!Buffer.from(name).equals(bytes)) {
        unreadable?.(name, 'its name is not UTF-8')
        return undefined
      }
      try {
        return { name, facts: factsOf(await lstat(folder.at(name), { bigint: true })) }
      } catch (error) {
        // Gone since the folder was read.
        if (!isNodeError(error) || error.code !== 'ENOENT') unreadable?.(name, String(error))
        return undefined
      }
    })
    for (const entry of await Promise.all(some)) if (entry !== undefined) entries.push(entry)
  }
  return entries
}
