// Echoes in time with the music, from the middle or from side to side, darker with each round. When the tempo
// changes, the head of the tape moves there within a tenth of a second.

import { exp, lerp } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { CHUNK, type Effect, type EffectSite, undenormal } from './effect.ts'

const LONGEST_SEC = 4

export class Delay implements Effect {
  readonly #site: EffectSite
  readonly #beats: number
  readonly #feedback: number
  readonly #spread: number
  readonly #mix: number
  readonly #share: number
  readonly #left: Float32Array
  readonly #right: Float32Array
  #write = 0
  #length = 0
  #lowLeft = 0
  #lowRight = 0
  #cutLeft = 0
  #cutRight = 0
  readonly #cutShare: number

  constructor(site: EffectSite, params: Readonly<Record<string, number>>) {
    const { beats, feedback, tone, spread, mix } = effectValues('delay', params)
    this.#site = site
    this.#beats = beats
    this.#feedback = feedback
    this.#spread = spread
    this.#mix = mix
    const hz = 1_200 + 9_000 * tone * tone
    this.#share = 1 - exp((-6.283185 * hz) / site.sampleRate)
    this.#cutShare = 1 - exp((-6.283185 * 160) / site.sampleRate)
    const size = Math.ceil(LONGEST_SEC * site.sampleRate) + CHUNK
    this.#left = new Float32Array(size)
    this.#right = new Float32Array(size)
  }

  get tailFrames(): number {
    let rounds = 1
    for (let level = 1; level > 1e-4 && rounds < 200; level *= this.#feedback) rounds++
    return this.#frames() * rounds
  }

  #frames(): number {
    return Math.min(LONGEST_SEC * this.#site.sampleRate, Math.max(1, this.#beats * this.#site.framesPerQuarter()))
  }

  process(left: Float32Array, right: Float32Array): void {
    const target = this.#frames()
    if (this.#length === 0) this.#length = target
    // A tenth of a second, whatever the sample rate.
    const step = (target - this.#length) * Math.min(1, (10 * CHUNK) / this.#site.sampleRate) * (1 / CHUNK)
    const { length: size } = this.#left
    const lineLeft = this.#left
    const lineRight = this.#right
    const feedback = this.#feedback
    const spread = this.#spread
    const share = this.#share
    const wet = this.#mix
    const dry = 1 - wet
    let frames = this.#length
    for (let i = 0; i < left.length; i++) {
      frames += step
      let position = this.#write - frames
      if (position < 0) position += size
      const at = Math.floor(position)
      const part = position - at
      const next = at + 1 === size ? 0 : at + 1
      const echoLeft = lerp(lineLeft[at] as number, lineLeft[next] as number, part)
      const echoRight = lerp(lineRight[at] as number, lineRight[next] as number, part)
      this.#lowLeft += share * (echoLeft - this.#lowLeft)
      this.#lowRight += share * (echoRight - this.#lowRight)
      this.#cutLeft += this.#cutShare * (this.#lowLeft - this.#cutLeft)
      this.#cutRight += this.#cutShare * (this.#lowRight - this.#cutRight)
      const backLeft = feedback * (this.#lowLeft - this.#cutLeft)
      const backRight = feedback * (this.#lowRight - this.#cutRight)
      const inLeft = left[i] as number
      const inRight = right[i] as number
      const middle = 0.5 * (inLeft + inRight)
      // Spread wide, everything goes in on the left and crosses over on every round.
      lineLeft[this.#write] = undenormal(lerp(inLeft + backLeft, 1.3 * middle + backRight, spread))
      lineRight[this.#write] = undenormal(lerp(inRight + backRight, backLeft, spread))
      this.#write = this.#write + 1 === size ? 0 : this.#write + 1
      left[i] = dry * inLeft + wet * echoLeft
      right[i] = dry * inRight + wet * echoRight
    }
    this.#length = frames
  }
}
