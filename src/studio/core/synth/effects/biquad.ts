// Second-order filters in the shapes of an equaliser, with coefficients as in the well-known audio cookbook.

import { clamp, cos, dbToGain, sin, TAU } from '../../maths/index.ts'
import { undenormal } from './effect.ts'

export class Biquad {
  #b0 = 1
  #b1 = 0
  #b2 = 0
  #a1 = 0
  #a2 = 0
  #l1 = 0
  #l2 = 0
  #r1 = 0
  #r2 = 0

  #set(b0: number, b1: number, b2: number, a0: number, a1: number, a2: number): void {
    this.#b0 = b0 / a0
    this.#b1 = b1 / a0
    this.#b2 = b2 / a0
    this.#a1 = a1 / a0
    this.#a2 = a2 / a0
  }

  bell(turn: number, db: number, q: number): void {
    const w = TAU * clamp(turn, 0.0001, 0.49)
    const a = dbToGain(db / 2)
    const alpha = sin(w) / (2 * q)
    const c = -2 * cos(w)
    this.#set(1 + alpha * a, c, 1 - alpha * a, 1 + alpha / a, c, 1 - alpha / a)
  }

  /** `sign` -1 lifts what is below, 1 what is above. */
  shelf(turn: number, db: number, sign: -1 | 1): void {
    const w = TAU * clamp(turn, 0.0001, 0.49)
    const a = dbToGain(db / 2)
    const c = cos(w) * -sign
    const root = Math.sqrt(a) * sin(w) * Math.SQRT2
    const up = a + 1
    const down = a - 1
    this.#set(
      a * (up - down * c + root),
      -sign * 2 * a * (down - up * c),
      a * (up - down * c - root),
      up + down * c + root,
      sign * 2 * (down + up * c),
      up + down * c - root,
    )
  }

  low(turn: number, q: number): void {
    const w = TAU * clamp(turn, 0.0001, 0.49)
    const alpha = sin(w) / (2 * q)
    const c = cos(w)
    this.#set((1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha)
  }

  high(turn: number, q: number): void {
    const w = TAU * clamp(turn, 0.0001, 0.49)
    const alpha = sin(w) / (2 * q)
    const c = cos(w)
    this.#set((1 + c) / 2, -1 - c, (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha)
  }

  band(turn: number, q: number): void {
    const w = TAU * clamp(turn, 0.0001, 0.49)
    const alpha = sin(w) / (2 * q)
    this.#set(alpha, 0, -alpha, 1 + alpha, -2 * cos(w), 1 - alpha)
  }

  process(left: Float32Array, right: Float32Array): void {
    const b0 = this.#b0
    const b1 = this.#b1
    const b2 = this.#b2
    const a1 = this.#a1
    const a2 = this.#a2
    let l1 = this.#l1
    let l2 = this.#l2
    let r1 = this.#r1
    let r2 = this.#r2
    for (let i = 0; i < left.length; i++) {
      const x = left[i] as number
      const y = b0 * x + l1
      l1 = b1 * x - a1 * y + l2
      l2 = b2 * x - a2 * y
      left[i] = y
      const u = right[i] as number
      const v = b0 * u + r1
      r1 = b1 * u - a1 * v + r2
      r2 = b2 * u - a2 * v
      right[i] = v
    }
    this.#l1 = undenormal(l1)
    this.#l2 = undenormal(l2)
    this.#r1 = undenormal(r1)
    this.#r2 = undenormal(r2)
  }
}
