// maestro_copy: a file or a folder from one place to another, streamed through this process, each file in one step.
// Links are never followed: one that stays within the tree is made anew, others are skipped.

import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { dirname, isAbsolute, join } from 'node:path/posix'
import { type Ctx, MaestroError } from '#src/core/index.ts'
import { changed, missing, notAFile, shown } from './file-errors.ts'
import type { FileDeps } from './files.ts'
import { hashAll } from './hash.ts'
import { assertAllowed, below, closedBelow, locate, nameOf, type Place, subjectOf } from './locate.ts'
import { isWithin } from './path-text.ts'
import type { FileFacts } from './ports.ts'
import type { CopyInput, CopyResult } from './shapes.ts'

const chunkBytes = 512 * 1024
const progressEveryMs = 500

interface Ends {
  readonly from: Place
  readonly to: Place
}

/** Where it goes: into a folder that exists, under its own name, as `cp` and `scp` do. */
export async function copyEnds(deps: FileDeps, ctx: Ctx, input: CopyInput): Promise<Ends> {
  const from = await locate(deps.hosts, ctx, input.from)
  const named = await locate(deps.hosts, ctx, input.to)
  const isFolder = from.real !== '/' && (await looksLikeFolder(named))
  if (!isFolder) return { from, to: named }
  // That name may be a link.
  return { from, to: await locate(deps.hosts, ctx, { host: input.to.host, path: below(named, nameOf(from)).real }) }
}

/** What the caller may not look at is judged as it is named. */
async function looksLikeFolder(place: Place): Promise<boolean> {
  try {
    return (await place.host.files.facts(place.real))?.kind === 'folder'
  } catch {
    return false
  }
}

export const copySubject = ({ from, to }: Ends): string[] => [subjectOf(from), subjectOf(to)]

interface Totals {
  files: number
  bytes: number
  skipped: number
  sha256: string | undefined
}

/**
 * Every file of the copy is whole or not there; a failure in the middle of a folder leaves those done before.
 * @throws `conflict` for what exists (without `overwrite`), for a copy into itself, and when a path changed since it was
 *   judged; `corrupt_data` when `verify` finds another sum; `invalid_input`, `not_found`, `forbidden`
 */
export async function copyFiles(deps: FileDeps, ctx: Ctx, input: CopyInput): Promise<CopyResult> {
  const ends = await copyEnds(deps, ctx, input)
  const { from, to } = ends
  for (const [index, one] of copySubject(ends).entries()) {
    if (ctx.subject !== undefined && !ctx.subject.includes(one))
      throw changed(index === 0 ? input.from.path : input.to.path)
  }
  await assertAllowed(from, 'read', input.from.path)
  await assertAllowed(to, 'write', input.to.path)
  const facts = await from.host.files.facts(from.real)
  if (facts === undefined) throw missing(from.real)
  refuseItself(from, to)

  const began = performance.now()
  const totals: Totals = { files: 0, bytes: 0, skipped: 0, sha256: undefined }
  const tell = progressOf(ctx, totals, facts.kind === 'file' ? facts.size : undefined)
  try {
    if (facts.kind === 'folder') {
      if (!input.recursive) {
        throw new MaestroError('invalid_input', `${shown(from.real)} is a folder`, {
          hint: 'say recursive: true to copy it with all that is in it',
          details: { reason: 'is_folder', executed: 'no' },
        })
      }
      await copyTree(deps, ctx, input, ends, facts, totals, tell)
    } else {
      totals.sha256 = await copyFile(deps, ctx, input, ends, totals, tell)
    }
  } catch (error) {
    throw withTotals(error, totals)
  }
  const seconds = Math.max((performance.now() - began) / 1_000, 0.001)
  return {
    files: totals.files,
    bytes: totals.bytes,
    ...(totals.sha256 === undefined ? {} : { sha256: totals.sha256 }),
    mb_per_s: Math.round(totals.bytes / seconds / 100_000) / 10,
    ...(totals.skipped === 0 ? {} : { skipped: totals.skipped }),
  }
}

