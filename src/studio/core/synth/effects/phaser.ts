// A phaser: six all-pass filters whose corner sweeps, mixed with what went in, so that notches wander.

import { exp2, sin, TAU, tan } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { CHUNK, type Effect, type EffectSite, undenormal } from './effect.ts'

const STAGES = 6
const MIDDLE_HZ = 750

export class Phaser implements Effect {
  readonly tailFrames: number
  readonly #sampleRate: number
  readonly #rate: number
  readonly #octaves: number
  readonly #feedback: number
  readonly #mix: number
  readonly #left = new Float64Array(STAGES + 1)
  readonly #right = new Float64Array(STAGES + 1)
  #turn = 0

  constructor(site: EffectSite, params: Readonly<Record<string, number>>) {
    const { rate, depth, feedback, mix } = effectValues('phaser', params)
    this.#sampleRate = site.sampleRate
    this.#rate = rate
    this.#octaves = 2.4 * depth
    this.#feedback = feedback
    this.#mix = mix
    this.tailFrames = 0.2 * site.sampleRate
  }

  process(left: Float32Array, right: Float32Array): void {
    const before = this.#coefficient(this.#turn)
    const apart = this.#coefficient(this.#turn + 0.25)
    this.#turn += (this.#rate * CHUNK) / this.#sampleRate
    this.#turn -= Math.floor(this.#turn)
    this.#run(left, this.#left, before, this.#coefficient(this.#turn))
    this.#run(right, this.#right, apart, this.#coefficient(this.#turn + 0.25))
  }

  #coefficient(turn: number): number {
    const hz = MIDDLE_HZ * exp2(this.#octaves * sin(TAU * turn))
    const t = tan(((TAU / 2) * hz) / this.#sampleRate)
    return (t - 1) / (t + 1)
  }

  /** The last place of `states` is the output that is fed back. */
  #run(x: Float32Array, states: Float64Array, from: number, to: number): void {
    const step = (to - from) / CHUNK
    const wet = this.#mix
    const dry = 1 - wet
    let c = from
    for (let i = 0; i < x.length; i++) {
      c += step
      const input = x[i] as number
      let y = input + this.#feedback * (states[STAGES] as number)
      for (let stage = 0; stage < STAGES; stage++) {
        const out = c * y + (states[stage] as number)
        states[stage] = y - c * out
        y = out
      }
      states[STAGES] = undenormal(y)
      x[i] = dry * input + wet * y
    }
    for (let stage = 0; stage < STAGES; stage++) states[stage] = undenormal(states[stage] as number)
  }
}
