// Small helpers over numbers that music and sound share: limits, mixing, decibels, pitches.

import { exp2, log2 } from './exponential.ts'

export const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x)

/** From `a` at 0 to `b` at 1, not limited. */
export const lerp = (a: number, b: number, at: number): number => a + (b - a) * at

/** log2(10) / 20. */
const OCTAVES_PER_DB = 0.16609640474436813

/** Amplitude of a level: 0 dB is 1, -6.02 dB is 0.5. */
export const dbToGain = (db: number): number => exp2(db * OCTAVES_PER_DB)

/** Level of an amplitude; 0 is -Infinity. */
export const gainToDb = (gain: number): number => log2(gain) / OCTAVES_PER_DB

/** Frequency of a MIDI pitch, fractions allowed; 69 is 440 Hz. */
export const pitchToHz = (pitch: number): number => 440 * exp2((pitch - 69) / 12)
