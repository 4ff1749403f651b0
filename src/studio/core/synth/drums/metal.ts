// Cymbals, hats, shakers and other noise makers.

import { addMetal, addNoise, addSquares, addTone, cutBelow, finish, type Metal } from './clay.ts'
import type { Maker } from './pieces.ts'

const room = (sampleRate: number, seconds: number): Float32Array => new Float32Array(Math.round(sampleRate * seconds))

export interface HatShape {
  readonly fall: number
  /** Cutoff below which nothing is left. */
  readonly floorHz: number
  readonly peakHz: number
  readonly noise: number
  readonly metal: number
  /** Foot hats begin softer. */
  readonly attackSec?: number
}

/** Two small cymbals: a dense cloud from 3 kHz upwards and the hiss of their edges. */
export const hat =
  (shape: HatShape): Maker =>
  (sampleRate, force, noise) => {
    const fall = shape.fall * (0.75 + 0.35 * force)
    const out = room(sampleRate, fall * 1.15 + 0.02)
    const attackSec = shape.attackSec ?? 0.0006
    const cloud: Metal = {
      partials: 46,
      lowHz: 2_900,
      highHz: 14_500,
      level: shape.metal,
      lowFall: fall * 0.8,
      highFall: fall,
      peakHz: shape.peakHz,
      slopeDb: 5,
      attackSec,
    }
    addMetal(out, sampleRate, cloud, noise)
    addNoise(
      out,
      sampleRate,
      { level: shape.noise, fall: fall * 0.85, lowHz: 5_500, highHz: 9_500 + 4_000 * force, attackSec },
      noise,
    )
    addNoise(out, sampleRate, { level: 0.5 * shape.noise * force, fall: 0.012, lowHz: 4_000, highHz: 14_000 }, noise)
    cutBelow(out, sampleRate, shape.floorHz)
    cutBelow(out, sampleRate, shape.floorHz * 0.9)
    return finish(out, sampleRate, 0.8)
  }

/** Six squares through a high band, as analogue machines make theirs. */
export const machineHat =
  (fall: number, floorHz: number): Maker =>
  (sampleRate, _force, noise) => {
    const out = room(sampleRate, fall * 1.15 + 0.02)
    const hz = [205.3, 304.4, 369.6, 522.7, 540, 800].map((one) => one * 1.72)
    addSquares(out, sampleRate, { hz, level: 1, fall, lowHz: floorHz, highHz: 14_500, q: 1.1 })
    addNoise(out, sampleRate, { level: 0.12, fall, lowHz: 8_000, highHz: 15_000 }, noise)
    return finish(out, sampleRate, 0.75)
  }

export interface CymbalShape {
  readonly fall: number
  readonly lowHz: number
  readonly wash: number
  readonly partials: number
  readonly peakHz: number
  readonly slopeDb: number
  /** Loudness of the stick's tip. */
  readonly tip: number
  readonly bell?: readonly number[]
}

export const cymbal =
  (shape: CymbalShape): Maker =>
  (sampleRate, force, noise) => {
    const { fall } = shape
    const out = room(sampleRate, Math.min(3.2, fall * 0.95))
    addMetal(
      out,
      sampleRate,
      {
        partials: shape.partials,
        lowHz: shape.lowHz,
        highHz: 14_500,
        level: 1,
        lowFall: fall,
        highFall: fall * 0.45,
        peakHz: shape.peakHz,
        slopeDb: shape.slopeDb,
        attackSec: 0.002,
      },
      noise,
    )
    addNoise(
      out,
      sampleRate,
      { level: shape.wash * (0.5 + 0.5 * force), fall: fall * 0.55, lowHz: 3_800, highHz: 15_000, attackSec: 0.004 },
      noise,
    )
    addNoise(
      out,
      sampleRate,
      { level: shape.wash * 0.6 * force, fall: fall * 0.22, lowHz: 1_800, highHz: 7_000, attackSec: 0.003 },
      noise,
    )
    addNoise(out, sampleRate, { level: shape.tip * force, fall: 0.02, lowHz: 2_500, highHz: 11_000 }, noise)
    for (const [i, hz] of (shape.bell ?? []).entries())
      addTone(out, sampleRate, { hz, level: 0.1 / (1 + i), fall: fall * 0.55, phase: i * 0.21 })
    cutBelow(out, sampleRate, shape.lowHz * 0.8)
    return finish(out, sampleRate, 0.8)
  }

