// What of an output goes into an answer: all of it when it is small, else its beginning and its end with a remark
// between them, cut at whole characters. Reads only what it shows.

import { isUtf8 } from 'node:buffer'

/** Bytes of one stream, wherever they are. */
export interface Source {
  readonly bytes: number
  /** At most `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Buffer>
}

export interface Excerpt {
  readonly text: string
  /** The text has not all that was printed, or not as it was printed. */
  readonly isCut: boolean
}

const headShare = 0.4

/**
 * Both streams within `maxBytes` together, remarks not counted: the shorter one whole if it can be, else halves.
 * @param where how to get all of it, for the remark
 */
export async function excerptBoth(
  out: Source,
  err: Source,
  maxBytes: number,
  where: string,
): Promise<{ stdout: Excerpt; stderr: Excerpt }> {
  const half = Math.floor(maxBytes / 2)
  const forErr = Math.max(half, maxBytes - out.bytes)
  const forOut = Math.max(half, maxBytes - err.bytes)
  return { stdout: await excerpt(out, forOut, where), stderr: await excerpt(err, forErr, where) }
}

async function excerpt(source: Source, maxBytes: number, where: string): Promise<Excerpt> {
  if (source.bytes <= maxBytes) return whole(await source.read(0, source.bytes), where)
  const headBytes = Math.floor(maxBytes * headShare)
  const tailBytes = maxBytes - headBytes
  const head = trimEnd(await source.read(0, headBytes))
  const tail = trimStart(await source.read(source.bytes - tailBytes, tailBytes))
  if (isBinary(head) || isBinary(tail)) return { text: binary(source.bytes, where), isCut: true }
  const left = source.bytes - head.length - tail.length
  const remark = `[... ${left} of ${source.bytes} bytes left out; all of it: ${where} ...]`
  return { text: `${decode(head)}\n${remark}\n${decode(tail)}`, isCut: true }
}

function whole(bytes: Buffer, where: string): Excerpt {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), isCut: false }
  if (isBinary(bytes)) return { text: binary(bytes.length, where), isCut: true }
  return { text: decode(bytes), isCut: true }
}

const binary = (bytes: number, where: string): string => `[${bytes} bytes that are not text; all of them: ${where}]`

/** Not UTF-8, and with control characters that no text has: more would be noise than sense. */
function isBinary(bytes: Buffer): boolean {
  if (isUtf8(bytes)) return false
  return bytes.some((byte) => byte < 32 && (byte < 7 || byte > 13) && byte !== 27)
}

/** What is no UTF-8 becomes U+FFFD. */
export const decode = (bytes: Buffer): string => bytes.toString('utf8')

/** Without the beginning of a character whose end is missing. */
export function trimEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte >= 0xc0) return back < lengthOf(byte) ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

/** Without the end of a character whose beginning is missing. */
export function trimStart(bytes: Buffer): Buffer {
  let start = 0
  while (start < Math.min(3, bytes.length) && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++
  // Four in a row are no character's rest: then this is no UTF-8, and stays as it is.
  return start === 3 && ((bytes[3] ?? 0) & 0xc0) === 0x80 ? bytes : bytes.subarray(start)
}

const lengthOf = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2)
