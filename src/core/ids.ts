// Ids: 128 random bits, so they can be made anywhere without asking the database.

import { randomBytes } from 'node:crypto'

/** Crockford base 32: no i, l, o, u, so an id read aloud is not mistaken. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** `<kind>_` and 26 letters from 128 random bits. */
export function newId(kind: string, bytes: Uint8Array = randomBytes(16)): string {
  let bits = 0n
  for (const byte of bytes.subarray(0, 16)) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let i = 0; i < 26; i++) {
    text = alphabet[Number(bits & 31n)] + text
    bits >>= 5n
  }
  return `${kind}_${text}`
}

/** Makes ids; tests pass a counting one. */
export type Ids = (kind: string) => string
export const randomIds: Ids = (kind) => newId(kind)
