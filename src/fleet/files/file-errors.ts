// What is wrong with a path, in words that say what would be right. `details.kind` is the code on the wire where the
// error's own code is too coarse for it, `details.reason` the fine reason.

import { isNodeError, MaestroError } from '#src/core/index.ts'
import type { FileKind } from './ports.ts'

/** A path as it may stand in a message: control characters are shown, much is cut. */
export function shown(path: string): string {
  const quoted = JSON.stringify(path)
  return quoted.length > 300 ? `${quoted.slice(0, 300)}..."` : quoted
}

/** Our error for what the system says of `path`; what is not about the path stays as it is. */
export function pathError(path: string, thrown: unknown): unknown {
  if (!isNodeError(thrown)) return thrown
  const cause = { cause: thrown }
  switch (thrown.code) {
    case 'ENOENT':
      return missing(path, thrown)
    case 'ENOTDIR':
      return new MaestroError('not_found', `${shown(path)} does not exist: something on the way is not a folder`, {
        hint: 'look at the folder above it with maestro_find',
        details: { kind: 'NOT_FOUND', executed: 'no' },
        ...cause,
      })
    case 'EACCES':
    case 'EPERM':
      return new MaestroError('forbidden', `the host's user may not do that with ${shown(path)} (${thrown.code})`, {
        hint: 'use a path that this user may use, or ask the owner of the host',
        details: { kind: 'PATH_DENIED', reason: 'no_permission', executed: 'no' },
        ...cause,
      })
    case 'EROFS':
      return new MaestroError('forbidden', `${shown(path)} is on a file system that can only be read`, {
        details: { kind: 'PATH_DENIED', reason: 'read_only_file_system', executed: 'no' },
        ...cause,
      })
    case 'ELOOP':
      return changed(path, thrown)
    case 'ENAMETOOLONG':
      return new MaestroError(
        'invalid_input',
        `${shown(path)} is too long: a name has at most 255 bytes, a path 4,095`,
        cause,
      )
    case 'EISDIR':
      return notAFile(path, 'folder')
    case 'EMFILE':
    case 'ENFILE':
      return new MaestroError('unavailable', 'too many files are open on the host', {
        hint: 'try again in a moment',
        ...cause,
      })
    case 'ETXTBSY':
      return new MaestroError('conflict', `${shown(path)} is a program that runs just now`, cause)
    default:
      return thrown
  }
}

export const missing = (path: string, cause?: unknown): MaestroError =>
  new MaestroError('not_found', `${shown(path)} does not exist`, {
    hint: 'look for it with maestro_find',
    details: { kind: 'NOT_FOUND', executed: 'no' },
    ...(cause === undefined ? {} : { cause }),
  })

/** Something on the way is no longer what it was when the path was resolved. */
export const changed = (path: string, cause?: unknown): MaestroError =>
  new MaestroError('conflict', `${shown(path)} is no longer what it was: a name on the way was replaced meanwhile`, {
    hint: 'nothing was changed; look again, then repeat the call',
    details: { kind: 'CONFLICT', reason: 'path_changed', executed: 'no' },
    ...(cause === undefined ? {} : { cause }),
  })

export function notAFile(path: string, kind: FileKind): MaestroError {
  const [what, hint] = {
    file: ['a file', ''],
    folder: ['a folder', 'list it with maestro_find, or copy it with maestro_copy and recursive: true'],
    link: ['a symbolic link', 'use the path it points to'],
    fifo: ['a named pipe: reading it could wait for ever', 'use maestro_exec with a time limit'],
    socket: ['a socket', 'use a program that speaks to it, by maestro_exec'],
    device: ['a device', 'use maestro_exec with a program that bounds what it reads, such as head -c'],
  }[kind]
  return new MaestroError('invalid_input', `${shown(path)} is ${what}, not a regular file`, {
    ...(hint === '' ? {} : { hint }),
    details: { reason: `is_${kind}`, executed: 'no' },
  })
}

export const notAFolder = (path: string, kind: FileKind): MaestroError =>
  new MaestroError('invalid_input', `${shown(path)} is not a folder but a ${kind}`, {
    details: { reason: `is_${kind}`, executed: 'no' },
  })

/** Files that are windows into the kernel: without size, some endless, some of the server's own memory. */
export const kernelFile = (path: string): MaestroError =>
  new MaestroError('forbidden', `${shown(path)} is not a stored file but a view of the kernel (/proc, /sys)`, {
    hint: `read it with a command, such as cat, by maestro_exec`,
    details: { kind: 'PATH_DENIED', reason: 'kernel_file', executed: 'no' },
  })

/** The one refusal for what lies outside of the roots or in a closed folder. */
export const denied = (path: string, access: 'read' | 'write', host: string, reason: string): MaestroError =>
  new MaestroError(
    'forbidden',
    `${shown(path)} may not be ${access === 'read' ? 'read' : 'written'} on ${host}: ${reason}`,
    {
      hint: 'maestro_hosts says where file tools may read and write',
      details: { kind: 'PATH_DENIED', reason: 'outside_roots', executed: 'no' },
    },
  )
