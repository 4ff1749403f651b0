// What has been read of one stream, as lines: its beginning, and its end as far as that was read, with a hole
// between them when it is long. Bytes are counted, so that reading goes on where it stopped. Pure but for its own
// state; draws nothing.

import { plain, stripAnsi, styleAfter, type Style } from '../../lib/ansi.ts'

/** A line longer than this is drawn in rows. */
const rowChars = 4_096
/** Of what is kept at the end while it grows: then the older half goes. */
const mostTailBytes = 8 * 1024 * 1024
const mostTailRows = 400_000

export interface OutputRow {
  readonly raw: string
  /** How its first character looks. */
  readonly style: Style
  /** It goes on from the row above: the line was too long for one. */
  readonly continues: boolean
}

/** Rows read without a hole. `start` and `end` are bytes of the stream. */
interface Block {
  start: number
  end: number
  rows: OutputRow[]
  /** The last row has no line break yet. */
  isOpen: boolean
  /** How what follows the last row begins. */
  after: Style
  /** Where a slice ended with a line: the block can be cut there. */
  marks: { rows: number; byte: number }[]
}

export interface OutputBuffer {
  /** Takes a slice in: at the end of what is there, at the end of the beginning, or as a new end. */
  add(slice: { offset: number; next: number; text: string }): void
  /** Puts what was read before the end in front of it. */
  addBefore(slice: { offset: number; next: number; text: string }): void
  readonly rowCount: number
  /** Undefined: the hole. */
  row(index: number): OutputRow | undefined
  /** Bytes between the beginning and the end that were not read, and where they are. */
  readonly hole: { readonly from: number; readonly to: number } | undefined
  /** Number of rows before the hole. */
  readonly headRows: number
  /** Where reading goes on. */
  readonly end: number
  /** Rows that hold the text, in any case of letters; the hole is not searched. At most `most`. */
  find(text: string, most: number): number[]
}

const newBlock = (start: number): Block => ({ start, end: start, rows: [], isOpen: false, after: plain, marks: [] })

export function createOutputBuffer(): OutputBuffer {
  const head = newBlock(0)
  let tail: Block | undefined
  const current = () => tail ?? head
  const hole = () => (tail !== undefined && tail.start > head.end ? { from: head.end, to: tail.start } : undefined)

  function closeHole() {
    if (tail === undefined || tail.start > head.end) return
    join(head, tail)
    tail = undefined
  }

  /** While it grows without end only its newest part is worth its memory. */
  function trim() {
    const block = current()
    if (block.end - block.start < mostTailBytes && block.rows.length < mostTailRows) return
    const first = block.marks[0]
    const cut = block.marks.find((mark) => mark.rows >= block.rows.length / 2)
    if (first === undefined || cut === undefined || (tail === undefined && cut === first)) return
    const kept: Block = {
      ...block,
      start: cut.byte,
      rows: block.rows.slice(cut.rows),
      marks: block.marks
        .filter((mark) => mark.byte > cut.byte)
        .map(({ rows, byte }) => ({ rows: rows - cut.rows, byte })),
    }
    if (tail === undefined)
      Object.assign(head, { end: first.byte, rows: head.rows.slice(0, first.rows), isOpen: false, marks: [first] })
    tail = kept
  }

  return {
    add({ offset, next, text }) {
      if (next <= offset) return
      const block = current()
      if (offset === block.end) append(block, text, next)
      else if (tail !== undefined && offset === head.end) {
        append(head, text, next)
        closeHole()
      } else if (offset > block.end) {
        tail = newBlock(offset)
        append(tail, text, next)
      }
      trim()
    },
    addBefore({ offset, next, text }) {
      if (tail === undefined || next !== tail.start || offset < head.end) return
      const block = newBlock(offset)
      append(block, text, next)
      join(block, tail)
      tail = block
      closeHole()
    },
    get rowCount() {
      return head.rows.length + (tail?.rows.length ?? 0) + (hole() === undefined ? 0 : 1)
    },
    row(index) {
      if (index < head.rows.length) return head.rows[index]
      const rest = index - head.rows.length
      return tail?.rows[hole() === undefined ? rest : rest - 1]
    },
    get hole() {
      return hole()
    },
    get headRows() {
      return head.rows.length
    },
    get end() {
      return current().end
    },
    find(text, most) {
      const wanted = text.toLowerCase()
      const found: number[] = []
      if (wanted === '') return found
      const shift = head.rows.length + (hole() === undefined ? 0 : 1)
      for (const [rows, from] of [
        [head.rows, 0],
        [tail?.rows ?? [], shift],
      ] as const) {
        for (const [at, { raw }] of rows.entries()) {
          if (found.length >= most) return found
          if (stripAnsi(raw).toLowerCase().includes(wanted)) found.push(from + at)
        }
      }
      return found
    },
  }
}

function append(block: Block, text: string, end: number) {
  const lines = text.split('\n')
  const last = lines.length - 1
  for (const [at, line] of lines.entries()) {
    // What follows the last line break is a line only once something stands in it.
    if (at === last && line === '') {
      block.isOpen = at === 0 && block.isOpen
      break
    }
    push(block, line)
    block.isOpen = at === last
  }
  block.end = end
  if (!block.isOpen) block.marks.push({ rows: block.rows.length, byte: end })
}

function push(block: Block, line: string) {
  let text = line
  let style = block.after
  let continues = false
  if (block.isOpen) {
    const open = block.rows.pop()
    if (open !== undefined) {
      text = open.raw + line
      style = open.style
      continues = open.continues
    }
    block.isOpen = false
  }
  do {
    const raw = text.slice(0, rowChars)
    text = text.slice(rowChars)
    block.rows.push({ raw, style, continues })
    style = styleAfter(raw, style)
    continues = true
  } while (text !== '')
  block.after = style
}

/** Puts `next` behind `block`, whose end is its beginning; a line cut between the two becomes one. */
function join(block: Block, next: Block) {
  const [first, ...rest] = next.rows
  const before = block.rows.length
  if (first !== undefined && block.isOpen) {
    push(block, first.raw)
    if (rest.length > 0) block.after = next.after
  } else {
    if (first !== undefined) block.rows.push(first)
    block.after = next.after
  }
  const grown = block.rows.length - before - (first === undefined ? 0 : 1)
  for (const row of rest) block.rows.push(row)
  for (const mark of next.marks) block.marks.push({ rows: before + grown + mark.rows, byte: mark.byte })
  if (first !== undefined) block.isOpen = next.isOpen
  block.end = next.end
}
