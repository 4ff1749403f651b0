// The shapes of credentials: how each value is made, recognised and hashed. Pure but for the random bits.

import { createHash, randomBytes } from 'node:crypto'

interface Shape {
  readonly prefix: string
  readonly bytes: number
}

/** Prefixes make a leaked value recognisable to people and secret scanners. */
export const signInCode: Shape = { prefix: 'msc_', bytes: 16 }
export const sessionValue: Shape = { prefix: 'mss_', bytes: 32 }
export const tokenValue: Shape = { prefix: 'mst_', bytes: 32 }

export function newValue(shape: Shape): string {
  return shape.prefix + randomBytes(shape.bytes).toString('base64url')
}

/** Cheap test before the database is asked; accepts every value `newValue` can make. */
export function looksLike(shape: Shape, value: string): boolean {
  return (
    value.startsWith(shape.prefix) &&
    value.length === shape.prefix.length + Math.ceil((shape.bytes * 4) / 3) &&
    /^[\w-]+$/.test(value)
  )
}

/**
 * What is stored and looked up. Comparing hashes in an index leaks at most how many leading bits of a
 * hash match, which says nothing about the value: this is the constant-time comparison.
 */
export function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}
