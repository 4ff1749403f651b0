// The parameters of the twelve effects: range, default and unit, as data. What they do to sound is in
// `effects/`; forms, tools and validation read this table.

import { clamp } from '../maths/index.ts'
import type { EffectType } from './score.ts'

export interface EffectParameter {
  readonly low: number
  readonly high: number
  readonly initial: number
  readonly unit: 'ratio' | 'dB' | 'Hz' | 's' | 'ms' | 'beats' | 'choice'
  readonly about: string
}

const parameter = (
  low: number,
  high: number,
  initial: number,
  unit: EffectParameter['unit'],
  about: string,
): EffectParameter => ({ low, high, initial, unit, about })

const mix = (initial: number): EffectParameter => parameter(0, 1, initial, 'ratio', 'Share of the effect in the sound')

export const effectParameters = {
  reverb: {
    decay: parameter(0.1, 12, 1.9, 's', 'Time until the room is 60 dB quieter'),
    size: parameter(0, 1, 0.6, 'ratio', 'From a closet to a hall'),
    damping: parameter(0, 1, 0.45, 'ratio', 'How fast the highs die away'),
    preDelay: parameter(0, 200, 18, 'ms', 'Silence before the room answers'),
    mix: mix(0.25),
  },
  delay: {
    beats: parameter(0.0625, 4, 0.75, 'beats', 'Time between echoes in quarter notes; follows the tempo'),
    feedback: parameter(0, 0.95, 0.38, 'ratio', 'What is left of each echo in the next'),
    tone: parameter(0, 1, 0.55, 'ratio', 'How bright the echoes stay'),
    spread: parameter(0, 1, 0.7, 'ratio', 'From the middle to ping-pong'),
    mix: mix(0.25),
  },
  compressor: {
    threshold: parameter(-60, 0, -20, 'dB', 'Level from which gain is reduced'),
    ratio: parameter(1, 20, 3, 'ratio', 'Input change over output change above the threshold'),
    attack: parameter(0.1, 200, 12, 'ms', 'Time to react to louder sound'),
    release: parameter(5, 2_000, 140, 'ms', 'Time to let go'),
    makeup: parameter(0, 24, 3, 'dB', 'Gain afterwards'),
    mix: mix(1),
  },
  eq: {
    low: parameter(-18, 18, 0, 'dB', 'Shelf below lowFrequency'),
    mid: parameter(-18, 18, 0, 'dB', 'Bell around midFrequency'),
    high: parameter(-18, 18, 0, 'dB', 'Shelf above highFrequency'),
    lowFrequency: parameter(30, 500, 120, 'Hz', 'Corner of the low shelf'),
    midFrequency: parameter(200, 6_000, 1_000, 'Hz', 'Middle of the bell'),
    highFrequency: parameter(2_000, 16_000, 6_000, 'Hz', 'Corner of the high shelf'),
  },
  distortion: {
    drive: parameter(0, 1, 0.5, 'ratio', 'From warm to broken'),
    tone: parameter(0, 1, 0.5, 'ratio', 'Brightness afterwards'),
    level: parameter(0, 1.5, 0.8, 'ratio', 'Gain afterwards'),
    mix: mix(1),
  },
  filter: {
    mode: parameter(0, 2, 0, 'choice', '0 low-pass, 1 band-pass, 2 high-pass'),
    cutoff: parameter(30, 18_000, 1_800, 'Hz', 'Corner frequency'),
    resonance: parameter(0, 1, 0.25, 'ratio', 'Peak at the corner'),
    mix: mix(1),
  },
  chorus: {
    rate: parameter(0.05, 8, 0.7, 'Hz', 'Speed of the movement'),
    depth: parameter(0, 1, 0.45, 'ratio', 'Width of the movement'),
    mix: mix(0.45),
  },
  modulation: {
    rate: parameter(0.05, 12, 5.2, 'Hz', 'Speed of the vibrato'),
    depth: parameter(0, 1, 0.35, 'ratio', 'Width of the vibrato, up to a semitone'),
    mix: mix(1),
  },
  overdrive: {
    drive: parameter(0, 1, 0.4, 'ratio', 'How hard the valve is driven'),
    tone: parameter(0, 1, 0.55, 'ratio', 'Brightness afterwards'),
    level: parameter(0, 1.5, 0.9, 'ratio', 'Gain afterwards'),
    mix: mix(1),
  },
  phaser: {
    rate: parameter(0.02, 8, 0.4, 'Hz', 'Speed of the sweep'),
    depth: parameter(0, 1, 0.7, 'ratio', 'Width of the sweep'),
    feedback: parameter(0, 0.9, 0.4, 'ratio', 'Sharpness of the notches'),
    mix: mix(0.5),
  },
  flanger: {
    rate: parameter(0.02, 5, 0.25, 'Hz', 'Speed of the sweep'),
    depth: parameter(0, 1, 0.7, 'ratio', 'Width of the sweep'),
    feedback: parameter(0, 0.9, 0.5, 'ratio', 'Sharpness of the comb'),
    mix: mix(0.5),
  },
  tremolo: {
    rate: parameter(0.1, 16, 4.5, 'Hz', 'Speed'),
    depth: parameter(0, 1, 0.5, 'ratio', 'How far the level falls'),
    spread: parameter(0, 1, 0, 'ratio', 'From both sides together to left against right'),
  },
} as const satisfies Record<EffectType, Record<string, EffectParameter>>

/** Values of an effect's parameters: what was given, limited to its range, else the default. Unknown names are left out. */
export function effectValues<T extends EffectType>(
  type: T,
  given: Readonly<Record<string, number>>,
): Record<keyof (typeof effectParameters)[T], number> {
  const specs: Readonly<Record<string, EffectParameter>> = effectParameters[type]
  return Object.fromEntries(
    Object.entries(specs).map(([name, { low, high, initial }]) => {
      const value = given[name]
      return [name, value === undefined || Number.isNaN(value) ? initial : clamp(value, low, high)]
    }),
  ) as Record<keyof (typeof effectParameters)[T], number>
}
