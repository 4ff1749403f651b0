// Bytes of one stream, in pieces of any size, as whole lines. Splits bytes, never characters, so a
// character cut by a chunk border stays whole. A line beyond the limit is cut, not gathered.

export interface Line {
  /** Without its line break. */
  readonly text: string
  /** Offset behind the line break: everything before it has been read. */
  readonly end: number
  /** The line went on; the rest was dropped. */
  readonly isCut: boolean
}

export interface LineSplitter {
  push(bytes: Uint8Array): Line[]
  /** The last line, when it has no line break. */
  end(): Line[]
  /** Bytes seen so far. */
  readonly offset: number
}

const newline = 0x0a

export function createLineSplitter(maxBytes: number): LineSplitter {
  let parts: Uint8Array[] = []
  let held = 0
  let isCut = false
  let offset = 0

  function keep(bytes: Uint8Array): void {
    const room = maxBytes - held
    if (bytes.length > room) isCut = true
    if (room <= 0 || bytes.length === 0) return
    // A copy: chunks may be views of a buffer that the reader uses again.
    const kept = Uint8Array.from(bytes.subarray(0, room))
    parts.push(kept)
    held += kept.length
  }

  function take(): Line {
    const bytes = Buffer.concat(parts)
    const text = bytes.toString('utf8').replace(/\r$/, '')
    const line = { text: isCut ? text.replace(/\uFFFD+$/, '') : text, end: offset, isCut }
    parts = []
    held = 0
    isCut = false
    return line
  }

  return {
    push(bytes) {
      const lines: Line[] = []
      let from = 0
      for (;;) {
        const at = bytes.indexOf(newline, from)
        if (at < 0) break
        keep(bytes.subarray(from, at))
        offset += at + 1 - from
        lines.push(take())
        from = at + 1
      }
      keep(bytes.subarray(from))
      offset += bytes.length - from
      return lines
    },
    end: () => (held > 0 ? [take()] : []),
    get offset() {
      return offset
    },
  }
}
