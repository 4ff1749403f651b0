// Effects in a row. A row that hears nothing and has rung out sleeps: it costs nothing and changes nothing.

import type { ScoreEffect } from '../score.ts'
import { Compressor } from './compressor.ts'
import { Delay } from './delay.ts'
import { Drive } from './drive.ts'
import { CHUNK, type Effect, type EffectSite } from './effect.ts'
import { Equaliser } from './eq.ts'
import { FilterEffect } from './filter.ts'
import { MovingDelay } from './moving-delay.ts'
import { Phaser } from './phaser.ts'
import { Reverb } from './reverb.ts'
import { Tremolo } from './tremolo.ts'

export function createEffect(site: EffectSite, { type, params }: ScoreEffect): Effect {
  switch (type) {
    case 'reverb':
      return new Reverb(site, params)
    case 'delay':
      return new Delay(site, params)
    case 'compressor':
      return new Compressor(site, params)
    case 'eq':
      return new Equaliser(site, params)
    case 'distortion':
    case 'overdrive':
      return new Drive(site, type, params)
    case 'filter':
      return new FilterEffect(site, params)
    case 'chorus':
    case 'flanger':
    case 'modulation':
      return new MovingDelay(site, type, params)
    case 'phaser':
      return new Phaser(site, params)
    case 'tremolo':
      return new Tremolo(site, params)
  }
}

export class EffectChain {
  readonly #effects: readonly Effect[]
  readonly tailFrames: number
  #quietFrames: number

  /** Bypassed effects are left out, so the signal passes them bit for bit. */
  constructor(site: EffectSite, effects: readonly ScoreEffect[]) {
    this.#effects = effects.filter((effect) => !effect.bypass).map((effect) => createEffect(site, effect))
    this.tailFrames = this.#effects.reduce((sum, effect) => sum + effect.tailFrames, 0)
    this.#quietFrames = Infinity
  }

  get isAsleep(): boolean {
    return this.#effects.length === 0 || this.#quietFrames > this.tailFrames
  }

  /** One chunk in place. `isSilent` says that the input is all zeros; gives whether the output is. */
  process(left: Float32Array, right: Float32Array, isSilent: boolean): boolean {
    if (this.#effects.length === 0) return isSilent
    this.#quietFrames = isSilent ? this.#quietFrames + CHUNK : 0
    if (this.isAsleep) return isSilent
    for (const effect of this.#effects) effect.process(left, right)
    return false
  }
}
