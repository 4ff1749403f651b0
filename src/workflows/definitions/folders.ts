// Folders are parts of paths: one is there because a workflow is in it or below it, or because somebody made
// it and it is kept while empty. Rules of paths, the tree, and what moving or deleting a folder does to every
// path in it. Pure.

import { MaestroError } from '#src/core/index.ts'
import type { Folder } from '../contract.ts'

const maxDepth = 20
const maxLength = 500

/** What is wrong with a path that a person gives; undefined when it is right. Empty is the top. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return undefined
  const parts = path.split('/')
  // oxlint-disable-next-line no-control-regex -- a path stands in lists, logs and addresses of one line each
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'one line without control characters'
  if (parts.some((part) => part.trim() === '' || part === '.' || part === '..')) {
    return `"${path}" is not a folder such as a/b: no empty part, no "." or ".."`
  }
  if (parts.some((part) => part !== part.trim())) return `"${path}" has a part that begins or ends with a space`
  if (parts.length > maxDepth) return `${parts.length} folders deep; at most ${maxDepth}`
  if (path.length > maxLength) return `${path.length} characters; at most ${maxLength}`
  return undefined
}

/** @throws `invalid_input` */
export function assertPath(path: string, field = 'path'): void {
  const message = path === '' ? 'a folder such as reports/daily; the top itself is none' : pathProblem(path)
  if (message !== undefined) {
    throw new MaestroError('invalid_input', `${field}: ${message}`, { issues: [{ path: field, message }] })
  }
}

/** Where a stored path leads, though Maistro let people save any. */
export function normalPath(stored: unknown): string {
  if (typeof stored !== 'string') return ''
  const parts = stored
    .normalize('NFC')
    // oxlint-disable-next-line no-control-regex -- see pathProblem
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .slice(0, maxDepth)
  while (parts.join('/').length > maxLength) parts.pop()
  return parts.join('/')
}

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** In the folder or below it. `ab` is not below `a`. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)

/** Where `path` is when everything within `from` has gone to `to`. */
export function movedPath(path: string, from: string, to: string): string {
  if (!isWithin(path, from)) return path
  const rest = path.slice(from.length).replace(/^\//, '')
  return [to, rest].filter((part) => part !== '').join('/')
}

/** A path and every folder above it, outermost first; nothing for the top. */
function lineOf(path: string): string[] {
  const parts = path === '' ? [] : path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/**
 * Every folder, parents before what is in them.
 * @param workflowPaths of every workflow, once each
 * @param kept folders that are there though they may be empty
 */
export function folderTree(workflowPaths: readonly string[], kept: readonly string[]): Folder[] {
  const counts = new Map<string, { direct: number; total: number }>()
  const countOf = (path: string) => {
    const known = counts.get(path) ?? { direct: 0, total: 0 }
    counts.set(path, known)
    return known
  }
  for (const path of kept) lineOf(path).forEach(countOf)
  for (const path of workflowPaths) {
    for (const folder of lineOf(path)) countOf(folder).total += 1
    if (path !== '') countOf(path).direct += 1
  }
  return [...counts]
    .map(([path, { direct, total }]) => ({
      path,
      name: nameOf(path),
      parentPath: parentOf(path),
      workflowCount: direct,
      totalCount: total,
    }))
    .sort((a, b) => comparePaths(a.path, b.path))
}

/** Part by part, so that `a/b` comes before `a b`, right after its parent. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (const [index, part] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    const order = part.localeCompare(other, 'en') || (part < other ? -1 : part > other ? 1 : 0)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** As they are stored: each once, sorted, without those that a deeper one implies. */
export function tidyKept(kept: Iterable<string>): string[] {
  const all = [...new Set([...kept].map(normalPath))].filter((path) => path !== '')
  return all.filter((path) => !all.some((other) => other !== path && isWithin(other, path))).sort(comparePaths)
}

/** @throws `not_found`, `conflict` for a target that is there, `invalid_input` for one that cannot be */
export function assertMove(folders: readonly Folder[], from: string, to: string): void {
  assertPath(from)
  assertPath(to, 'newPath')
  assertFolder(folders, from)
  if (to !== from && isWithin(to, from)) {
    throw new MaestroError('invalid_input', `folder "${from}" cannot be moved into itself ("${to}")`, {
      issues: [{ path: 'newPath', message: `not within "${from}"` }],
    })
  }
  if (to !== from && folders.some(({ path }) => path === to)) {
    throw new MaestroError('conflict', `there is a folder "${to}" already`, {
      hint: 'choose another name, or move the workflows into it',
    })
  }
  for (const { path } of folders.filter((folder) => isWithin(folder.path, from))) {
    const problem = pathProblem(movedPath(path, from, to))
    if (problem !== undefined) {
      throw new MaestroError('invalid_input', `"${path}" cannot go to "${to}": ${problem}`, {
        issues: [{ path: 'newPath', message: problem }],
      })
    }
  }
}

/** @throws `not_found` */
export function assertFolder(folders: readonly Folder[], path: string): void {
  if (folders.some((folder) => folder.path === path)) return
  throw new MaestroError('not_found', `there is no folder "${path}"`, { hint: 'list the folders to see their paths' })
}
