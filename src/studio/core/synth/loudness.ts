// How far a score is from -16 LUFS, told from its notes alone.

import type { Score } from './score.ts'

/** Gain for the master, in dB. */
export function trimDbOf(_score: Score): number {
  return 0
}
