// The life of a note's level: a rise, a fall to a level that holds, and a release. Looked at once per
// CONTROL_FRAMES; who reads it draws straight lines between.

import { exp } from '../../maths/index.ts'
import { CONTROL_FRAMES, type Touch } from './voice.ts'

export interface EnvelopeShape {
  /** Seconds from nothing to full level; below a millisecond the note begins at full level. */
  readonly attack: number
  /** Seconds in which the distance to `sustain` falls by 60 dB. */
  readonly decay: number
  /** Level that holds while the key is down, 0-1. */
  readonly sustain: number
  /** Seconds from full level to -60 dB after the key is up. */
  readonly release: number
}

const DONE_LEVEL = 2e-4
const CUT_SEC = 0.005
/** ln(1000): a fall by 60 dB. */
const FALL = 6.907755278982137

type Stage = 'attack' | 'decay' | 'release' | 'cut' | 'done'

/** Factor per control step of a fall by 60 dB in `seconds`. */
export const fallPerStep = (seconds: number, sampleRate: number): number =>
  seconds <= 0 ? 0 : exp((-FALL * CONTROL_FRAMES) / (seconds * sampleRate))

export class Envelope {
  value: number
  #stage: Stage = 'attack'
  readonly #rise: number
  readonly #fall: number
  readonly #sustain: number
  readonly #releaseFall: number
  readonly #cutStep: number
  #cutFrom = 0

  constructor(shape: EnvelopeShape, touch: Touch, sampleRate: number) {
    const attack = shape.attack * touch.attack
    this.#rise = attack <= 0.001 ? 1 : CONTROL_FRAMES / (attack * sampleRate)
    this.value = attack <= 0.001 ? 1 : 0
    this.#fall = fallPerStep(shape.decay, sampleRate)
    this.#sustain = shape.sustain
    this.#releaseFall = fallPerStep(Math.max(0.01, shape.release * touch.release), sampleRate)
    this.#cutStep = CONTROL_FRAMES / (CUT_SEC * sampleRate)
  }

  get isReleased(): boolean {
    return this.#stage !== 'attack' && this.#stage !== 'decay'
  }

  get isDone(): boolean {
    return this.#stage === 'done'
  }

  release(): void {
    if (!this.isReleased) this.#stage = 'release'
  }

  cut(): void {
    if (this.#stage === 'done' || this.#stage === 'cut') return
    this.#stage = 'cut'
    this.#cutFrom = this.value
  }

  /** Moves on by CONTROL_FRAMES and gives the new level. A step that ends in `done` ends in 0. */
  step(): number {
    switch (this.#stage) {
      case 'attack':
        this.value += this.#rise
        if (this.value >= 1) {
          this.value = 1
          this.#stage = 'decay'
        }
        break
      case 'decay':
        this.value = this.#sustain + (this.value - this.#sustain) * this.#fall
        // Sounds that die away by themselves end without a key going up.
        if (this.#sustain === 0 && this.value < DONE_LEVEL) this.#end()
        break
      case 'release':
        this.value *= this.#releaseFall
        if (this.value < DONE_LEVEL) this.#end()
        break
      case 'cut':
        this.value -= this.#cutFrom * this.#cutStep
        if (this.value <= 0) this.#end()
        break
      case 'done':
        break
    }
    return this.value
  }

  #end(): void {
    this.value = 0
    this.#stage = 'done'
  }
}
