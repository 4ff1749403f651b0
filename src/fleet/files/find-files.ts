// maestro_find: what is in a folder, by name, kind and content; bounded in answers, things looked at and time. What
// cannot be read is passed over and said.

import { performance } from 'node:perf_hooks'
import { type Ctx, MaestroError, SECOND } from '#src/core/index.ts'
import { missing } from './file-errors.ts'
import type { FileDeps } from './files.ts'
import { createGlob } from './glob.ts'
import { createLinePattern, type LinePattern } from './line-pattern.ts'
import { linesOf } from './lines.ts'
import { below, closedBelow, locateFor, type Place } from './locate.ts'
import type { FileFacts, FileKind } from './ports.ts'
import type { FindInput, FindResult } from './shapes.ts'
import { decode, looksBinary } from './utf8.ts'

const maxLookedAt = 500_000
const defaultSeconds = 20
/** Larger files are not searched. */
const maxSearchedBytes = 64 * 1024 * 1024
const maxLineChars = 300
/** Skipped things that are named; the rest is counted. */
const maxNamed = 20
const filesAtOnce = 8

interface Found {
  readonly path: string
  readonly place: Place
  readonly facts: FileFacts
}

interface Search {
  readonly skipped: { path: string; reason: string }[]
  skippedCount: number
  lookedAt: number
  stopped: FindResult['stopped']
}

/** @throws `not_found`, `forbidden`, `invalid_input` for a pattern that is none; what is below the folder never throws */
export async function findFiles(deps: FileDeps, ctx: Ctx, input: FindInput): Promise<FindResult> {
  const fitsName = input.name === undefined ? () => true : createGlob(input.name)
  await using pattern = input.content === undefined ? undefined : createLinePattern(input.content)
  const start = await locateFor(deps.hosts, ctx, input, 'read')
  const facts = await start.host.files.facts(start.real)
  if (facts === undefined) throw missing(start.real)

  const search: Search = { skipped: [], skippedCount: 0, lookedAt: 0, stopped: undefined }
  const seconds = input.timeout_s ?? input.timeout ?? Math.min(defaultSeconds, (ctx.inlineMs ?? Infinity) / SECOND)
  const endsAt = performance.now() + seconds * SECOND
  const isOver = () => {
    ctx.signal.throwIfAborted()
    if (performance.now() > endsAt) search.stopped ??= 'time'
    else if (search.lookedAt >= maxLookedAt) search.stopped ??= 'looked_at'
    return search.stopped !== undefined
  }
  const wanted = pattern === undefined ? input.type : 'file'
  const fits = (found: Found) => (wanted === 'any' || kindName(found.facts.kind) === wanted) && fitsName(found.path)

  const entries: NonNullable<FindResult['entries']> = []
  const matches: NonNullable<FindResult['matches']> = []
  const isFull = () => {
    if (entries.length + matches.length >= input.max) search.stopped ??= 'max'
    return search.stopped !== undefined
  }
  const isClosed = await closedBelow(start)
  for await (const some of walk({ path: '', place: start, facts }, search, isClosed, isOver, ctx)) {
    const fitting = some.filter(fits)
    if (pattern === undefined) {
      for (const {
        path,
        facts: { kind, size, mtimeMs },
      } of fitting) {
        if (isFull()) break
        entries.push({ path, type: kindName(kind), size, mtime: mtimeMs })
      }
    } else {
      for (let at = 0; at < fitting.length && !isFull() && !isOver(); at += filesAtOnce) {
        const group = fitting.slice(at, at + filesAtOnce)
        // One after the other through the one pattern thread; opening and reading overlap.
        const results = await Promise.all(
          group.map((found) => searchFile(deps, found, pattern, search, input.max, ctx, isOver)),
        )
        for (const hit of results.flat()) if (!isFull()) matches.push(hit)
      }
    }
    if (isFull() || isOver()) break
  }
  return {
    host: start.host.name,
    path: start.real,
    ...(pattern === undefined ? { entries } : { matches }),
    looked_at: search.lookedAt,
    truncated: search.stopped !== undefined,
    ...(search.stopped === undefined ? {} : { stopped: search.stopped }),
    ...(search.skippedCount === 0 ? {} : { skipped: search.skipped, skipped_count: search.skippedCount }),
  }
}

