// Paths as text: what can be one, and where a relative one or `~` begins. Pure; the file system is not asked.

import { isAbsolute, join } from 'node:path/posix'
import { MaestroError } from '#src/core/index.ts'
import { shown } from './file-errors.ts'

const maxPathBytes = 4_095

/**
 * The absolute form of what a caller wrote. `..` stays: only the file system knows what it means behind a link.
 * @throws `invalid_input` for an empty path, NUL, too many bytes, `~name`, or a relative path without `cwd`
 */
export function absolute(path: string, home: string, cwd: string | undefined): string {
  if (path === '') throw invalid('the path is empty')
  if (path.includes('\0')) throw invalid(`the path ${shown(path)} holds a NUL character, which no path can`)
  if (!path.isWellFormed()) throw invalid(`the path ${shown(path)} is not Unicode text`)
  if (Buffer.byteLength(path) > maxPathBytes)
    throw invalid(`the path has ${Buffer.byteLength(path)} bytes; at most ${maxPathBytes} are possible`)
  if (path === '~' || path.startsWith('~/')) return home + path.slice(1)
  if (path.startsWith('~')) {
    throw invalid(
      `the path ${shown(path)} names the home of another user, which is not looked up`,
      `write the whole path, or ${shown(`./${path}`)} for a file of that name`,
    )
  }
  if (isAbsolute(path)) return path
  if (cwd === undefined) {
    throw invalid(
      `the path ${shown(path)} is relative, and this call comes from no folder it could begin at`,
      'write an absolute path, or one that begins with ~/',
    )
  }
  return `${cwd}/${path}`
}

/** True when `path` is `folder` or lies in it; both real and absolute. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

export { join as joinPath }

function invalid(message: string, hint?: string): MaestroError {
  return new MaestroError('invalid_input', message, {
    ...(hint === undefined ? {} : { hint }),
    details: { reason: 'bad_path', executed: 'no' },
  })
}
