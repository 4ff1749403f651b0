// A resonant low-pass, band-pass or high-pass.

import { exp2 } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { Biquad } from './biquad.ts'
import type { Effect, EffectSite } from './effect.ts'
import { Wet } from './wet.ts'

export class FilterEffect implements Effect {
  readonly tailFrames: number
  readonly #filter = new Biquad()
  readonly #wet: Wet

  constructor(site: EffectSite, params: Readonly<Record<string, number>>) {
    const { mode, cutoff, resonance, mix } = effectValues('filter', params)
    this.tailFrames = 0.2 * site.sampleRate
    this.#wet = new Wet(mix)
    const turn = cutoff / site.sampleRate
    const q = Math.SQRT1_2 * exp2(4 * resonance)
    if (mode < 0.5) this.#filter.low(turn, q)
    else if (mode < 1.5) this.#filter.band(turn, q)
    else this.#filter.high(turn, q)
  }

  process(left: Float32Array, right: Float32Array): void {
    this.#wet.keepDry(left, right)
    this.#filter.process(left, right)
    this.#wet.mix(left, right)
  }
}
