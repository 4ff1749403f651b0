// Kicks, snares, toms, claps and sticks of the three kits. A maker gets the sample rate, how hard the hit is
// (0-1) and a stream of noise, and gives a finished sample. Levels are peaks before the kit's balance.

import { addMetal, addNoise, addTone, cutBelow, finish, saturate } from './clay.ts'
import type { Noise } from '../noise.ts'

export type Maker = (sampleRate: number, force: number, noise: Noise) => Float32Array

const room = (sampleRate: number, seconds: number): Float32Array => new Float32Array(Math.round(sampleRate * seconds))

export interface KickShape {
  readonly hz: number
  readonly sweep: number
  readonly sweepSec: number
  readonly fall: number
  readonly click: number
  readonly clickHz: number
  readonly drive: number
  /** Level of the shell's second tone. */
  readonly shell: number
}

export const kick =
  (shape: KickShape): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, Math.min(2.2, shape.fall * 1.15 + 0.05))
    const { hz, sweep, sweepSec } = shape
    addTone(out, sampleRate, { hz, level: 1, fall: shape.fall, sweep, sweepSec, attackSec: 0.0012 })
    if (shape.shell > 0) {
      addTone(out, sampleRate, { hz: hz * 1.62, level: shape.shell * 1.7, fall: 0.2, sweep: 1.4, sweepSec: 0.03 })
      addTone(out, sampleRate, { hz: hz * 3.4, level: shape.shell * 0.5, fall: 0.07, sweep: 1.3, sweepSec: 0.03 })
      addNoise(out, sampleRate, { level: 0.25 * shape.shell, fall: 0.09, lowHz: 120, highHz: 700 }, noise)
    }
    const click = shape.click * (0.35 + 0.65 * force)
    addNoise(
      out,
      sampleRate,
      { level: click, fall: 0.026, lowHz: shape.clickHz * 0.6, highHz: shape.clickHz * (1.2 + force), q: 0.9 },
      noise,
    )
    addTone(out, sampleRate, { hz: shape.clickHz * 0.5, level: click * 0.4, fall: 0.012, sweep: 2.5, sweepSec: 0.008 })
    saturate(out, shape.drive * (0.7 + 0.5 * force))
    return finish(out, sampleRate, 0.95)
  }

export interface SnareShape {
  readonly hz: readonly [number, number]
  readonly bodyFall: number
  readonly body: number
  readonly wires: number
  readonly wiresFall: number
  readonly wiresHz: readonly [number, number]
  readonly crack: number
  readonly ring: number
  readonly drive: number
}

export const snare =
  (shape: SnareShape): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, Math.max(0.45, shape.wiresFall * 1.1))
    const detune = noise.between(0.985, 1.015)
    const [low, high] = shape.hz
    const fall = shape.bodyFall * (0.8 + 0.3 * force)
    addTone(out, sampleRate, { hz: low * detune, level: shape.body, fall, sweep: 1.35, sweepSec: 0.04 })
    addTone(out, sampleRate, {
      hz: high * detune,
      level: shape.body * 0.55,
      fall: fall * 0.7,
      sweep: 1.2,
      sweepSec: 0.03,
    })
    if (shape.ring > 0)
      addMetal(
        out,
        sampleRate,
        {
          partials: 7,
          lowHz: 420,
          highHz: 1_900,
          level: shape.ring * force,
          lowFall: 0.16,
          highFall: 0.08,
          peakHz: 600,
          slopeDb: 5,
        },
        noise,
      )
    const [from, to] = shape.wiresHz
    const open = 0.55 + 0.45 * force
    addNoise(
      out,
      sampleRate,
      {
        level: shape.wires * (0.5 + 0.5 * force),
        fall: shape.wiresFall * (0.7 + 0.3 * force),
        lowHz: from,
        highHz: to * open,
        attackSec: 0.0012,
      },
      noise,
    )
    addNoise(
      out,
      sampleRate,
      {
        level: shape.wires * 0.45,
        fall: shape.wiresFall * 0.55,
        lowHz: 4_500,
        highHz: 13_000 * open,
        attackSec: 0.001,
      },
      noise,
    )
    addNoise(
      out,
      sampleRate,
      { level: shape.crack * (0.2 + 0.8 * force), fall: 0.022, lowHz: 1_200, highHz: 9_000 * open },
      noise,
    )
    saturate(out, shape.drive)
    cutBelow(out, sampleRate, 90)
    return finish(out, sampleRate, 0.95)
  }

