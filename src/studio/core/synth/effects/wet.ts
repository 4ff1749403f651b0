// The mix of an effect with what went in.

import { CHUNK } from './effect.ts'

export class Wet {
  readonly #share: number
  readonly #left = new Float32Array(CHUNK)
  readonly #right = new Float32Array(CHUNK)

  /** `share` 0-1 of the effect. */
  constructor(share: number) {
    this.#share = share
  }

  keepDry(left: Float32Array, right: Float32Array): void {
    if (this.#share === 1) return
    this.#left.set(left)
    this.#right.set(right)
  }

  mix(left: Float32Array, right: Float32Array): void {
    const wet = this.#share
    if (wet === 1) return
    const dry = 1 - wet
    for (let i = 0; i < left.length; i++) {
      left[i] = wet * (left[i] as number) + dry * (this.#left[i] as number)
      right[i] = wet * (right[i] as number) + dry * (this.#right[i] as number)
    }
  }
}
