// Finds what an argv names before anything is started, so that a missing program is an answer and not a
// process that ends with 127.

import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { MaestroError } from '#src/core/index.ts'

/**
 * The absolute path of `name`: as it is, relative to `cwd` when it has a slash, else the first match on `path`.
 * @param path the PATH of the process that is to run, not of this one.
 * @throws `not_found` with where it was looked for.
 */
export async function findProgram(name: string, cwd: string, path: string | undefined): Promise<string> {
  if (name.includes('/')) {
    const full = isAbsolute(name) ? name : resolve(cwd, name)
    if (await isProgram(full)) return full
    throw new MaestroError('not_found', `the program ${full} does not exist or may not be run`, {
      hint: 'install it, or correct its path',
    })
  }
  for (const folder of (path ?? '').split(delimiter)) {
    // An empty entry means the current folder to a shell; a program found there by accident is a trap.
    if (!isAbsolute(folder)) continue
    const full = join(folder, name)
    if (await isProgram(full)) return full
  }
  throw new MaestroError('not_found', `the program "${name}" was not found on PATH (${path ?? 'not set'})`, {
    hint: `install ${name}, or give its absolute path`,
  })
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