/** Folder by folder, each sorted by name, a folder's own content before that of its folders. */
async function* walk(
  start: Found,
  search: Search,
  isClosed: (real: string) => boolean,
  isOver: () => boolean,
  ctx: Ctx,
): AsyncGenerator<readonly Found[]> {
  if (start.facts.kind !== 'folder') {
    search.lookedAt++
    yield [{ ...start, path: start.place.real.slice(start.place.real.lastIndexOf('/') + 1) }]
    return
  }
  const ahead: Found[] = [start]
  for (let folder = ahead.pop(); folder !== undefined && !isOver(); folder = ahead.pop()) {
    const at = (name: string) => (folder.path === '' ? name : `${folder.path}/${name}`)
    const { place } = folder
    if (isClosed(place.real)) {
      skip(search, folder.path, 'is closed to file tools')
      continue
    }
    let found: Found[]
    try {
      const entries = await place.host.files.list(place.real, (name, reason) => skip(search, at(name), reason))
      found = entries
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, facts }) => ({ path: at(name), place: below(place, name), facts }))
    } catch (error) {
      if (folder === start) throw error
      skip(search, folder.path, whyOf(error, ctx))
      continue
    }
    search.lookedAt += found.length
    ctx.progress?.({ message: `looked at ${search.lookedAt} names`, done: search.lookedAt })
    yield found
    ahead.push(...found.filter(({ facts }) => facts.kind === 'folder').toReversed())
  }
}

async function searchFile(
  deps: FileDeps,
  { path, place, facts }: Found,
  pattern: LinePattern,
  search: Search,
  max: number,
  ctx: Ctx,
  isOver: () => boolean,
): Promise<NonNullable<FindResult['matches']>> {
  if (facts.size > maxSearchedBytes) {
    skip(search, path, `has ${facts.size} bytes; at most ${maxSearchedBytes} are searched`)
    return []
  }
  const hits: NonNullable<FindResult['matches']> = []
  try {
    await using file = await place.host.files.open(place.real)
    if (looksBinary(await file.read(0, Math.min(file.facts.size, 8 * 1024)))) return []
    const source = { size: file.facts.size, read: (offset: number, length: number) => file.read(offset, length) }
    for await (const lines of linesOf(source, ctx.signal)) {
      const texts = lines.map((line) => decode(line.bytes).text.replace(/\r?\n$/, ''))
      for (const index of await pattern.match(texts, ctx.signal)) {
        const text = texts[index] ?? ''
        hits.push({
          path,
          line: lines[index]?.number ?? 0,
          text: deps.masks.text(text).slice(0, maxLineChars).toWellFormed(),
        })
        if (hits.length >= max) return hits
      }
      if (isOver()) return hits
    }
  } catch (error) {
    if (error instanceof MaestroError && error.details?.['reason'] === 'slow_pattern') throw error
    skip(search, path, whyOf(error, ctx))
  }
  return hits
}

function skip(search: Search, path: string, reason: string): void {
  search.skippedCount++
  if (search.skipped.length < maxNamed) search.skipped.push({ path, reason })
}

function whyOf(error: unknown, ctx: Ctx): string {
  ctx.signal.throwIfAborted()
  const { code } = error instanceof MaestroError ? ((error.cause ?? {}) as { code?: unknown }) : { code: undefined }
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user'
  return error instanceof Error ? error.message.slice(0, 200) : String(error)
}

function kindName(kind: FileKind): NonNullable<FindResult['entries']>[number]['type'] {
  return kind === 'file' || kind === 'folder' || kind === 'link' ? kind : 'other'
}
