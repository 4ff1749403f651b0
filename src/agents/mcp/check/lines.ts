// Bytes of a stdio server as lines, with a bound: a server that never ends a line must not fill the memory.

export interface BoundedLines {
  /** Whole lines, without their line break. @throws what `onTooLong` makes, for a line above the bound */
  push(chunk: Buffer): string[]
}

export function createBoundedLines(maxBytes: number, onTooLong: () => Error): BoundedLines {
  let parts: Buffer[] = []
  let held = 0
  return {
    push(chunk) {
      const lines: string[] = []
      let start = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        const line = Buffer.concat([...parts, chunk.subarray(start, end)]).toString('utf8')
        lines.push(line.endsWith('\r') ? line.slice(0, -1) : line)
        parts = []
        held = 0
        start = end + 1
      }
      held += chunk.length - start
      if (held > maxBytes) {
        parts = []
        throw onTooLong()
      }
      if (start < chunk.length) parts.push(chunk.subarray(start))
      return lines
    },
  }
}
