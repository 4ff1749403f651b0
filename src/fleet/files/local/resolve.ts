// From a path as written to the real path, as the kernel would go, but past the point where things exist.
// What it says is a claim about a moment: folder.ts holds it when something is done.

import { lstat, readlink } from 'node:fs/promises'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import { pathError, shown } from '../file-errors.ts'

/** As many as Linux follows. */
const maxLinks = 40

/** @param path absolute. @throws `invalid_input` for a ring of links, `forbidden` for a folder that cannot be searched */
export async function realPathOf(path: string): Promise<string> {
  const ahead = path.split('/').toReversed()
  const behind: string[] = []
  let links = 0
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      behind.pop()
      continue
    }
    const here = `/${[...behind, name].join('/')}`
    const target = await linkTarget(here)
    if (target === undefined) {
      behind.push(name)
      continue
    }
    if (++links > maxLinks) {
      throw new MaestroError('invalid_input', `${shown(path)} goes through more than ${maxLinks} symbolic links`, {
        hint: 'the links point at each other; use the path of the file itself',
        details: { reason: 'bad_path', executed: 'no' },
      })
    }
    if (target.startsWith('/')) behind.length = 0
    ahead.push(...target.split('/').toReversed())
  }
  return `/${behind.join('/')}`
}

/** Undefined for what is no link, or does not exist. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    const stats = await lstat(path)
    return stats.isSymbolicLink() ? await readlink(path) : undefined
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined
    // A link when it was looked at, none any more when it was read.
    if (isNodeError(error) && error.code === 'EINVAL') return undefined
    throw pathError(path, error)
  }
}
