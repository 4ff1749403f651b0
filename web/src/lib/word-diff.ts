// Lines of a difference with the words that changed inside them. Pure.

import { diffLines } from './diff.ts'

export type Op = 'same' | 'added' | 'removed' | 'gap'
export interface Segment {
  text: string
  isChanged: boolean
}
export interface DiffRow {
  op: Op
  segments: Segment[]
}

/** Longer ones are told as a whole: nobody reads word marks there, and the comparison is quadratic. */
const longestLine = 2_000

/**
 * A removed line and the added one that took its place are compared word by word, when at least a third of them is
 * the same; others are told as a whole.
 */
export function diffRows(lines: readonly { op: Op; text: string }[]): DiffRow[] {
  const rows: DiffRow[] = []
  for (let at = 0; at < lines.length;) {
    const removed = take(lines, at, 'removed')
    const added = take(lines, at + removed.length, 'added')
    if (removed.length === 0 && added.length === 0) {
      const line = lines[at++]
      if (line !== undefined) rows.push({ op: line.op, segments: [{ text: line.text, isChanged: false }] })
      continue
    }
    at += removed.length + added.length
    const pairs = removed.map((text, index) => pairOf(text, added[index]))
    rows.push(
      ...removed.map((text, index): DiffRow => ({ op: 'removed', segments: pairs[index]?.before ?? whole(text) })),
    )
    rows.push(...added.map((text, index): DiffRow => ({ op: 'added', segments: pairs[index]?.after ?? whole(text) })))
  }
  return rows
}

const whole = (text: string): Segment[] => [{ text, isChanged: false }]

function take(lines: readonly { op: Op; text: string }[], from: number, op: Op): string[] {
  const found: string[] = []
  for (let at = from; lines[at]?.op === op; at++) found.push(lines[at]?.text ?? '')
  return found
}

function pairOf(before: string, after: string | undefined): { before: Segment[]; after: Segment[] } | undefined {
  if (after === undefined || before.length > longestLine || after.length > longestLine) return undefined
  const words = diffLines(wordsOf(before), wordsOf(after))
  const kept = words.reduce((sum, word) => sum + (word.kind === 'same' ? word.text.trim().length : 0), 0)
  if (kept * 3 < Math.max(before.trim().length, after.trim().length)) return undefined
  const side = (kind: 'removed' | 'added') =>
    join(
      words
        .filter((word) => word.kind === 'same' || word.kind === kind)
        .map((word) => ({ text: word.text, isChanged: word.kind === kind })),
    )
  return { before: side('removed'), after: side('added') }
}

const wordsOf = (line: string): string[] => line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? []

function join(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = []
  for (const segment of segments) {
    const last = joined.at(-1)
    if (last?.isChanged === segment.isChanged) last.text += segment.text
    else joined.push({ ...segment })
  }
  return joined
}

/** Lines for two texts, long equal stretches left out. */
export function linesOf(before: string, after: string, context = 3): { op: Op; text: string }[] {
  const all = diffLines(before.split('\n'), after.split('\n')).map(({ kind, text }) => ({ op: kind, text }))
  const isNear = all.map((_, at) =>
    all.slice(Math.max(0, at - context), at + context + 1).some(({ op }) => op !== 'same'),
  )
  const lines: { op: Op; text: string }[] = []
  all.forEach((line, at) => {
    if (isNear[at] === true) lines.push(line)
    else if (lines.at(-1)?.op !== 'gap') lines.push({ op: 'gap', text: '' })
  })
  return lines
}
