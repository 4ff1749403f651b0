// A compressor: both channels share one gain, found from the louder one, with a soft knee of 6 dB.

import { dbToGain, exp, gainToDb } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { CHUNK, type Effect, type EffectSite } from './effect.ts'
import { Wet } from './wet.ts'

/** Frames between two looks at the level; the gain moves in straight lines between. */
const STEP = 16
const KNEE_DB = 6

export class Compressor implements Effect {
  readonly tailFrames = CHUNK
  readonly #threshold: number
  readonly #slope: number
  readonly #attack: number
  readonly #release: number
  readonly #makeup: number
  readonly #wet: Wet
  /** Gain reduction in dB, 0 or more. */
  #reduction = 0
  #gain: number

  constructor(site: EffectSite, params: Readonly<Record<string, number>>) {
    const values = effectValues('compressor', params)
    this.#threshold = values.threshold
    this.#slope = 1 - 1 / values.ratio
    this.#attack = 1 - exp((-STEP * 1_000) / (values.attack * site.sampleRate))
    this.#release = 1 - exp((-STEP * 1_000) / (values.release * site.sampleRate))
    this.#makeup = values.makeup
    this.#gain = dbToGain(values.makeup)
    this.#wet = new Wet(values.mix)
  }

  process(left: Float32Array, right: Float32Array): void {
    this.#wet.keepDry(left, right)
    for (let at = 0; at < left.length; at += STEP) {
      let peak = 0
      for (let i = at; i < at + STEP; i++) {
        const l = Math.abs(left[i] as number)
        const r = Math.abs(right[i] as number)
        if (l > peak) peak = l
        if (r > peak) peak = r
      }
      const target = this.#slope * overBy(peak > 1e-6 ? gainToDb(peak) - this.#threshold : -100)
      this.#reduction += (target > this.#reduction ? this.#attack : this.#release) * (target - this.#reduction)
      const next = dbToGain(this.#makeup - this.#reduction)
      const step = (next - this.#gain) / STEP
      let gain = this.#gain
      for (let i = at; i < at + STEP; i++) {
        gain += step
        left[i] = gain * (left[i] as number)
        right[i] = gain * (right[i] as number)
      }
      this.#gain = next
    }
    this.#wet.mix(left, right)
  }
}

/** How far above the threshold, with the knee rounded. */
function overBy(db: number): number {
  if (db <= -KNEE_DB / 2) return 0
  if (db >= KNEE_DB / 2) return db
  return ((db + KNEE_DB / 2) * (db + KNEE_DB / 2)) / (2 * KNEE_DB)
}
