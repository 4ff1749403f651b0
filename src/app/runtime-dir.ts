// Where the Unix socket of a data folder lives: a short, private folder outside the data folder, because
// the kernel takes about 100 bytes for a socket's path and data folders may lie deep.
// Leaves out what is spoken on the socket (owner-socket.ts) and who may bind it (the owner lock).

import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { isNodeError, MaestroError } from '#src/core/index.ts'

/** macOS takes 103 bytes, Linux 107; one bound for both. */
const maxSocketPathBytes = 100

/** What the choice of folder depends on. */
export interface RuntimePlace {
  readonly xdgRuntimeDir: string | undefined
  readonly tmpDir: string
  readonly uid: number
}

export function systemRuntimePlace(env: NodeJS.ProcessEnv = process.env): RuntimePlace {
  // getuid is absent on Windows only, which is out of scope.
  return { xdgRuntimeDir: env['XDG_RUNTIME_DIR'], tmpDir: tmpdir(), uid: process.getuid?.() ?? 0 }
}

/**
 * The private folder for sockets, created when missing: `$XDG_RUNTIME_DIR/maestro` when that folder is ours
 * and the path stays short, else `<tmp>/maestro-<uid>`.
 * @throws `forbidden` when the folder is a symlink, belongs to someone else or is open to others;
 *         `unsupported` when every candidate is too long.
 */
export function runtimeDir(place: RuntimePlace): string {
  const candidates = [join(place.tmpDir, `maestro-${place.uid}`)]
  if (place.xdgRuntimeDir !== undefined && isOurFolder(place.xdgRuntimeDir, place.uid)) {
    candidates.unshift(join(place.xdgRuntimeDir, 'maestro'))
  }
  const fitting = candidates.find((dir) => Buffer.byteLength(join(dir, socketName('/'))) < maxSocketPathBytes)
  if (fitting === undefined) {
    throw new MaestroError(
      'unsupported',
      `a socket below "${candidates.at(-1)}" would have a path of ${maxSocketPathBytes} bytes or more, which the system cannot open`,
      { hint: 'set XDG_RUNTIME_DIR or TMPDIR to a folder with a shorter path' },
    )
  }
  mkdirSync(fitting, { recursive: true, mode: 0o700 })
  assertPrivateFolder(fitting, place.uid)
  return fitting
}

/** The socket of a data folder. The same for every spelling of the folder, also before it exists. */
export function socketPath(dataDir: string, place: RuntimePlace): string {
  return join(runtimeDir(place), socketName(realPath(dataDir)))
}

function socketName(realDataDir: string): string {
  return `${createHash('sha256').update(realDataDir).digest('hex').slice(0, 20)}.sock`
}

/** @throws `forbidden` unless `dir` is a real folder of `uid` that nobody else may enter. */
export function assertPrivateFolder(dir: string, uid: number): void {
  const stats = lstatSync(dir)
  const found = whyNotPrivate(stats, uid)
  if (found === undefined) return
  throw new MaestroError(
    'forbidden',
    `the runtime folder "${dir}" ${found}; Maestro talks only through a folder that is yours alone`,
    {
      hint: found.startsWith('is open')
        ? `chmod 700 ${dir}`
        : `remove "${dir}", or set XDG_RUNTIME_DIR to a folder of yours with mode 0700`,
    },
  )
}

function whyNotPrivate(stats: Stats, uid: number): string | undefined {
  if (stats.isSymbolicLink()) return 'is a symbolic link'
  if (!stats.isDirectory()) return 'is not a folder'
  if (stats.uid !== uid) return `belongs to user ${stats.uid}, not to you (${uid})`
  if ((stats.mode & 0o077) !== 0) return `is open to others (mode 0${(stats.mode & 0o777).toString(8)})`
  return undefined
}

/** After `su` or `sudo` the variable may still name another user's folder: then it is not used. */
function isOurFolder(dir: string, uid: number): boolean {
  if (!isAbsolute(dir)) return false
  const stats = lstatSync(dir, { throwIfNoEntry: false })
  return stats !== undefined && stats.isDirectory() && stats.uid === uid && (stats.mode & 0o022) === 0
}

/** `realpath` that also works for a path whose last parts do not exist yet. */
function realPath(path: string): string {
  const absolute = resolve(path)
  try {
    return realpathSync(absolute)
  } catch (thrown) {
    const isMissing = isNodeError(thrown) && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')
    if (!isMissing || dirname(absolute) === absolute) throw thrown
    return join(realPath(dirname(absolute)), basename(absolute))
  }
}

/** The folder is 0700 already, so there is no moment in which others could connect. */
export function restrictSocket(path: string): void {
  chmodSync(path, 0o600)
}
