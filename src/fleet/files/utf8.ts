// Bytes as text, with characters whole at both ends of a cut.

/** Drops what is left of a character at the beginning. */
export function fromCharacter(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < 3 && start < bytes.length && isContinuation(bytes[start])) start++
  return bytes.subarray(start)
}

/** The longest beginning of at most `max` bytes that ends between two characters. */
export function upTo(bytes: Uint8Array, max: number): Uint8Array {
  if (bytes.length <= max) return bytes
  let end = max
  while (end > 0 && max - end < 4 && isContinuation(bytes[end])) end--
  return bytes.subarray(0, isContinuation(bytes[end]) ? max : end)
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

export interface Decoded {
  readonly text: string
  /** Bytes that are no UTF-8 are shown as U+FFFD. */
  readonly isLossy: boolean
}

export function decode(bytes: Uint8Array): Decoded {
  try {
    return { text: strict.decode(bytes), isLossy: false }
  } catch {
    return { text: lossy.decode(bytes), isLossy: true }
  }
}

/** NUL is in no text that a model could use. */
export const looksBinary = (bytes: Uint8Array): boolean => bytes.includes(0)
