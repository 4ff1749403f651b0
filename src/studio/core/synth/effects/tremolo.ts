// A level that goes up and down; spread, the sides take turns (auto-pan).

import { sin, TAU } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { CHUNK, type Effect, type EffectSite } from './effect.ts'

export class Tremolo implements Effect {
  readonly tailFrames = CHUNK
  readonly #step: number
  readonly #depth: number
  readonly #apart: number
  #turn = 0

  constructor(site: EffectSite, params: Readonly<Record<string, number>>) {
    const { rate, depth, spread } = effectValues('tremolo', params)
    this.#step = (rate * CHUNK) / site.sampleRate
    this.#depth = depth
    this.#apart = 0.5 * spread
  }

  process(left: Float32Array, right: Float32Array): void {
    const after = this.#turn + this.#step
    ramp(left, this.#gainAt(this.#turn), this.#gainAt(after))
    ramp(right, this.#gainAt(this.#turn + this.#apart), this.#gainAt(after + this.#apart))
    this.#turn = after - Math.floor(after)
  }

  #gainAt(turn: number): number {
    return 1 - this.#depth * 0.5 * (1 - sin(TAU * (turn + 0.25)))
  }
}

function ramp(x: Float32Array, from: number, to: number): void {
  const step = (to - from) / x.length
  let gain = from
  for (let i = 0; i < x.length; i++) {
    gain += step
    x[i] = gain * (x[i] as number)
  }
}
