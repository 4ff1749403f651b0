// Ticks and beats. Inside everything is an integer tick; beats (quarter notes) are decimals for people and tools.

import { MAX_TICK, TICKS_PER_QUARTER } from '../../contract.ts'
import { MusicError } from '../error.ts'

/** To the nearest tick. @throws MusicError when not a number from 0 to the end of time. */
export function ticksFromBeats(beats: number): number {
  const ticks = Math.round(beats * TICKS_PER_QUARTER)
  if (!(ticks >= 0 && ticks <= MAX_TICK)) {
    throw new MusicError(`beat ${beats} is not a place in a piece; 0 to ${MAX_TICK / TICKS_PER_QUARTER} would be right`)
  }
  return ticks
}

/** At most six digits after the point, so that text round-trips to the same tick. */
export function beatsFromTicks(ticks: number): number {
  return Math.round((ticks / TICKS_PER_QUARTER) * 1_000_000) / 1_000_000
}
