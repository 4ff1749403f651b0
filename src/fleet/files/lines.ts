// Lines of a file in bounded memory, whatever it holds: blocks go in, lines come out, each cut at a length.

/** Longer lines are cut for showing and matching. */
export const maxLineBytes = 1024 * 1024
const blockBytes = 256 * 1024

export interface ByteSource {
  readonly size: number
  read(offset: number, length: number): Promise<Uint8Array>
}

export interface Line {
  /** The first line is 1. */
  readonly number: number
  /** Where it begins in the file. */
  readonly start: number
  /** With its line end, cut at `maxLineBytes`. */
  readonly bytes: Uint8Array
  /** Its true length. */
  readonly length: number
}

/** The lines of each block together, so that whoever looks at many need not await each. */
export async function* linesOf(source: ByteSource, signal: AbortSignal): AsyncGenerator<readonly Line[]> {
  let number = 1
  let start = 0
  let kept: Uint8Array[] = []
  let keptBytes = 0
  let length = 0
  const add = (part: Uint8Array) => {
    length += part.length
    const room = part.subarray(0, maxLineBytes - keptBytes)
    if (room.length === 0) return
    kept.push(room)
    keptBytes += room.length
  }
  const take = (): Line => {
    const line: Line = {
      number,
      start,
      length,
      bytes: kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept),
    }
    number++
    start += length
    kept = []
    keptBytes = 0
    length = 0
    return line
  }
  for (let offset = 0; ;) {
    signal.throwIfAborted()
    const block = await source.read(offset, blockBytes)
    if (block.length === 0) break
    offset += block.length
    const lines: Line[] = []
    let from = 0
    for (let at = block.indexOf(10); at !== -1; at = block.indexOf(10, from)) {
      add(block.subarray(from, at + 1))
      lines.push(take())
      from = at + 1
    }
    if (from < block.length) add(block.subarray(from))
    yield lines
  }
  if (length > 0) yield [take()]
}
