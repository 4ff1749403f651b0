// Swing as a map of time: stored notes stand on the straight grid, `swung` says where they are heard.

import { type Swing, TICKS_PER_QUARTER } from '../../contract.ts'
import { clamp } from '../maths/index.ts'

/** Ticks of one long-short pair. */
const cellOf = (swing: Swing): number => (swing.grid === 'eighth' ? TICKS_PER_QUARTER : TICKS_PER_QUARTER / 2)

/** Where the off-beat is, as a share of its cell. */
const offBeatShare = (amount: number): number => 0.5 + amount / 6

/**
 * Long to short of a jazz ride at a tempo: about 3.5:1 near 120 bpm, even near 300.
 * Source: the trend in Friberg and Sundström (2002), as a formula.
 */
export const rideRatio = (bpm: number): number => clamp(600 / bpm - 1, 1, 3.5)

/** The amount that puts the off-beat at `ratio` to 1. */
export const amountOfRatio = (ratio: number): number => 6 * (ratio / (1 + ratio) - 0.5)

/** Stretches the first half of each cell and shortens the second; order of notes and cell borders stay. */
export function swung(tick: number, swing: Swing): number {
  if (swing.amount === 0) return tick
  const cell = cellOf(swing)
  const start = Math.floor(tick / cell) * cell
  const place = (tick - start) / cell
  const share = offBeatShare(swing.amount)
  const moved = place < 0.5 ? place * 2 * share : share + (place - 0.5) * 2 * (1 - share)
  return start + Math.round(moved * cell)
}
