// From what a caller wrote to one real place on one host that it may use. The subject of a call and the call itself
// both come through here, and the second is held against the first.

import { basename } from 'node:path/posix'
import type { Ctx } from '#src/core/index.ts'
import { changed, denied, kernelFile } from './file-errors.ts'
import { isWithin } from './path-text.ts'
import type { FileHost, FileHosts } from './ports.ts'

export type Access = 'read' | 'write'

/** One thing on one host, without a link on the way to it. */
export interface Place {
  readonly host: FileHost
  readonly real: string
}

export interface Named {
  readonly host?: string | undefined
  readonly path: string
}

/** Where the names lead now. Says nothing of what may be done there. */
export async function locate(hosts: FileHosts, ctx: Ctx, { host: name, path }: Named): Promise<Place> {
  const host = hosts.find(name)
  return { host, real: await host.files.resolve(path, host.isLocal ? ctx.cwd : undefined) }
}

/** As policy judges it, an approval is bound to it and the audit log shows it. */
export const subjectOf = ({ host, real }: Place): string => `path:${host.name}:${real}`

/**
 * The place, to be used now.
 * @throws `forbidden` (`PATH_DENIED`) outside the host's roots, `conflict` when it is not the one that was judged
 */
export async function locateFor(hosts: FileHosts, ctx: Ctx, named: Named, access: Access): Promise<Place> {
  const place = await locate(hosts, ctx, named)
  if (ctx.subject !== undefined && !ctx.subject.includes(subjectOf(place))) throw changed(named.path)
  await assertAllowed(place, access, named.path)
  return place
}

/** @throws `forbidden` (`PATH_DENIED`). @param written the path as the caller wrote it, for the message */
export async function assertAllowed(place: Place, access: Access, written: string): Promise<void> {
  const { host, real } = place
  // For the local host these names are windows into this very process: its environment holds keys.
  if (kernelFolders.some((folder) => isWithin(real, folder))) throw kernelFile(real)
  const why = await refusal(host, real, access)
  if (why !== undefined) throw denied(real === written ? written : real, access, host.name, why)
}

const kernelFolders = ['/proc', '/sys']

/** Why a real path may not be used; undefined when it may. */
async function refusal(host: FileHost, real: string, access: Access): Promise<string | undefined> {
  for (const folder of host.closed) {
    if (isWithin(real, await realRoot(host, folder)))
      return "Maestro's own data folder, with its keys, is closed to file tools"
  }
  const roots = host.roots[access]
  if (roots === null) return undefined
  for (const root of roots) if (isWithin(real, await realRoot(host, root))) return undefined
  return roots.length === 0 ? 'it has no folder for that' : `it is outside of ${roots.join(', ')}`
}

/** For walks below an allowed folder: true for a folder in it that is closed all the same. */
export async function closedBelow(place: Place): Promise<(real: string) => boolean> {
  const closed = [...kernelFolders]
  for (const folder of place.host.closed) closed.push(await realRoot(place.host, folder))
  return (real) => closed.includes(real)
}

/** A root may lie behind a link itself. */
const realRoot = (host: FileHost, root: string): Promise<string> => host.files.resolve(root)

/** The place of that name in a folder. */
export const below = ({ host, real }: Place, name: string): Place => ({
  host,
  real: real === '/' ? `/${name}` : `${real}/${name}`,
})

export const nameOf = ({ real }: Place): string => basename(real)
