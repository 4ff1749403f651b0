// Folders and workflows as a person sees them: the tree, what one folder shows, where a thing may go. Pure.

import type { Folder, WorkflowSummary } from '#src/workflows/contract.ts'

/** The top of the library; its path is empty. */
export const topName = 'All workflows'

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const nameOf = (path: string): string => (path === '' ? topName : path.slice(path.lastIndexOf('/') + 1))
export const joinPath = (parent: string, name: string): string => (parent === '' ? name : `${parent}/${name}`)
const isBelow = (path: string, above: string): boolean => above === '' || path === above || path.startsWith(`${above}/`)

/** The folder and those above it, the top first. */
export function crumbs(path: string): { path: string; name: string }[] {
  const parts = path === '' ? [] : path.split('/')
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))].map((each) => ({
    path: each,
    name: nameOf(each),
  }))
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Parents before children, siblings by name. Folders that only a workflow names count too. */
export function sortedFolders(folders: readonly Folder[], workflows: readonly WorkflowSummary[]): Folder[] {
  const all = new Map(folders.map((folder) => [folder.path, folder]))
  for (const workflow of workflows)
    for (const { path, name } of crumbs(workflow.path))
      if (path !== '' && !all.has(path))
        all.set(path, { path, name, parentPath: parentOf(path), workflowCount: 0, totalCount: 0 })
  const counted = [...all.values()].map((folder) => ({
    ...folder,
    workflowCount: workflows.filter(({ path }) => path === folder.path).length,
    totalCount: workflows.filter(({ path }) => isBelow(path, folder.path)).length,
  }))
  return counted.sort((one, other) => comparePaths(one.path, other.path))
}

function comparePaths(one: string, other: string): number {
  const [mine, theirs] = [one.split('/'), other.split('/')]
  for (let at = 0; at < Math.min(mine.length, theirs.length); at++) {
    const order = byName.compare(mine[at] ?? '', theirs[at] ?? '') || (mine[at] ?? '').localeCompare(theirs[at] ?? '')
    if (order !== 0) return order
  }
  return mine.length - theirs.length
}

export interface TreeRow {
  path: string
  name: string
  /** 1 for the top. */
  level: number
  /** Undefined: nothing below it. */
  isOpen: boolean | undefined
  totalCount: number
}

/** The rows that are on show, in order, the top first. A folder is on show when all above it are open. */
export function treeRows(folders: readonly Folder[], total: number, open: ReadonlySet<string>): TreeRow[] {
  const parents = new Set(folders.map((folder) => folder.parentPath))
  const rows: TreeRow[] = [
    { path: '', name: topName, level: 1, isOpen: parents.has('') ? open.has('') : undefined, totalCount: total },
  ]
  for (const { path, totalCount } of folders) {
    const above = crumbs(parentOf(path))
    if (!above.every((crumb) => open.has(crumb.path))) continue
    rows.push({
      path,
      name: nameOf(path),
      level: above.length + 1,
      isOpen: parents.has(path) ? open.has(path) : undefined,
      totalCount,
    })
  }
  return rows
}

export type Thing = { kind: 'workflow'; id: string } | { kind: 'folder'; path: string }

/** Things by one word each, so that they can stand in an address: `f:team/a`, `w:review`. */
export const keyOf = (thing: Thing): string => (thing.kind === 'folder' ? `f:${thing.path}` : `w:${thing.id}`)
export const thingOf = (key: string): Thing =>
  key.startsWith('f:') ? { kind: 'folder', path: key.slice(2) } : { kind: 'workflow', id: key.slice(2) }

/** Why the thing cannot go there; undefined when it can. */
export function whyNot(thing: Thing, at: string, to: string): string | undefined {
  if (thing.kind === 'folder' && isBelow(to, thing.path)) return `"${nameOf(thing.path)}" cannot go into itself.`
  if (at === to) return `It is in "${nameOf(to)}" already.`
  return undefined
}

export interface Shown {
  folders: Folder[]
  workflows: WorkflowSummary[]
}

export interface Look {
  folder: string
  tag: string | undefined
  /** Ids that a search found; undefined when nothing is searched for. */
  found: ReadonlySet<string> | undefined
}

/** What one folder shows; with a search or a tag, what matches in it and everywhere below it. */
export function shownIn(folders: readonly Folder[], workflows: readonly WorkflowSummary[], look: Look): Shown {
  const { folder, tag, found } = look
  const isLooking = tag !== undefined || found !== undefined
  const shown = workflows.filter(
    (each) =>
      (isLooking ? isBelow(each.path, folder) : each.path === folder) &&
      (tag === undefined || each.tags.includes(tag)) &&
      (found === undefined || found.has(each.id)),
  )
  return {
    folders: isLooking ? [] : folders.filter((each) => each.parentPath === folder),
    workflows: shown.sort((one, other) => byName.compare(one.name, other.name)),
  }
}

/** Every tag in use, the most used first. */
export function tagsOf(workflows: readonly WorkflowSummary[]): string[] {
  const counts = new Map<string, number>()
  for (const { tags } of workflows) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1] || byName.compare(one[0], other[0])).map(([tag]) => tag)
}

/** What is wrong with a new folder's name; undefined when nothing is. */
export function nameProblem(name: string, parent: string, folders: readonly Folder[]): string | undefined {
  const wanted = name.trim()
  if (wanted === '') return 'Give it a name.'
  if (wanted.split('/').some((part) => part.trim() === '' || part === '.' || part === '..'))
    return `"${wanted}" has an empty part, "." or ".."; write a name, or a/b for one inside another.`
  const path = joinPath(parent, wanted)
  return folders.some((folder) => folder.path === path) ? `"${path}" is there already.` : undefined
}
