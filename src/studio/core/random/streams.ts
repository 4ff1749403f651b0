// Seeded randomness by name: `stream(seed, 'bass', bar)` is the same everywhere and depends on no other stream,
// so making one bar again disturbs none. 32-bit integers only. Leaves out time and platform randomness.

import { at } from '../lists.ts'

export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number
  /** From low to high, both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** By weights, which need not add up to anything. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T
  /** Normal with SD 1, as a sum of twelve uniforms: never beyond 6. */
  gaussian(): number
  shuffled<T>(list: readonly T[]): T[]
}

/** cyrb128 by bryc (public domain): four 32-bit words from a text. */
function hash(text: string): [number, number, number, number] {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762]
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    a = b ^ Math.imul(a ^ unit, 597399067)
    b = c ^ Math.imul(b ^ unit, 2869860233)
    c = d ^ Math.imul(c ^ unit, 951274213)
    d = a ^ Math.imul(d ^ unit, 2716044179)
  }
  a = Math.imul(c ^ (a >>> 18), 597399067)
  b = Math.imul(d ^ (b >>> 22), 2869860233)
  c = Math.imul(a ^ (c >>> 17), 951274213)
  d = Math.imul(b ^ (d >>> 19), 2716044179)
  return [a ^ b ^ c ^ d, b ^ a, c ^ a, d ^ a]
}

/** sfc32 by Chris Doty-Humphrey (public domain). */
function sfc32(words: [number, number, number, number]): () => number {
  let [a, b, c, d] = words
  return () => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4294967296
  }
}

export function stream(seed: string, ...names: readonly (string | number)[]): Random {
  const next = sfc32(hash(`${seed}/${names.join('/')}`))
  // The first values after a weak hash are correlated.
  for (let round = 0; round < 8; round += 1) next()
  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: (list) => at(list, below(list.length)),
    weighted(choices) {
      let left = next() * choices.reduce((total, [, weight]) => total + weight, 0)
      for (const [value, weight] of choices) {
        left -= weight
        if (left < 0) return value
      }
      return at(choices, choices.length - 1)[0]
    },
    gaussian() {
      let total = -6
      for (let index = 0; index < 12; index += 1) total += next()
      return total
    },
    shuffled(list) {
      const copy = [...list]
      for (let index = copy.length - 1; index > 0; index -= 1) {
        const other = below(index + 1)
        const held = at(copy, index)
        copy[index] = at(copy, other)
        copy[other] = held
      }
      return copy
    },
  }
}