async function copyTree(
  deps: FileDeps,
  ctx: Ctx,
  input: CopyInput,
  root: Ends,
  rootFacts: FileFacts,
  totals: Totals,
  tell: () => void,
): Promise<void> {
  const isClosedFrom = await closedBelow(root.from)
  const isClosedTo = await closedBelow(root.to)
  const ahead: (Ends & { facts: FileFacts })[] = [{ ...root, facts: rootFacts }]
  for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
    ctx.signal.throwIfAborted()
    const { from, to } = folder
    if (isClosedFrom(from.real) || isClosedTo(to.real)) {
      totals.skipped++
      continue
    }
    // Its owner must be able to write in it, at least until it is filled.
    await to.host.files.makeFolder(to.real, folder.facts.mode | 0o700)
    const entries = await from.host.files.list(from.real, () => totals.skipped++)
    for (const { name, facts } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const ends = { from: below(from, name), to: below(to, name) }
      if (facts.kind === 'folder') ahead.push({ ...ends, facts })
      else if (facts.kind === 'file') await copyFile(deps, ctx, input, ends, totals, tell)
      else if (facts.kind === 'link' && (await copyLink(input, root, ends))) totals.files++
      else totals.skipped++
    }
  }
}

/** False for a link that leads out of the tree, or whose place is taken. */
async function copyLink(input: CopyInput, root: Ends, { from, to }: Ends): Promise<boolean> {
  const target = await from.host.files.readLink(from.real)
  if (isAbsolute(target) || !isWithin(join(dirname(from.real), target), root.from.real)) return false
  if ((await to.host.files.facts(to.real)) === undefined) {
    await to.host.files.makeLink(to.real, target)
    return true
  }
  if (input.overwrite) return false
  throw taken(to)
}

async function copyFile(
  deps: FileDeps,
  ctx: Ctx,
  input: CopyInput,
  { from, to }: Ends,
  totals: Totals,
  tell: () => void,
): Promise<string> {
  return deps.locks.run(subjectOf(to), async () => {
    ctx.signal.throwIfAborted()
    const present = await to.host.files.facts(to.real)
    if (present !== undefined && present.kind !== 'file') throw notAFile(to.real, present.kind)
    if (present !== undefined && !input.overwrite) throw taken(to)
    await using source = await from.host.files.open(from.real)
    const sha256 = createHash('sha256')
    await using replacement = await to.host.files.replace(to.real, {
      // The bits that make a program somebody else do not travel.
      mode: source.facts.mode & 0o777,
      createFolders: true,
      expected: input.overwrite ? 'anything' : 'nothing',
    })
    let bytes = 0
    for (;;) {
      ctx.signal.throwIfAborted()
      const chunk = await source.read(bytes, chunkBytes)
      if (chunk.length === 0) break
      sha256.update(chunk)
      await replacement.write(chunk)
      bytes += chunk.length
      totals.bytes += chunk.length
      tell()
    }
    await replacement.commit()
    const sum = sha256.digest('hex')
    totals.files++
    if (input.verify) await verify(to, sum, ctx)
    return sum
  })
}

async function verify(to: Place, sum: string, ctx: Ctx): Promise<void> {
  await using copy = await to.host.files.open(to.real)
  const actual = await hashAll(copy, ctx.signal)
  if (actual === sum) return
  throw new MaestroError('corrupt_data', `the copy ${shown(to.real)} has SHA-256 ${actual}, what was sent had ${sum}`, {
    hint: 'someone else wrote it meanwhile, or the disk fails; copy it again',
    details: { expected_sha256: sum, actual_sha256: actual, executed: 'yes' },
  })
}

function refuseItself(from: Place, to: Place): void {
  if (from.host.name !== to.host.name || !isWithin(to.real, from.real)) return
  const what = to.real === from.real ? 'is the same' : 'lies within what is to be copied'
  throw new MaestroError('invalid_input', `${shown(to.real)} ${what}; choose another place for the copy`, {
    details: { executed: 'no' },
  })
}

const taken = (to: Place): MaestroError =>
  new MaestroError('conflict', `${shown(to.real)} exists already`, {
    hint: 'say overwrite: true to replace it, or choose another path',
    details: { kind: 'CONFLICT', reason: 'exists', executed: 'no' },
  })

/** What was copied before the failure stays, and is said. */
function withTotals(error: unknown, { files, bytes }: Totals): unknown {
  if (files === 0 || !(error instanceof MaestroError)) return error
  return new MaestroError(error.code, `${error.message} (${files} files were copied before that)`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, copied_files: files, copied_bytes: bytes, executed: 'yes' },
    cause: error,
  })
}

function progressOf(ctx: Ctx, totals: Totals, total: number | undefined): () => void {
  let last = performance.now()
  return () => {
    const now = performance.now()
    if (ctx.progress === undefined || now - last < progressEveryMs) return
    last = now
    const message = `${totals.bytes} bytes copied${totals.files === 0 ? '' : `, ${totals.files} files done`}`
    ctx.progress({ message, done: totals.bytes, ...(total === undefined ? {} : { total }) })
  }
}
