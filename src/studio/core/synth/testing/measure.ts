// Facts about rendered sound, for tests: levels, energy in bands, a hash of the exact samples.

import { cos, gainToDb, sin } from '../../maths/index.ts'
import { inverseTransform } from '../fourier.ts'
import { createRenderer, type RenderOptions } from '../renderer.ts'
import type { Score } from '../score.ts'

export interface Sound {
  readonly left: Float32Array
  readonly right: Float32Array
  readonly sampleRate: number
}

/** The whole rendering in one piece. */
export function renderAll(score: Score, options: RenderOptions = {}): Sound {
  const renderer = createRenderer(score, options)
  const left = new Float32Array(renderer.totalFrames)
  const right = new Float32Array(renderer.totalFrames)
  renderer.render(left, right)
  return { left, right, sampleRate: renderer.sampleRate }
}

/** FNV-1a over the bits of both channels. */
export function hashOf({ left, right }: Sound): string {
  let hash = 0x811c9dc5
  for (const channel of [left, right])
    for (const word of new Uint32Array(channel.buffer, channel.byteOffset, channel.length))
      hash = Math.imul(hash ^ word, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

export function peakOf(samples: Float32Array): number {
  let peak = 0
  for (const value of samples) peak = Math.max(peak, Math.abs(value))
  return peak
}

/** In dB of full scale; silence is -Infinity. */
export function rmsDb(samples: Float32Array, from = 0, to = samples.length): number {
  let sum = 0
  for (const value of samples.subarray(from, to)) sum += value * value
  return gainToDb(Math.sqrt(sum / Math.max(1, to - from)))
}

export const hasNotANumber = (samples: Float32Array): boolean => samples.some((value) => !Number.isFinite(value))

/** Highest level between samples too, in dB: the signal four times as dense, by a windowed sinc of 24 taps. */
export function truePeakDb(samples: Float32Array): number {
  let peak = peakOf(samples)
  const near = 0.5 * peak
  for (let i = 12; i < samples.length - 12; i++) {
    if (Math.abs(samples[i]!) < near) continue
    for (const part of [0.25, 0.5, 0.75]) {
      let sum = 0
      for (let k = -11; k <= 12; k++) {
        const x = Math.PI * (part - k)
        const window = 0.5 + 0.5 * cos((Math.PI * (part - k)) / 12.5)
        sum += samples[i + k]! * (sin(x) / x) * window
      }
      peak = Math.max(peak, Math.abs(sum))
    }
  }
  return gainToDb(peak)
}

/** Shares of the energy between neighbouring edges (Hz), from windows of 4,096 frames. */
export function bandShares(
  { left, sampleRate }: Sound,
  edges: readonly number[],
  from = 0,
  to = left.length,
): number[] {
  const size = 4_096
  const inside = edges.slice(1).map(() => 0)
  let total = 0
  for (let at = from; at + size <= Math.max(to, from + size) && at + size <= left.length; at += size) {
    for (const [bin, value] of spectrumOf(left.subarray(at, at + size)).entries()) {
      const hz = (bin * sampleRate) / size
      total += value
      const band = edges.findLastIndex((edge) => hz >= edge)
      if (band >= 0 && band < inside.length) inside[band]! += value
    }
  }
  return inside.map((value) => (total === 0 ? 0 : value / total))
}

/** Share of the energy between two frequencies. */
export const bandShare = (sound: Sound, lowHz: number, highHz: number, from = 0, to = sound.left.length): number =>
  bandShares(sound, [lowHz, highHz], from, to)[0]!

/** Frequency of the strongest bin. */
export function strongestHz({ left, sampleRate }: Sound, from: number): number {
  const size = 8_192
  const power = spectrumOf(left.subarray(from, from + size))
  let best = 1
  for (const [bin, value] of power.entries()) if (value > power[best]!) best = bin
  return (best * sampleRate) / size
}

/** Power of each bin up to half the sample rate, under a Hann window. */
function spectrumOf(samples: Float32Array): Float64Array {
  const size = samples.length
  const re = Float64Array.from(samples, (value, i) => value * (0.5 - 0.5 * cos((2 * Math.PI * i) / size)))
  const im = new Float64Array(size)
  inverseTransform(re, im)
  return Float64Array.from({ length: size / 2 }, (_, i) => re[i]! * re[i]! + im[i]! * im[i]!)
}
