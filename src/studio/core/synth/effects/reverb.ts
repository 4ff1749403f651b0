// A room: four all-pass filters scatter the sound, eight delay lines of unrelated lengths feed each other
// through a matrix that neither adds nor loses energy (Hadamard's), and each line loses highs and level so that
// the whole falls by 60 dB in the asked time. Two lines breathe slowly, which keeps long tails from ringing.

import { exp, sin, TAU } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { CHUNK, type Effect, type EffectSite, undenormal } from './effect.ts'

const LINES = 8
const LENGTHS_MS = [31.3, 35.9, 40.7, 45.1, 50.9, 56.3, 62.7, 69.1]
const SCATTER_MS = [4.77, 3.59, 12.73, 9.31]
const SCATTER_GAIN = [0.72, 0.7, 0.6, 0.58]
const LOW_CUT_HZ = 130

export class Reverb implements Effect {
  readonly tailFrames: number
  readonly #sampleRate: number
  readonly #mask: number
  readonly #size: number
  /** All eight lines after each other, each of `#size`. */
  readonly #lines: Float32Array
  readonly #lengths: readonly number[]
  readonly #keep: Float64Array
  readonly #low = new Float64Array(LINES)
  readonly #lowShare: number
  readonly #scatter: readonly Float32Array[]
  readonly #scatterAt = new Int32Array(4)
  readonly #before: Float32Array
  #beforeAt = 0
  readonly #cutShare: number
  #cut = 0
  #write = 0
  #turn = 0
  readonly #mix: number

