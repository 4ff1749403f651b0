// Which part of a file is shown: lines from the beginning, from a line, from the end, or those that fit a pattern;
// never more bytes than asked for, cut between lines where that is possible and between characters always.

import type { LinePattern } from './line-pattern.ts'
import { type ByteSource, type Line, linesOf } from './lines.ts'
import { decode, fromCharacter, upTo } from './utf8.ts'

export interface TextSelection {
  /** The first line that is shown is 1 or later. */
  readonly fromLine: number
  readonly lines: number | undefined
  /** Lines from the end, instead. */
  readonly tail: number | undefined
  readonly pattern: LinePattern | undefined
  readonly maxBytes: number
}

export interface SelectedText {
  readonly bytes: Uint8Array
  /** Of what is shown; null when nothing is, or when it is not known (the end of a large file). */
  readonly firstLine: number | null
  readonly lastLine: number | null
  /** What is shown reaches the end of the file. */
  readonly isEnd: boolean
  /** `maxBytes` left something out. */
  readonly isCut: boolean
  /** Where to go on; null at the end. */
  readonly nextLine: number | null
  readonly nextByte: number | null
  /** Lines that fit the pattern, among those looked at. */
  readonly matches: number | null
}

export async function selectText(source: ByteSource, want: TextSelection, signal: AbortSignal): Promise<SelectedText> {
  if (want.tail !== undefined) return selectTail(source, want, want.tail, signal)
  const shown: Uint8Array[] = []
  let bytes = 0
  let first: number | null = null
  let last: number | null = null
  let count = 0
  const result = (rest: Pick<SelectedText, 'isEnd' | 'isCut' | 'nextLine' | 'nextByte'>): SelectedText => ({
    bytes: Buffer.concat(shown),
    firstLine: first,
    lastLine: last,
    matches: want.pattern === undefined ? null : count,
    ...rest,
  })
  for await (const block of linesOf(source, signal)) {
    for (const line of await fitting(block, want, signal)) {
      if (count === want.lines) {
        return result({ isEnd: false, isCut: false, nextLine: line.number, nextByte: line.start })
      }
      const text = want.pattern === undefined ? line.bytes : numbered(line)
      const room = want.maxBytes - bytes
      const isShort = want.pattern !== undefined || text.length === line.length
      if (text.length > room || !isShort) {
        if (bytes > 0) return result({ isEnd: false, isCut: true, nextLine: line.number, nextByte: line.start })
        const part = upTo(text, room)
        shown.push(part)
        first = last = line.number
        return result({ isEnd: false, isCut: true, nextLine: line.number + 1, nextByte: line.start + part.length })
      }
      shown.push(text)
      bytes += text.length
      count++
      first ??= line.number
      last = line.number
    }
  }
  return result({ isEnd: true, isCut: false, nextLine: null, nextByte: null })
}

/** Only as much of the end as could be shown is looked at. */
async function selectTail(
  source: ByteSource,
  want: TextSelection,
  tail: number,
  signal: AbortSignal,
): Promise<SelectedText> {
  if (want.pattern !== undefined) return selectMatchingTail(source, want, tail, signal)
  const start = Math.max(0, source.size - want.maxBytes - 1)
  const window = await source.read(start, source.size - start)
  let at = window.at(-1) === 10 ? window.length - 1 : window.length
  for (let left = tail; left > 0; left--) {
    at = at === 0 ? -1 : window.lastIndexOf(10, at - 1)
    if (at === -1) break
  }
  const end = { isEnd: true, nextLine: null, nextByte: null, firstLine: null, lastLine: null, matches: null }
  if (at !== -1 || (start === 0 && window.length <= want.maxBytes)) {
    return { ...end, bytes: window.subarray(at + 1), isCut: false }
  }
  // More lines were asked for than there is room: whole lines of the end, or the end of one long line.
  const room = window.subarray(Math.max(0, window.length - want.maxBytes))
  const line = room.indexOf(10)
  const whole = line === -1 || line === room.length - 1 ? fromCharacter(room) : room.subarray(line + 1)
  return { ...end, bytes: whole, isCut: true }
}

async function selectMatchingTail(
  source: ByteSource,
  want: TextSelection,
  tail: number,
  signal: AbortSignal,
): Promise<SelectedText> {
  const kept: Line[] = []
  let count = 0
  let bytes = 0
  for await (const block of linesOf(source, signal)) {
    for (const line of await fitting(block, want, signal)) {
      kept.push(line)
      bytes += line.bytes.length
      count++
      while (kept.length > tail || (bytes > want.maxBytes && kept.length > 1)) bytes -= kept.shift()?.bytes.length ?? 0
    }
  }
  const text = Buffer.concat(kept.map(numbered))
  return {
    bytes: upTo(text, want.maxBytes),
    firstLine: kept[0]?.number ?? null,
    lastLine: kept.at(-1)?.number ?? null,
    isEnd: true,
    isCut: text.length > want.maxBytes || kept.length < Math.min(tail, count),
    nextLine: null,
    nextByte: null,
    matches: count,
  }
}

async function fitting(block: readonly Line[], want: TextSelection, signal: AbortSignal): Promise<readonly Line[]> {
  const from = block.findIndex((line) => line.number >= want.fromLine)
  if (from === -1) return []
  const lines = from === 0 ? block : block.slice(from)
  if (want.pattern === undefined) return lines
  const texts = lines.map((line) => decode(line.bytes).text.replace(/\r?\n$/, ''))
  const hits = await want.pattern.match(texts, signal)
  return hits.flatMap((index) => lines[index] ?? [])
}

/** Its number goes before a line that is shown without its neighbours. */
function numbered(line: Line): Uint8Array {
  const end = line.bytes.at(-1) === 10 ? '' : '\n'
  return Buffer.concat([Buffer.from(`${line.number}: `), line.bytes, Buffer.from(end)])
}
