// One period of a sound, made from its harmonics and cut off below half the sample rate: what the oscillators
// read. A table serves four semitones, so that resonances of a body (formants) stay where they are while the
// pitch moves. Tables are made when first asked for and kept.

import { cos, pitchToHz, sin, TAU } from '../maths/index.ts'
import { inverseTransform } from './fourier.ts'
import { Noise } from './noise.ts'

export const TABLE_SIZE = 2_048
const ZONE_SEMITONES = 4
/** Bends reach this far above a note; harmonics must stay below the fold even then. */
const BEND_SEMITONES = 2
const TABLE_RMS = 0.25

/** Amplitude of a harmonic (1 is the fundamental) that lies at `hz`. */
export type Spectrum = (harmonic: number, hz: number) => number

export interface Wave {
  /** Unique per wave: tables are kept under it. */
  readonly id: string
  readonly spectrum: Spectrum
  /** `sine` starts every harmonic at zero, as analogue waves do; `spread` scatters them, which sounds softer. */
  readonly phases: 'sine' | 'spread'
}

export class Tables {
  readonly #sampleRate: number
  readonly #kept = new Map<string, Float32Array>()
  readonly #re = new Float64Array(TABLE_SIZE)
  readonly #im = new Float64Array(TABLE_SIZE)
  /** One period of a sine and its first sample again; phase 0 to TABLE_SIZE. */
  readonly sine: Float32Array

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate
    this.sine = new Float32Array(TABLE_SIZE + 1)
    for (let i = 0; i <= TABLE_SIZE; i++) this.sine[i] = sin((TAU * i) / TABLE_SIZE)
  }

  /** One period of `wave` for this MIDI pitch, TABLE_SIZE samples and the first again; its RMS is 0.25. */
  table(wave: Wave, pitch: number): Float32Array {
    const zone = Math.floor(pitch / ZONE_SEMITONES)
    const key = `${wave.id}/${zone}`
    let table = this.#kept.get(key)
    if (table === undefined) {
      table = this.#make(wave, zone)
      this.#kept.set(key, table)
    }
    return table
  }

  #make(wave: Wave, zone: number): Float32Array {
    const hz = pitchToHz((zone + 0.5) * ZONE_SEMITONES)
    const highestHz = pitchToHz((zone + 1) * ZONE_SEMITONES + BEND_SEMITONES)
    const harmonics = Math.max(1, Math.min(TABLE_SIZE / 2 - 1, Math.floor((0.48 * this.#sampleRate) / highestHz)))
    const re = this.#re.fill(0)
    const im = this.#im.fill(0)
    // The same scatter for every table: two tables can then be mixed without cancelling.
    const scatter = new Noise(77)
    let power = 0
    for (let n = 1; n <= harmonics; n++) {
      const phase = wave.phases === 'sine' ? -TAU / 4 : scatter.next() * (TAU / 2)
      const amplitude = wave.spectrum(n, n * hz)
      re[n] = amplitude * cos(phase)
      im[n] = amplitude * sin(phase)
      power += amplitude * amplitude * 0.5
    }
    inverseTransform(re, im)
    const scale = power > 0 ? TABLE_RMS / Math.sqrt(power) : 0
    const table = new Float32Array(TABLE_SIZE + 1)
    for (let i = 0; i < TABLE_SIZE; i++) table[i] = (re[i] as number) * scale
    table[TABLE_SIZE] = table[0] as number
    return table
  }
}