  constructor(site: EffectSite, params: Readonly<Record<string, number>>) {
    const { decay, size, damping, preDelay, mix } = effectValues('reverb', params)
    const { sampleRate } = site
    const frames = (ms: number): number => Math.max(1, Math.round((ms * sampleRate) / 1_000))
    const scale = 0.35 + 1.05 * size
    this.#sampleRate = sampleRate
    this.#mix = mix
    this.#lengths = LENGTHS_MS.map((ms) => frames(ms * scale))
    this.#size = 1
    while (this.#size < Math.max(...this.#lengths) + 64) this.#size *= 2
    this.#mask = this.#size - 1
    this.#lines = new Float32Array(this.#size * LINES)
    this.#keep = Float64Array.from(this.#lengths, (length) => exp((-6.907755 * length) / (decay * sampleRate)))
    const dampHz = 11_000 * exp(-2.4 * damping)
    this.#lowShare = 1 - exp((-TAU * dampHz) / sampleRate)
    this.#cutShare = 1 - exp((-TAU * LOW_CUT_HZ) / sampleRate)
    this.#scatter = SCATTER_MS.map((ms) => new Float32Array(frames(ms)))
    this.#before = new Float32Array(Math.max(1, frames(preDelay)))
    this.tailFrames = (decay * 1.4 + 0.3) * sampleRate
  }

  process(left: Float32Array, right: Float32Array): void {
    const lines = this.#lines
    const keep = this.#keep
    const low = this.#low
    const size = this.#size
    const mask = this.#mask
    const share = this.#lowShare
    const wet = this.#mix
    const dry = 1 - wet
    const [n0, n1, n2, n3, n4, n5, n6, n7] = this.#lengths as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    // Up to eleven frames either way, in straight lines over the chunk.
    const swing = (0.00025 * this.#sampleRate) / 2
    const turnAfter = this.#turn + (0.61 * CHUNK) / this.#sampleRate
    let m2 = n2 - swing * (1 + sin(TAU * this.#turn))
    const m2Step = (n2 - swing * (1 + sin(TAU * turnAfter)) - m2) / CHUNK
    let m5 = n5 - swing * (1 - sin(TAU * this.#turn))
    const m5Step = (n5 - swing * (1 - sin(TAU * turnAfter)) - m5) / CHUNK
    this.#turn = turnAfter - Math.floor(turnAfter)
    let write = this.#write
    for (let i = 0; i < left.length; i++) {
      const inLeft = left[i] as number
      const inRight = right[i] as number
      const x = this.#scattered(0.5 * (inLeft + inRight))
      m2 += m2Step
      m5 += m5Step
      const y0 = lines[(write - n0) & mask] as number
      const y1 = lines[size + ((write - n1) & mask)] as number
      const y2 = fraction(lines, size * 2, write - m2, mask)
      const y3 = lines[size * 3 + ((write - n3) & mask)] as number
      const y4 = lines[size * 4 + ((write - n4) & mask)] as number
      const y5 = fraction(lines, size * 5, write - m5, mask)
      const y6 = lines[size * 6 + ((write - n6) & mask)] as number
      const y7 = lines[size * 7 + ((write - n7) & mask)] as number
      const l0 = (low[0] = (low[0] as number) + share * (y0 - (low[0] as number))) * (keep[0] as number)
      const l1 = (low[1] = (low[1] as number) + share * (y1 - (low[1] as number))) * (keep[1] as number)
      const l2 = (low[2] = (low[2] as number) + share * (y2 - (low[2] as number))) * (keep[2] as number)
      const l3 = (low[3] = (low[3] as number) + share * (y3 - (low[3] as number))) * (keep[3] as number)
      const l4 = (low[4] = (low[4] as number) + share * (y4 - (low[4] as number))) * (keep[4] as number)
      const l5 = (low[5] = (low[5] as number) + share * (y5 - (low[5] as number))) * (keep[5] as number)
      const l6 = (low[6] = (low[6] as number) + share * (y6 - (low[6] as number))) * (keep[6] as number)
      const l7 = (low[7] = (low[7] as number) + share * (y7 - (low[7] as number))) * (keep[7] as number)
      // Hadamard's matrix in three rounds of sums and differences; 1 / sqrt(8) keeps the energy.
      const a0 = l0 + l1
      const a1 = l0 - l1
      const a2 = l2 + l3
      const a3 = l2 - l3
      const a4 = l4 + l5
      const a5 = l4 - l5
      const a6 = l6 + l7
      const a7 = l6 - l7
      const b0 = a0 + a2
      const b1 = a1 + a3
      const b2 = a0 - a2
      const b3 = a1 - a3
      const b4 = a4 + a6
      const b5 = a5 + a7
      const b6 = a4 - a6
      const b7 = a5 - a7
      const h = 0.3535533905932738
      lines[write] = undenormal(h * (b0 + b4) + x)
      lines[size + write] = undenormal(h * (b1 + b5) - x)
      lines[size * 2 + write] = undenormal(h * (b2 + b6) + x)
      lines[size * 3 + write] = undenormal(h * (b3 + b7) - x)
      lines[size * 4 + write] = undenormal(h * (b0 - b4) + x)
      lines[size * 5 + write] = undenormal(h * (b1 - b5) + x)
      lines[size * 6 + write] = undenormal(h * (b2 - b6) - x)
      lines[size * 7 + write] = undenormal(h * (b3 - b7) - x)
      write = (write + 1) & mask
      left[i] = dry * inLeft + wet * 0.5 * (y0 - y2 + y4 - y6)
      right[i] = dry * inRight + wet * 0.5 * (y1 - y3 + y5 - y7)
    }
    this.#write = write
  }

  /** Cut below, delayed and scattered. */
  #scattered(x: number): number {
    this.#cut += this.#cutShare * (x - this.#cut)
    let y = this.#before[this.#beforeAt] as number
    this.#before[this.#beforeAt] = undenormal(x - this.#cut)
    this.#beforeAt = this.#beforeAt + 1 === this.#before.length ? 0 : this.#beforeAt + 1
    for (let k = 0; k < 4; k++) {
      const line = this.#scatter[k] as Float32Array
      const at = this.#scatterAt[k] as number
      const gain = SCATTER_GAIN[k] as number
      const held = line[at] as number
      const into = y - gain * held
      line[at] = undenormal(into)
      y = held + gain * into
      this.#scatterAt[k] = at + 1 === line.length ? 0 : at + 1
    }
    return y
  }
}

/** A value between two frames of a line that begins at `base`. */
function fraction(lines: Float32Array, base: number, position: number, mask: number): number {
  const at = Math.floor(position)
  const a = lines[base + (at & mask)] as number
  return a + (position - at) * ((lines[base + ((at + 1) & mask)] as number) - a)
}
