// Distortion and overdrive. The curve's average over each sample step is used instead of its value there
// (antiderivative antialiasing), which keeps most of the folded harmonics out without oversampling.

import { exp, exp2, lerp } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { type Effect, type EffectSite, undenormal } from './effect.ts'
import { Wet } from './wet.ts'

/** x - x^3 / 3 up to its top at 1, flat beyond. */
const curve = (x: number): number => (x <= -1 ? -2 / 3 : x >= 1 ? 2 / 3 : x - (x * x * x) / 3)

function antiderivative(x: number): number {
  const a = Math.abs(x)
  if (a >= 1) return (2 / 3) * a - 0.25
  const s = x * x
  return s / 2 - (s * s) / 12
}

interface DriveShape {
  readonly gain: number
  /** Share of an uneven push, which adds even harmonics. */
  readonly bias: number
  /** Below this the sound is not driven, so that basses stay firm. */
  readonly lowCutHz: number
  readonly toneHz: number
  readonly level: number
  readonly mix: number
}

class Side {
  #last = 0
  #lastSum = 0
  #cut = 0
  #tone = 0
  #smooth = 0
  #offset = 0

  run(x: Float32Array, shape: DriveShape, cutShare: number, toneShare: number, offsetShare: number): void {
    const { gain, bias, level } = shape
    const rest = curve(bias)
    let last = this.#last
    let lastSum = this.#lastSum
    let cut = this.#cut
    let tone = this.#tone
    let smooth = this.#smooth
    let offset = this.#offset
    for (let i = 0; i < x.length; i++) {
      const dry = x[i] as number
      cut += cutShare * (dry - cut)
      const driven = gain * (dry - cut * 0.7) + bias
      const sum = antiderivative(driven)
      const way = driven - last
      const y = way > 1e-4 || way < -1e-4 ? (sum - lastSum) / way : curve(0.5 * (driven + last))
      last = driven
      lastSum = sum
      tone += toneShare * (y - rest - tone)
      smooth += toneShare * (tone - smooth)
      // An uneven curve pushes the middle of the wave off zero.
      offset += offsetShare * (smooth - offset)
      x[i] = level * (smooth - offset)
    }
    this.#last = last
    this.#lastSum = lastSum
    this.#cut = undenormal(cut)
    this.#tone = undenormal(tone)
    this.#smooth = undenormal(smooth)
    this.#offset = undenormal(offset)
  }
}

export class Drive implements Effect {
  readonly tailFrames: number
  readonly #shape: DriveShape
  readonly #cutShare: number
  readonly #toneShare: number
  readonly #offsetShare: number
  readonly #left = new Side()
  readonly #right = new Side()
  readonly #wet: Wet

  constructor(site: EffectSite, type: 'distortion' | 'overdrive', params: Readonly<Record<string, number>>) {
    const { drive, tone, level, mix } = effectValues(type, params)
    const isHard = type === 'distortion'
    const gain = isHard ? 4 * exp2(6 * drive) : 1.2 * exp2(4.4 * drive)
    this.#shape = {
      gain,
      bias: isHard ? 0.12 : 0.3,
      lowCutHz: isHard ? 140 : 90,
      toneHz: 1_400 * exp2(3 * tone),
      // Louder driving gives more sound; this takes about as much away.
      level: level * lerp(isHard ? 0.55 : 1, isHard ? 0.36 : 0.5, drive),
      mix,
    }
    this.tailFrames = 0.1 * site.sampleRate
    this.#cutShare = 1 - exp((-6.283185 * this.#shape.lowCutHz) / site.sampleRate)
    this.#toneShare = 1 - exp((-6.283185 * Math.min(this.#shape.toneHz, 0.4 * site.sampleRate)) / site.sampleRate)
    this.#offsetShare = 1 - exp((-6.283185 * 18) / site.sampleRate)
    this.#wet = new Wet(mix)
  }

  process(left: Float32Array, right: Float32Array): void {
    this.#wet.keepDry(left, right)
    this.#left.run(left, this.#shape, this.#cutShare, this.#toneShare, this.#offsetShare)
    this.#right.run(right, this.#shape, this.#cutShare, this.#toneShare, this.#offsetShare)
    this.#wet.mix(left, right)
  }
}