/** Grains in a shell: a rise, and a fall. */
export const shaker =
  (lowHz: number, highHz: number, attackSec: number, fall: number): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, attackSec + fall * 1.1)
    addNoise(out, sampleRate, { level: 0.8, fall, lowHz, highHz: highHz * (0.8 + 0.2 * force), attackSec }, noise)
    return finish(out, sampleRate, 0.7)
  }

/** A frame with jingles. */
export const jingles =
  (fall: number): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, fall * 1.1)
    for (const delaySec of [0, 0.012])
      addNoise(
        out,
        sampleRate,
        { level: 0.3, fall: fall * 0.4, lowHz: 6_000, highHz: 13_000, delaySec, attackSec: 0.002 },
        noise,
      )
    addMetal(
      out,
      sampleRate,
      {
        partials: 16,
        lowHz: 5_200,
        highHz: 13_000,
        level: 0.8,
        lowFall: fall,
        highFall: fall * 0.7,
        peakHz: 8_000,
        slopeDb: 4,
      },
      noise,
    )
    addNoise(out, sampleRate, { level: 0.25 * force, fall: 0.02, lowHz: 800, highHz: 3_000 }, noise)
    cutBelow(out, sampleRate, 3_000)
    return finish(out, sampleRate, 0.7)
  }

/** Two squares through a band. */
export const cowbell =
  (low: number, high: number, fall: number): Maker =>
  (sampleRate, _force, noise) => {
    const out = room(sampleRate, fall * 1.1)
    addSquares(out, sampleRate, { hz: [low, high], level: 1, fall, lowHz: low * 0.9, highHz: high * 4, q: 1.2 })
    addSquares(out, sampleRate, { hz: [low, high], level: 0.9, fall: 0.03, lowHz: low * 0.9, highHz: high * 7 })
    addNoise(out, sampleRate, { level: 0.08, fall: 0.015, lowHz: 3_000, highHz: 9_000 }, noise)
    return finish(out, sampleRate, 0.75)
  }

/** A row of clicks: a stick along a notched gourd, a ratchet. */
export const scrape =
  (clicks: number, seconds: number, lowHz: number, highHz: number): Maker =>
  (sampleRate, force, noise) => {
    const out = room(sampleRate, seconds + 0.06)
    for (let i = 0; i < clicks; i++) {
      const level = 0.35 + 0.65 * (i / clicks)
      addNoise(
        out,
        sampleRate,
        { level, fall: 0.014, lowHz, highHz: highHz * (0.7 + 0.3 * force), delaySec: (seconds * i) / clicks, q: 1.3 },
        noise,
      )
    }
    return finish(out, sampleRate, 0.7)
  }

/** A pea whistle or a bird: a tone that trills. */
export const whistle =
  (hz: number, seconds: number, trillHz: number): Maker =>
  (sampleRate, _force, noise) => {
    const out = room(sampleRate, seconds + 0.03)
    const slices = Math.max(1, Math.round(seconds * trillHz))
    for (let i = 0; i < slices; i++) {
      const part = out.subarray(Math.round((out.length * i) / slices), Math.round((out.length * (i + 1)) / slices))
      const up = i % 2 === 0 ? 1 : 1.03
      addTone(part, sampleRate, { hz: hz * up, level: 0.7, fall: seconds * 4, attackSec: 0.004 })
      addTone(part, sampleRate, { hz: hz * 2.01 * up, level: 0.15, fall: seconds * 4, attackSec: 0.004 })
      finish(part, sampleRate, 0.7)
    }
    addNoise(out, sampleRate, { level: 0.1, fall: seconds, lowHz: hz, highHz: hz * 3, attackSec: 0.01 }, noise)
    return finish(out, sampleRate, 0.6)
  }
