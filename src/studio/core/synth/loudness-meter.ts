// Loudness as ITU-R BS.1770-4 defines it: K-weighted power in windows of 400 ms, gated, in LUFS.

import { gainToDb, log2, pow, TAU, tan } from '../maths/index.ts'

interface Coefficients {
  readonly b0: number
  readonly b1: number
  readonly b2: number
  readonly a1: number
  readonly a2: number
}

/** The standard gives the filters for 48 kHz; these are the analogue ones behind them, for any rate. */
function headShelf(sampleRate: number): Coefficients {
  const k = tan((TAU / 2) * (1_681.974450955533 / sampleRate))
  const high = pow(10, 3.999843853973347 / 20)
  const band = pow(high, 0.4996667741545416)
  const q = 0.7071752369554196
  const a0 = 1 + k / q + k * k
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  }
}

function lowCut(sampleRate: number): Coefficients {
  const k = tan((TAU / 2) * (38.13547087602444 / sampleRate))
  const q = 0.5003270373238773
  const a0 = 1 + k / q + k * k
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 }
}

function filter(x: Float64Array, { b0, b1, b2, a1, a2 }: Coefficients): void {
  let s1 = 0
  let s2 = 0
  for (let i = 0; i < x.length; i++) {
    const input = x[i] as number
    const y = b0 * input + s1
    s1 = b1 * input - a1 * y + s2
    s2 = b2 * input - a2 * y
    x[i] = y
  }
}

/** 10 log10 of a power, with the standard's offset. */
const lufs = (power: number): number => -0.691 + (10 * log2(power)) / 3.321928094887362

/** Integrated loudness of a whole piece in LUFS; silence and pieces under 400 ms give -Infinity. */
export function integratedLoudness(left: Float32Array, right: Float32Array, sampleRate: number): number {
  const hop = Math.round(0.1 * sampleRate)
  const hops = Math.floor(left.length / hop)
  const power = new Float64Array(hops)
  for (const channel of [left, right]) {
    const x = Float64Array.from(channel)
    filter(x, headShelf(sampleRate))
    filter(x, lowCut(sampleRate))
    for (let at = 0; at < hops; at++) {
      let sum = 0
      for (let i = at * hop; i < (at + 1) * hop; i++) sum += (x[i] as number) * (x[i] as number)
      power[at] = (power[at] as number) + sum / hop
    }
  }
  const windows: number[] = []
  for (let at = 0; at + 4 <= hops; at++) {
    let sum = 0
    for (let i = at; i < at + 4; i++) sum += power[i] as number
    windows.push(sum / 4)
  }
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length)
  const audible = windows.filter((one) => one > 0 && lufs(one) > -70)
  if (audible.length === 0) return gainToDb(0)
  const gate = lufs(mean(audible)) - 10
  return lufs(mean(audible.filter((one) => lufs(one) > gate)))
}