/** A soft hit on snare or brush: swept noise without a stick. */
export const brush =
  (fall: number): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, fall * 1.3)
    addNoise(
      out,
      sampleRate,
      { level: 0.8, fall, lowHz: 900, highHz: 5_500 + 3_000 * force, attackSec: 0.012 - 0.009 * force },
      noise,
    )
    addTone(out, sampleRate, { hz: 190, level: 0.35 * force, fall: 0.1, sweep: 1.2, sweepSec: 0.03 })
    return finish(out, sampleRate, 0.8)
  }

export interface TomShape {
  readonly fall: number
  readonly sweep: number
  readonly sweepSec: number
  readonly stick: number
  readonly second: number
}

export const tom =
  (hz: number, shape: TomShape): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, shape.fall * 1.1)
    const { fall, sweepSec } = shape
    addTone(out, sampleRate, { hz, level: 1, fall, sweep: 1 + (shape.sweep - 1) * (0.5 + 0.5 * force), sweepSec })
    addTone(out, sampleRate, { hz: hz * 1.59, level: shape.second, fall: fall * 0.45, sweep: shape.sweep, sweepSec })
    addTone(out, sampleRate, { hz: hz * 2.14, level: shape.second * 0.5, fall: fall * 0.25 })
    addNoise(
      out,
      sampleRate,
      { level: shape.stick * (0.3 + 0.7 * force), fall: 0.03, lowHz: 800, highHz: 3_500 + 3_000 * force },
      noise,
    )
    addNoise(out, sampleRate, { level: 0.12 * shape.stick, fall: 0.22, lowHz: hz, highHz: hz * 8 }, noise)
    saturate(out, 1.2)
    return finish(out, sampleRate, 0.9)
  }

/** Several hands: bursts a hundredth of a second apart, and a room after them. */
export const clap =
  (middleHz: number, tail: number): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, tail * 1.2 + 0.05)
    const band = { lowHz: middleHz * 0.65, highHz: middleHz * 1.9, q: 0.9 }
    const starts = [0, 0.0095, 0.0205, 0.0315].map((at) => at + (at === 0 ? 0 : noise.between(-0.0015, 0.0015)))
    for (const delaySec of starts) addNoise(out, sampleRate, { ...band, level: 0.8, fall: 0.018, delaySec }, noise)
    addNoise(out, sampleRate, { ...band, level: 0.55, fall: tail, delaySec: 0.033 }, noise)
    addNoise(
      out,
      sampleRate,
      { level: 0.12 * force, fall: tail * 0.6, lowHz: 3_500, highHz: 9_000, delaySec: 0.031 },
      noise,
    )
    saturate(out, 1.4)
    return finish(out, sampleRate, 0.9)
  }

export interface StickShape {
  readonly tones: readonly (readonly [hz: number, level: number, fall: number])[]
  readonly noise: number
  readonly noiseHz: readonly [number, number]
  readonly noiseFall: number
  readonly sweep?: number
  readonly sweepSec?: number
}

/** Wood, rims, claves, blocks, bells of few tones: tones and a tap. */
export const struck =
  (shape: StickShape): Maker =>
  (sampleRate, force, noise) => {
    const longest = Math.max(shape.noiseFall, ...shape.tones.map(([, , fall]) => fall))
    const out = room(sampleRate, longest * 1.15 + 0.02)
    const sweep = shape.sweep === undefined ? {} : { sweep: shape.sweep, sweepSec: shape.sweepSec ?? 0.03 }
    for (const [hz, level, fall] of shape.tones) addTone(out, sampleRate, { hz, level, fall, ...sweep })
    const [lowHz, highHz] = shape.noiseHz
    addNoise(out, sampleRate, { level: shape.noise * (0.3 + 0.7 * force), fall: shape.noiseFall, lowHz, highHz }, noise)
    return finish(out, sampleRate, 0.85)
  }
