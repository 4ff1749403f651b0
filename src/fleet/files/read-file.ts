// maestro_read: a bounded look into one file.

import type { Ctx } from '#src/core/index.ts'
import { MaestroError } from '#src/core/index.ts'
import { shown } from './file-errors.ts'
import type { FileDeps } from './files.ts'
import { hashStill, maxHashedBytes, sha256Of } from './hash.ts'
import { createLinePattern } from './line-pattern.ts'
import type { ByteSource } from './lines.ts'
import { locateFor } from './locate.ts'
import { refuseSecretBytes } from './masks.ts'
import type { OpenFile } from './ports.ts'
import { selectText, type SelectedText } from './select-text.ts'
import type { ReadInput, ReadResult } from './shapes.ts'
import { decode, fromCharacter, looksBinary, upTo } from './utf8.ts'

/** Up to here a file is read once and everything is said of those bytes, whoever writes meanwhile. */
const snapshotBytes = 8 * 1024 * 1024

/** @throws `invalid_input` for several ways to select, for a binary file as text, for what is no regular file; `not_found`, `forbidden` */
export async function readFile(deps: FileDeps, ctx: Ctx, input: ReadInput): Promise<ReadResult> {
  refuseMixed(input)
  const { host, real } = await locateFor(deps.hosts, ctx, input, 'read')
  await using file = await host.files.open(real)
  const { size, mtimeMs } = file.facts
  const snapshot = size <= snapshotBytes ? await file.read(0, size + 1) : undefined
  const source: ByteSource =
    snapshot === undefined
      ? { size, read: (offset, length) => file.read(offset, length) }
      : { size: snapshot.length, read: async (offset, length) => snapshot.subarray(offset, offset + length) }
  const part =
    input.byte_range !== undefined || input.encoding === 'base64'
      ? await readBytes(deps, input, source, real)
      : await readLines(deps, input, source, real, ctx.signal)
  return {
    host: host.name,
    path: real,
    ...part,
    encoding: input.encoding,
    sha256: snapshot === undefined ? await hashIfSmall(file, ctx.signal) : sha256Of(snapshot),
    size: source.size,
    mtime: mtimeMs,
  }
}

type Part = Omit<ReadResult, 'host' | 'path' | 'encoding' | 'sha256' | 'size' | 'mtime'>

async function readBytes(deps: FileDeps, input: ReadInput, source: ByteSource, real: string): Promise<Part> {
  const start = Math.min(input.byte_range?.start ?? 0, source.size)
  const end = Math.min(input.byte_range?.end ?? source.size, source.size)
  const wanted = Math.max(0, end - start)
  const isText = input.encoding === 'text'
  // Four characters of base64 are three bytes.
  const room = isText ? input.max_output_bytes : Math.floor(input.max_output_bytes / 4) * 3
  const bytes = await source.read(start, Math.min(wanted, room + (isText ? 4 : 0)))
  const isCut = wanted > room
  if (!isText) {
    refuseSecretBytes(deps.masks, real, bytes)
    const next = start + bytes.length
    return { text: Buffer.from(bytes).toString('base64'), ...ends(next, source.size, isCut) }
  }
  refuseBinary(real, bytes)
  // A range may begin and end anywhere; what is shown is whole characters.
  const whole = start === 0 ? bytes : fromCharacter(bytes)
  const skipped = bytes.length - whole.length
  const some = upTo(whole, Math.min(room, wanted - skipped))
  const tidy = start + skipped + some.length < source.size ? wholeEnd(some) : some
  const next = start + skipped + tidy.length
  return { ...asText(deps, tidy), ...ends(next, source.size, isCut) }
}

/** Without a character that the range cuts in two. */
function wholeEnd(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

const ends = (next: number, size: number, truncated: boolean) => ({
  eof: next >= size,
  truncated,
  ...(next >= size ? {} : { next_byte: next }),
})

async function readLines(
  deps: FileDeps,
  input: ReadInput,
  source: ByteSource,
  real: string,
  signal: AbortSignal,
): Promise<Part> {
  refuseBinary(real, await source.read(0, 8 * 1024))
  await using pattern = input.match === undefined ? undefined : createLinePattern(input.match)
  const selected = await selectText(
    source,
    {
      fromLine: input.offset_line ?? 1,
      lines: input.head ?? input.limit,
      tail: input.tail,
      pattern,
      maxBytes: input.max_output_bytes,
    },
    signal,
  )
  refuseBinary(real, selected.bytes)
  return {
    ...asText(deps, selected.bytes),
    eof: selected.isEnd,
    truncated: selected.isCut,
    ...whereabouts(selected),
  }
}

const whereabouts = (selected: SelectedText) => ({
  ...(selected.firstLine === null ? {} : { first_line: selected.firstLine }),
  ...(selected.lastLine === null ? {} : { last_line: selected.lastLine }),
  ...(selected.nextLine === null ? {} : { next_line: selected.nextLine }),
  ...(selected.nextByte === null ? {} : { next_byte: selected.nextByte }),
  ...(selected.matches === null ? {} : { matches: selected.matches }),
})

function asText(deps: FileDeps, bytes: Uint8Array) {
  const { text, isLossy } = decode(bytes)
  const masked = deps.masks.text(text)
  return {
    text: masked,
    ...(masked === text ? {} : { masked: true as const }),
    ...(isLossy ? { invalid_utf8: true as const } : {}),
  }
}

async function hashIfSmall(file: OpenFile, signal: AbortSignal): Promise<string | null> {
  return file.facts.size <= maxHashedBytes ? hashStill(file, signal) : null
}

function refuseBinary(real: string, bytes: Uint8Array): void {
  if (!looksBinary(bytes)) return
  throw new MaestroError('invalid_input', `${shown(real)} is not text: it holds NUL bytes`, {
    hint: 'read it with encoding: base64, or move it with maestro_copy',
    details: { reason: 'binary', executed: 'no' },
  })
}

function refuseMixed(input: ReadInput): void {
  const ways = (['head', 'tail', 'offset_line', 'byte_range'] as const).filter((key) => input[key] !== undefined)
  const issues = [
    ...(ways.length > 1 ? [{ path: ways.join(', '), message: `only one of these at a time` }] : []),
    ...(input.limit !== undefined &&
    (input.head !== undefined || input.tail !== undefined || input.byte_range !== undefined)
      ? [{ path: 'limit', message: 'goes with offset_line, or alone' }]
      : []),
    ...(input.match !== undefined && (input.byte_range !== undefined || input.encoding === 'base64')
      ? [{ path: 'match', message: 'goes with lines of text, not with byte_range or base64' }]
      : []),
    ...(input.encoding === 'base64' && ways.some((way) => way !== 'byte_range')
      ? [{ path: 'encoding', message: 'base64 goes with byte_range, or with the whole file' }]
      : []),
    ...(input.byte_range?.end !== undefined && input.byte_range.end < input.byte_range.start
      ? [{ path: 'byte_range.end', message: `is ${input.byte_range.end}, before start ${input.byte_range.start}` }]
      : []),
  ]
  if (issues.length === 0) return
  throw new MaestroError(
    'invalid_input',
    `the selection is not clear: ${issues.map((i) => `${i.path}: ${i.message}`).join('; ')}`,
    {
      hint: 'head, tail, offset_line with limit, or byte_range',
      issues,
      details: { executed: 'no' },
    },
  )
}
