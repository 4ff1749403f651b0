// What drum sounds are made of: gliding tones, filtered noise, clouds of metal partials and square waves, added
// into one array, and a few things done to the whole.

import { cos, exp, exp2, log2, sin, TAU, tan, tanh } from '../../maths/index.ts'
import type { Noise } from '../noise.ts'

/** ln(1000). */
const FALL = 6.907755278982137
const falling = (seconds: number, sampleRate: number): number => exp(-FALL / (seconds * sampleRate))

export interface Tone {
  readonly hz: number
  readonly level: number
  /** Seconds to fall by 60 dB. */
  readonly fall: number
  /** The pitch begins at `hz` times this and settles in `sweepSec` (to -60 dB). */
  readonly sweep?: number
  readonly sweepSec?: number
  readonly attackSec?: number
  /** Turns, 0-1. */
  readonly phase?: number
}

/** A sine whose pitch may drop: drum heads, kicks, wood. */
export function addTone(out: Float32Array, sampleRate: number, tone: Tone): void {
  const keep = falling(tone.fall, sampleRate)
  const settle = tone.sweepSec === undefined ? 0 : falling(tone.sweepSec, sampleRate)
  const attack = Math.max(1, Math.round((tone.attackSec ?? 0.0004) * sampleRate))
  let sweep = (tone.sweep ?? 1) - 1
  let level = tone.level
  let phase = tone.phase ?? 0
  for (let i = 0; i < out.length && level > 1e-5; i++) {
    const rise = i < attack ? i / attack : 1
    out[i] = (out[i] as number) + rise * level * sin(TAU * phase)
    phase += (tone.hz * (1 + sweep)) / sampleRate
    if (phase > 1) phase -= 1
    sweep *= settle
    level *= keep
  }
}

export interface Band {
  readonly level: number
  readonly fall: number
  readonly lowHz?: number
  readonly highHz?: number
  readonly attackSec?: number
  readonly delaySec?: number
  /** Sharpness of both edges: 0.7 flat, above it a peak. */
  readonly q?: number
  /** The level that the fall begins from stays for this long. */
  readonly holdSec?: number
}

/** Noise between two edges of 12 dB an octave. */
export function addNoise(out: Float32Array, sampleRate: number, band: Band, noise: Noise): void {
  const keep = falling(band.fall, sampleRate)
  const from = Math.round((band.delaySec ?? 0) * sampleRate)
  const attack = Math.max(1, Math.round((band.attackSec ?? 0.0003) * sampleRate))
  const hold = attack + Math.round((band.holdSec ?? 0) * sampleRate)
  const damping = 1 / (band.q ?? Math.SQRT1_2)
  const high = new Edge(Math.min(0.45, (band.highHz ?? 0.45 * sampleRate) / sampleRate), damping)
  const low = new Edge(Math.min(0.45, (band.lowHz ?? 10) / sampleRate), damping)
  let level = band.level
  for (let i = from; i < out.length && level > 1e-5; i++) {
    const at = i - from
    const rise = at < attack ? at / attack : 1
    out[i] = (out[i] as number) + rise * level * high.low(low.high(noise.next()))
    if (at >= hold) level *= keep
  }
}

/** A state-variable filter of its own state, for one edge. */
export class Edge {
  readonly #a1: number
  readonly #a2: number
  readonly #a3: number
  readonly #damping: number
  #s1 = 0
  #s2 = 0
  #band = 0

  /** `cutoff` over the sample rate. */
  constructor(cutoff: number, damping: number) {
    const g = tan((TAU / 2) * cutoff)
    this.#damping = damping
    this.#a1 = 1 / (1 + g * (g + damping))
    this.#a2 = g * this.#a1
    this.#a3 = g * this.#a2
  }

  low(x: number): number {
    const v3 = x - this.#s2
    const v1 = this.#a1 * this.#s1 + this.#a2 * v3
    const v2 = this.#s2 + this.#a2 * this.#s1 + this.#a3 * v3
    this.#s1 = 2 * v1 - this.#s1
    this.#s2 = 2 * v2 - this.#s2
    this.#band = v1
    return v2
  }

  high(x: number): number {
    const low = this.low(x)
    return x - this.#damping * this.#band - low
  }

  band(x: number): number {
    this.low(x)
    return this.#damping * this.#band
  }
}

export interface Metal {
  readonly partials: number
  readonly lowHz: number
  readonly highHz: number
  readonly level: number
  /** Seconds to fall by 60 dB at the lowest and at the highest partial. */
  readonly lowFall: number
  readonly highFall: number
  /** Where the cloud is densest in energy, and dB less for each octave away from there. */
  readonly peakHz: number
  readonly slopeDb: number
  readonly attackSec?: number
}

