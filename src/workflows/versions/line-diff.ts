// What became of the lines of a text. Bounded in time and size, whatever two megabytes of prompts hold: past a
// number of differences the changed part is told as removed and added whole. Pure.

export interface DiffLine {
  readonly op: 'same' | 'added' | 'removed' | 'gap'
  readonly text: string
}

/** Equal lines shown around a change. */
const context = 3
/** Myers' algorithm takes time and memory by the square of this. */
const maxDifferences = 500
const maxLines = 2_000
const maxLineChars = 1_000

export function diffLines(before: string, after: string): DiffLine[] {
  return shortened(compare(before.split('\n'), after.split('\n')))
}

/** Every line of a text that is new or gone. */
export function wholeText(op: 'added' | 'removed', text: string): DiffLine[] {
  return shortened(text.split('\n').map((line) => ({ op, text: line })))
}

function compare(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++
  }
  const same = (text: string): DiffLine => ({ op: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

function middle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const trace = shortestEdit(before, after)
  if (trace !== undefined) return walkBack(trace, before, after)
  return [
    ...before.map((text): DiffLine => ({ op: 'removed', text })),
    ...after.map((text): DiffLine => ({ op: 'added', text })),
  ]
}

/**
 * E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy form: for each number of
 * differences the furthest point on every diagonal. Undefined when there are too many.
 */
function shortestEdit(before: readonly string[], after: readonly string[]): Int32Array[] | undefined {
  const [a, b] = numbered(before, after)
  const limit = Math.min(maxDifferences, a.length + b.length)
  const furthest = new Int32Array(2 * limit + 3)
  const at = (k: number): number => furthest[limit + 1 + k] ?? 0
  const trace: Int32Array[] = []
  for (let d = 0; d <= limit; d++) {
    trace.push(furthest.slice(limit + 1 - d - 1, limit + 1 + d + 2))
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest[limit + 1 + k] = x
      if (x >= a.length && x - k >= b.length) return trace
    }
  }
  return undefined
}

/** Lines as numbers, so that comparing two costs the same whatever their length. */
function numbered(before: readonly string[], after: readonly string[]): [Int32Array, Int32Array] {
  const numbers = new Map<string, number>()
  const numberOf = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size
    numbers.set(line, known)
    return known
  }
  return [Int32Array.from(before, numberOf), Int32Array.from(after, numberOf)]
}

/** `trace[d]` holds the furthest points of d - 1 differences, for the diagonals from -d - 1 to d + 1. */
function walkBack(trace: readonly Int32Array[], before: readonly string[], after: readonly string[]): DiffLine[] {
  const lines: DiffLine[] = []
  let x = before.length
  let y = after.length
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d]
    const at = (k: number): number => furthest?.[k + d + 1] ?? 0
    const k = x - y
    const isDown = k === -d || (k !== d && at(k - 1) < at(k + 1))
    const fromK = isDown ? k + 1 : k - 1
    const fromX = d === 0 ? 0 : at(fromK)
    const fromY = d === 0 ? 0 : fromX - fromK
    while (x > fromX && y > fromY) {
      x--
      y--
      lines.push({ op: 'same', text: before[x] ?? '' })
    }
    if (d === 0) break
    if (isDown) lines.push({ op: 'added', text: after[--y] ?? '' })
    else lines.push({ op: 'removed', text: before[--x] ?? '' })
  }
  return lines.reverse()
}

/** Long equal stretches become a gap, and so does what is past the limit. */
function shortened(lines: readonly DiffLine[]): DiffLine[] {
  const kept: DiffLine[] = []
  for (let at = 0; at < lines.length;) {
    const line = lines[at]
    if (line === undefined) break
    if (kept.length >= maxLines) {
      kept.push(gap(lines.length - at))
      break
    }
    let end = at
    while (lines[end]?.op === 'same') end++
    const [head, tail] = [at === 0 ? 0 : context, end === lines.length ? 0 : context]
    if (end - at > head + tail + 1) {
      kept.push(...lines.slice(at, at + head).map(cut), gap(end - at - head - tail))
      kept.push(...lines.slice(end - tail, end).map(cut))
      at = end
    } else {
      kept.push(cut(line))
      at += 1
    }
  }
  return kept
}

const gap = (count: number): DiffLine => ({ op: 'gap', text: `${count} lines` })

const cut = (line: DiffLine): DiffLine =>
  line.text.length <= maxLineChars ? line : { op: line.op, text: `${line.text.slice(0, maxLineChars)}…` }
