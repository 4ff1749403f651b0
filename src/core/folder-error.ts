// What is wrong with a data folder that cannot be made or written, in words. Pure.

import { isNodeError, MaestroError } from './errors.ts'

/** Our error for what whoever named the folder can mend; everything else (a full disk, say) as it is. */
export function folderError(folder: string, thrown: unknown): unknown {
  if (!isNodeError(thrown)) return thrown
  const extras = { hint: 'set MAESTRO_DATA_DIR to a folder that you may write in', cause: thrown }
  switch (thrown.code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new MaestroError('invalid_input', `"${folder}" is not a folder, or lies below a file`, extras)
    case 'EROFS':
      return new MaestroError('forbidden', `"${folder}" is on a file system that can only be read`, extras)
    case 'ENOENT':
      // What Node says of a read-only file system when it makes several levels at once.
      return new MaestroError(
        'forbidden',
        `"${folder}" cannot be made: its file system can only be read, or a link on the way leads nowhere`,
        extras,
      )
    case 'EACCES':
    case 'EPERM':
      return new MaestroError('forbidden', `this user may not write in "${folder}"`, extras)
    default:
      return thrown
  }
}