/** A cloud of partials without common measure: cymbals and bells. Each is a rotation, not a sine call. */
export function addMetal(out: Float32Array, sampleRate: number, metal: Metal, noise: Noise): void {
  const octaves = log2(metal.highHz / metal.lowHz)
  const attack = Math.max(1, Math.round((metal.attackSec ?? 0.001) * sampleRate))
  for (let p = 0; p < metal.partials; p++) {
    const at = (p + noise.between(0.05, 0.95)) / metal.partials
    const hz = Math.min(0.46 * sampleRate, metal.lowHz * exp2(octaves * at))
    const fall = metal.lowFall + (metal.highFall - metal.lowFall) * at
    const keep = falling(fall * noise.between(0.6, 1.3), sampleRate)
    const db = noise.between(-6, 3) - metal.slopeDb * Math.abs(log2(hz / metal.peakHz))
    const turn = (TAU * hz) / sampleRate
    const c = keep * cos(turn)
    const s = keep * sin(turn)
    const phase = noise.between(0, TAU)
    const level = (metal.level / Math.sqrt(metal.partials)) * exp2(db * 0.16609640474436813)
    let x = level * cos(phase)
    let y = level * sin(phase)
    const frames = Math.min(out.length, Math.round(fall * 1.4 * sampleRate))
    for (let i = 0; i < frames; i++) {
      out[i] = (out[i] as number) + (i < attack ? (y * i) / attack : y)
      const next = c * x - s * y
      y = s * x + c * y
      x = next
    }
  }
}

export interface Squares {
  readonly hz: readonly number[]
  readonly level: number
  readonly fall: number
  readonly lowHz: number
  readonly highHz: number
  readonly q?: number
  readonly holdSec?: number
}

/** Square waves through a band: the metal of early drum machines. */
export function addSquares(out: Float32Array, sampleRate: number, squares: Squares): void {
  const keep = falling(squares.fall, sampleRate)
  const damping = 1 / (squares.q ?? Math.SQRT1_2)
  const low = new Edge(squares.lowHz / sampleRate, damping)
  const again = new Edge(squares.lowHz / sampleRate, Math.SQRT2)
  const high = new Edge(Math.min(0.45, squares.highHz / sampleRate), Math.SQRT2)
  const phases = squares.hz.map((_, i) => (i * 0.37) % 1)
  const hold = Math.round((squares.holdSec ?? 0) * sampleRate)
  let level = squares.level / squares.hz.length
  for (let i = 0; i < out.length && level > 1e-6; i++) {
    let sum = 0
    for (let k = 0; k < phases.length; k++) {
      let phase = (phases[k] as number) + (squares.hz[k] as number) / sampleRate
      if (phase >= 1) phase -= 1
      phases[k] = phase
      sum += phase < 0.5 ? 1 : -1
    }
    out[i] = (out[i] as number) + level * high.low(again.high(low.high(sum)))
    if (i >= hold) level *= keep
  }
}

/** Rounds peaks off: `drive` 1 is gentle, 4 is hard. Small sounds keep their level. */
export function saturate(out: Float32Array, drive: number): void {
  for (let i = 0; i < out.length; i++) out[i] = tanh((out[i] as number) * drive) / drive
}

export function cutBelow(out: Float32Array, sampleRate: number, hz: number): void {
  const edge = new Edge(hz / sampleRate, Math.SQRT2)
  for (let i = 0; i < out.length; i++) out[i] = edge.high(out[i] as number)
}

export function cutAbove(out: Float32Array, sampleRate: number, hz: number): void {
  const edge = new Edge(Math.min(0.45, hz / sampleRate), Math.SQRT2)
  for (let i = 0; i < out.length; i++) out[i] = edge.low(out[i] as number)
}

/** Brings the highest sample to `peak` and lets the last 10 ms fade, so that no sound ends with a step. */
export function finish(out: Float32Array, sampleRate: number, peak: number): Float32Array {
  let highest = 0
  for (const value of out) highest = Math.max(highest, Math.abs(value))
  const scale = highest > 0 ? peak / highest : 0
  const fade = Math.min(out.length, Math.round(0.01 * sampleRate))
  for (let i = 0; i < out.length; i++) {
    const left = out.length - 1 - i
    out[i] = (out[i] as number) * scale * (left < fade ? left / fade : 1)
  }
  return out
}
