// A folder held open, so that names in it mean what they meant when it was checked. On Linux every name is looked
// up below the open folder (`/proc/self/fd/<n>/<name>`, as openat does), and each step on the way to it refuses
// links: between the check and the act nobody can lead us elsewhere by replacing a name. Elsewhere (no such
// view of open files) the real path is compared before and after, which leaves a moment: docs/files.md says so.

import { constants, existsSync } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, realpath } from 'node:fs/promises'
import { isNodeError } from '#src/core/index.ts'
import { changed, pathError } from '../file-errors.ts'

/** Linux: a place in the tree, not its content. Needs no right to read the folder, only to pass through. */
const O_PATH = 0o10_000_000
const holdsFolders = process.platform === 'linux' && existsSync('/proc/self/fd')

export interface HeldFolder extends AsyncDisposable {
  /** Where `name` (one component) of this very folder is reached. */
  at(name: string): string
  /** The folder itself, for what needs a handle to its content. */
  self(): string
  /** @throws `conflict` when the path leads elsewhere now. Where folders are held, always fine. */
  verify(): Promise<void>
}

export interface HoldOptions {
  /** Makes what is missing. Default: missing is an error. */
  readonly create?: boolean
  /** Of folders that are made; default 0777 within the user's mask. */
  readonly mode?: number
}

/**
 * Goes from `/` to `realPath` without following a link.
 * @throws `conflict` when a component is a link or not a folder any more, `not_found`, `forbidden`
 */
export async function holdFolder(realPath: string, options: HoldOptions = {}): Promise<HeldFolder> {
  const names = realPath.split('/').filter((name) => name !== '')
  return holdsFolders ? holdByHandle(realPath, names, options) : holdByPath(realPath, names, options)
}

/** Opens the thing of that name itself, whatever it is, without side effects. Linux only. */
export async function openPlace(path: string): Promise<FileHandle> {
  return open(path, O_PATH | constants.O_NOFOLLOW)
}

export const canOpenPlaces = holdsFolders
export const viaHandle = (handle: FileHandle): string => `/proc/self/fd/${handle.fd}`

async function holdByHandle(realPath: string, names: readonly string[], options: HoldOptions): Promise<HeldFolder> {
  const flags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW
  let handle = await open('/', flags)
  try {
    for (const name of names) {
      const path = `${viaHandle(handle)}/${name}`
      if (options.create === true) await makeIfMissing(path, options.mode)
      const next = await open(path, flags)
      await handle.close()
      handle = next
    }
  } catch (error) {
    await handle.close()
    throw await stepError(realPath, error)
  }
  return {
    at: (name) => `${viaHandle(handle)}/${name}`,
    self: () => `${viaHandle(handle)}/.`,
    verify: async () => undefined,
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

async function holdByPath(realPath: string, names: readonly string[], options: HoldOptions): Promise<HeldFolder> {
  const verify = async () => {
    const now = await realpath(realPath).catch((error: unknown) => {
      throw pathError(realPath, error)
    })
    if (now !== realPath) throw changed(realPath)
  }
  let path = ''
  for (const name of names) {
    path += `/${name}`
    if (options.create === true) await makeIfMissing(path, options.mode)
  }
  await verify()
  return {
    at: (name) => (realPath === '/' ? `/${name}` : `${realPath}/${name}`),
    self: () => realPath,
    verify,
    [Symbol.asyncDispose]: async () => undefined,
  }
}

async function makeIfMissing(path: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(path, mode)
  } catch (error) {
    // Whatever is there is judged by whoever opens it. On a read-only file system mkdir says so even then.
    if (isNodeError(error) && error.code === 'EEXIST') return
    if (isNodeError(error) && (await exists(path))) return
    throw error
  }
}

const exists = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** A step that was a link a moment ago was none when the path was resolved; one that is a file was perhaps always one. */
async function stepError(realPath: string, error: unknown): Promise<unknown> {
  if (isNodeError(error) && (error.code === 'ENOTDIR' || error.code === 'ELOOP')) {
    const now = await realpath(realPath).catch(() => undefined)
    if (now !== undefined || error.code === 'ELOOP') return changed(realPath, error)
  }
  return pathError(realPath, error)
}
