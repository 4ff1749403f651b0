// What an instrument is: how a note of it is made, and the effects that belong to its sound (the amplifier of a
// distorted guitar, the rotating speaker of an organ).

import type { ScoreEffect } from '../score.ts'
import type { FmPatch } from '../voices/fm-voice.ts'
import type { PluckPatch } from '../voices/pluck-voice.ts'
import type { EnvelopeShape } from '../voices/envelope.ts'
import type { WavePatch } from '../voices/wave-voice.ts'

export type Patch = WavePatch | FmPatch | PluckPatch

export interface Instrument {
  readonly patch: Patch
  readonly amplifier?: readonly ScoreEffect[]
}

export const shape = (attack: number, decay: number, sustain: number, release: number): EnvelopeShape => ({
  attack,
  decay,
  sustain,
  release,
})

export const effect = (type: ScoreEffect['type'], params: Readonly<Record<string, number>>): ScoreEffect => ({
  type,
  params,
  bypass: false,
})

/** A chorus that belongs to the sound. */
export const ensemble = (mix: number, rate = 0.6, depth = 0.5): ScoreEffect => effect('chorus', { rate, depth, mix })
