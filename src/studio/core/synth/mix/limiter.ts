// The last stage: a soft knee rounds the tips of drums off, and a limiter that sees 128 frames ahead turns the
// rest down smoothly, so that no peak, not even between samples, passes -1 dBTP.
//
// How the limiter keeps its promise: sound is looked at in slices of 16 frames. For each slice the gain that
// would just fit is known. The gain at a slice's border is the mean of eight minima, each over nine slices, and
// every one of these minima covers the slices on both sides of the border; so it never exceeds what either
// needs, and it moves in straight lines between.

import { cos, dbToGain, PI, sin } from '../../maths/index.ts'
import { CHUNK } from '../effects/effect.ts'

const SLICE = 16
const SLICES = CHUNK / SLICE
/** Below the promise: points between samples see most of a peak there, not all of it. */
const CEILING_DB = -1.6
/** Above this level tips are rounded; infinitely high ones would end at `KNEE + ROOM`. */
const KNEE = 0.6
const ROOM = 0.85
const RELEASE_SEC = 0.16
/** Share of the ceiling from which points between samples are looked at. */
const NEAR = 0.65
const TAPS = 12

/** A quarter, a half and three quarters of the way between the sixth and the seventh of twelve samples. */
const PHASES: readonly Float64Array[] = [0.25, 0.5, 0.75].map((part) => {
  const taps = Float64Array.from({ length: TAPS }, (_, k) => {
    const x = PI * (part + TAPS / 2 - 1 - k)
    return (sin(x) / x) * (0.5 + 0.5 * cos(x / (TAPS / 2 + 0.5)))
  })
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => tap / sum)
})

export class Limiter {
  readonly #ceiling = dbToGain(CEILING_DB)
  readonly #recover: number
  readonly #lateLeft = new Float32Array(CHUNK)
  readonly #lateRight = new Float32Array(CHUNK)
  /** The slice that was looked at last, and the samples before it. */
  readonly #windowLeft = new Float32Array(SLICE + TAPS)
  readonly #windowRight = new Float32Array(SLICE + TAPS)
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
 * Highest of the slice's samples and of the points between them. `window` keeps the last samples before the
 * slice; points between samples are only looked at where samples come near the ceiling.
 */
function peakOf(x: Float32Array, window: Float32Array, from: number, ceiling: number): number {
  let peak = 0
  for (let i = from; i < from + SLICE; i++) {
    const value = Math.abs(x[i] as number)
    if (value > peak) peak = value
  }
  for (let i = 0; i < TAPS; i++) window[i] = window[SLICE + i] as number
  for (let i = 0; i < SLICE; i++) window[TAPS + i] = x[from + i] as number
  if (peak < NEAR * ceiling) return peak
  // A point needs as many samples after it as before, so the newest lies half a window back; later ones are
  // looked at with the next slice, whose minima cover this one as well.
  for (let i = 0; i < SLICE; i++) {
    for (let phase = 0; phase < PHASES.length; phase++) {
      const taps = PHASES[phase] as Float64Array
      let sum = 0
      for (let k = 0; k < TAPS; k++) sum += (taps[k] as number) * (window[i + 1 + k] as number)
      const between = sum < 0 ? -sum : sum
      if (between > peak) peak = between
    }
  }
  return peak
}
