// Cuts a stream of bytes into lines, however it is chunked, with a bound: a line that is longer is dropped
// whole. Works on bytes, so a character that is split over two chunks stays in one piece.

export interface LineSplitter {
  push(chunk: Uint8Array): string[]
  /** What stood after the last line break. */
  end(): string[]
}

const lineFeed = 0x0a

export function createLineSplitter(maxBytes: number): LineSplitter {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let isTooLong = false

  function hold(piece: Uint8Array): void {
    if (piece.length === 0 || isTooLong) return
    heldBytes += piece.length
    if (heldBytes > maxBytes) {
      isTooLong = true
      held = []
    } else held.push(piece)
  }

  function take(): string[] {
    const text = isTooLong ? null : Buffer.concat(held).toString('utf8').replace(/\r$/, '')
    held = []
    heldBytes = 0
    isTooLong = false
    return text === null ? [] : [text]
  }

  return {
    push(chunk) {
      const lines: string[] = []
      let from = 0
      for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
        hold(chunk.subarray(from, at))
        lines.push(...take())
        from = at + 1
      }
      // A copy: the chunk's memory may be used again once it has been passed on.
      if (from < chunk.length) hold(chunk.slice(from))
      return lines
    },
    end: () => (heldBytes > 0 ? take() : []),
  }
}
