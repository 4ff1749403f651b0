// A drum hit: plays a sample that the kit has made, once, from its first frame. A choked hit (an open hat under
// a foot) fades quickly.

import { CONTROL_FRAMES, type Voice } from './voice.ts'

/** A finished sound, mono. */
export type Sample = Float32Array

const CHOKE_SEC = 0.03
const CUT_SEC = 0.006

export class HitVoice implements Voice {
  readonly pitch: number
  readonly #sample: Sample
  readonly #left: number
  readonly #right: number
  readonly #sampleRate: number
  #at = 0
  #fade = 1
  #fadeStep = 0

  constructor(pitch: number, sample: Sample, gain: number, pan: number, sampleRate: number) {
    this.pitch = pitch
    this.#sample = sample
    this.#left = gain * Math.sqrt(1 - pan)
    this.#right = gain * Math.sqrt(1 + pan)
    this.#sampleRate = sampleRate
  }

  get isReleased(): boolean {
    return this.#fadeStep !== 0
  }

  get isDone(): boolean {
    return this.#at >= this.#sample.length || this.#fade <= 0
  }

  get loudness(): number {
    const { length } = this.#sample
    return this.#fade * (this.#left + this.#right) * 0.25 * (1 - this.#at / (length + CONTROL_FRAMES))
  }

  /** Drums ring out; a key that goes up changes nothing. */
  release(): void {
    // Nothing: see above.
  }

  choke(): void {
    this.#fadeStep = 1 / (CHOKE_SEC * this.#sampleRate)
  }

  cut(): void {
    this.#fadeStep = 1 / (CUT_SEC * this.#sampleRate)
  }

  render(left: Float32Array, right: Float32Array, from: number, to: number): void {
    const sample = this.#sample
    const gainLeft = this.#left
    const gainRight = this.#right
    const end = Math.min(to, from + sample.length - this.#at)
    const step = this.#fadeStep
    let fade = this.#fade
    let at = this.#at
    for (let i = from; i < end; i++) {
      const y = fade * (sample[at] as number)
      at += 1
      left[i] = (left[i] as number) + gainLeft * y
      right[i] = (right[i] as number) + gainRight * y
      fade -= step
      if (fade <= 0) break
    }
    this.#at = at
    this.#fade = fade
  }
}
