// Three bands: a low shelf, a bell, a high shelf. Gains may move while it runs.

import { effectValues } from '../effect-parameters.ts'
import { Biquad } from './biquad.ts'
import type { Effect, EffectSite } from './effect.ts'

const TAIL_SEC = 0.05

export class Equaliser implements Effect {
  readonly tailFrames: number
  readonly #low = new Biquad()
  readonly #mid = new Biquad()
  readonly #high = new Biquad()
  readonly #turns: readonly [low: number, mid: number, high: number]

  constructor(site: EffectSite, params: Readonly<Record<string, number>>) {
    const values = effectValues('eq', params)
    this.tailFrames = TAIL_SEC * site.sampleRate
    this.#turns = [
      values.lowFrequency / site.sampleRate,
      values.midFrequency / site.sampleRate,
      values.highFrequency / site.sampleRate,
    ]
    this.setGains(values.low, values.mid, values.high)
  }

  /** In dB. */
  setGains(low: number, mid: number, high: number): void {
    this.#low.shelf(this.#turns[0], low, -1)
    this.#mid.bell(this.#turns[1], mid, 0.8)
    this.#high.shelf(this.#turns[2], high, 1)
  }

  process(left: Float32Array, right: Float32Array): void {
    this.#low.process(left, right)
    this.#mid.process(left, right)
    this.#high.process(left, right)
  }
}
