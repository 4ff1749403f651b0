// The last stage: a soft knee rounds the tips of drums off, and a limiter that sees 128 frames ahead turns the
// rest down smoothly, so that no peak, not even between samples, passes -1 dBTP.
//
// How the limiter keeps its promise: sound is looked at in slices of 16 frames. For each slice the gain that
// would just fit is known. The gain at a slice's border is the mean of eight minima, each over nine slices, and
// every one of these minima covers the slices on both sides of the border; so it never exceeds what either
// needs, and it moves in straight lines between.

import { dbToGain } from '../../maths/index.ts'
import { CHUNK } from '../effects/effect.ts'

const SLICE = 16
const SLICES = CHUNK / SLICE
/** Half a dB below the promise: half-sample points see most of a peak between samples, not all of it. */
const CEILING_DB = -1.5
/** Above this level tips are rounded; infinitely high ones would end at `KNEE + ROOM`. */
const KNEE = 0.6
const ROOM = 0.85
const RELEASE_SEC = 0.16
/** A windowed sinc at half-sample distance; its taps sum to one half on each side. */
const TAPS = [0.6222, -0.1703, 0.0638, -0.0157] as const

export class Limiter {
  readonly #ceiling = dbToGain(CEILING_DB)
  readonly #recover: number
  readonly #lateLeft = new Float32Array(CHUNK)
  readonly #lateRight = new Float32Array(CHUNK)
  /** The slice that was looked at last, and the eight samples before it. */
  readonly #windowLeft = new Float32Array(SLICE + 8)
  readonly #windowRight = new Float32Array(SLICE + 8)
  /** Rings: gains that would fit the newest nine slices, and the newest eight minima. */
  readonly #fits = new Float64Array(SLICES + 1).fill(1)
  readonly #minima = new Float64Array(SLICES).fill(1)
  #fitAt = 0
  #minimumAt = 0
  #held = 1
  #gain = 1

  constructor(sampleRate: number) {
    this.#recover = Math.min(1, SLICE / (RELEASE_SEC * sampleRate))
  }

  /** One chunk in, in place; what comes out is the chunk before it, limited. */
  process(left: Float32Array, right: Float32Array): void {
    round(left)
    round(right)
    const lateLeft = this.#lateLeft
    const lateRight = this.#lateRight
    const ceiling = this.#ceiling
    let gain = this.#gain
    for (let from = 0; from < CHUNK; from += SLICE) {
      const peak = Math.max(
        peakOf(left, this.#windowLeft, from, ceiling),
        peakOf(right, this.#windowRight, from, ceiling),
      )
      const next = this.#gainFor(peak > ceiling ? ceiling / peak : 1)
      const step = (next - gain) / SLICE
      for (let i = from; i < from + SLICE; i++) {
        gain += step
        const newLeft = left[i] as number
        const newRight = right[i] as number
        left[i] = gain * (lateLeft[i] as number)
        right[i] = gain * (lateRight[i] as number)
        lateLeft[i] = newLeft
        lateRight[i] = newRight
      }
      gain = next
    }
    this.#gain = gain
  }

  /** Takes the newest slice's fitting gain; gives the gain at the end of the slice that goes out. */
  #gainFor(fit: number): number {
    const fits = this.#fits
    const minima = this.#minima
    fits[this.#fitAt] = fit
    this.#fitAt = this.#fitAt === SLICES ? 0 : this.#fitAt + 1
    let least = 1
    for (let i = 0; i <= SLICES; i++) {
      const one = fits[i] as number
      if (one < least) least = one
    }
    this.#held = Math.min(least, this.#held + (1 - this.#held) * this.#recover)
    minima[this.#minimumAt] = this.#held
    this.#minimumAt = this.#minimumAt === SLICES - 1 ? 0 : this.#minimumAt + 1
    let sum = 0
    for (let i = 0; i < SLICES; i++) sum += minima[i] as number
    return sum / SLICES
  }
}

/** The soft knee. */
function round(x: Float32Array): void {
  for (let i = 0; i < x.length; i++) {
    const value = x[i] as number
    if (value > KNEE) x[i] = KNEE + (value - KNEE) / (1 + (value - KNEE) / ROOM)
    else if (value < -KNEE) x[i] = -KNEE + (value + KNEE) / (1 - (value + KNEE) / ROOM)
  }
}

/**
 * Highest of the slice's samples and of the points between them. `window` keeps the last eight samples before
 * the slice; points between samples are only looked at where samples come near the ceiling.
 */
function peakOf(x: Float32Array, window: Float32Array, from: number, ceiling: number): number {
  let peak = 0
  for (let i = from; i < from + SLICE; i++) {
    const value = Math.abs(x[i] as number)
    if (value > peak) peak = value
  }
  for (let i = 0; i < 8; i++) window[i] = window[SLICE + i] as number
  for (let i = 0; i < SLICE; i++) window[8 + i] = x[from + i] as number
  if (peak < 0.5 * ceiling) return peak
  // The newest point with four samples on each side lies four and a half back; the ones after it belong to the
  // next slice, which keeps its eight minima over this one as well.
  for (let i = 4; i < 4 + SLICE; i++) {
    const between = Math.abs(
      TAPS[0] * ((window[i] as number) + (window[i + 1] as number)) +
        TAPS[1] * ((window[i - 1] as number) + (window[i + 2] as number)) +
        TAPS[2] * ((window[i - 2] as number) + (window[i + 3] as number)) +
        TAPS[3] * ((window[i - 3] as number) + (window[i + 4] as number)),
    )
    if (between > peak) peak = between
  }
  return peak
}
