// White noise from 32-bit whole numbers: the same samples on every engine, and for every seed its own.

/** Mixes whole numbers into one seed. */
export function seedOf(...parts: readonly number[]): number {
  let seed = 0x9e3779b9
  for (const part of parts) {
    seed = Math.imul(seed ^ (part | 0), 0x85ebca6b)
    seed = Math.imul(seed ^ (seed >>> 13), 0xc2b2ae35)
    seed ^= seed >>> 16
  }
  return seed | 0
}

/** A stream of numbers evenly spread over [-1, 1). Xorshift with 32 bits of state; a zero seed is replaced. */
export class Noise {
  state: number

  constructor(seed: number) {
    this.state = seed === 0 ? 0x1234567 : seed | 0
  }

  next(): number {
    let s = this.state
    s ^= s << 13
    s ^= s >>> 17
    s ^= s << 5
    this.state = s
    return s / 2_147_483_648
  }

  /** Evenly over [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * 0.5 * (this.next() + 1)
  }
}
