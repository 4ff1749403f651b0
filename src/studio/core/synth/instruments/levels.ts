// How loud each program and kit is played, so that a note of any of them at velocity 100 is about as loud as
// of any other, and a kit as loud as drums usually stand in a mix. Measured by `bench/synth-levels.ts`; see
// there for how.

import type { DrumKit, ScoreTrack } from '../score.ts'

/** Sixteen programs a line; limited to -16 to 8 dB. */
// prettier-ignore
const programDb: readonly number[] = [
  -8.6, -9.1, -5, -6.1, -6.4, -5.8, -5.9, -5, 0, 0.2, 1.7, -2.1, 1.1, 4.1, -3.3, -3.3,
  -3.7, -3.3, -7.5, -8.5, -7.2, -7.9, -8.3, -7.8, -3.8, -5.4, -6.2, -1.5, 0.8, -13, -14.2, -2.9,
  -7.5, -9.1, -9.1, -7.1, -5.5, -6.3, -4.1, -7.6, -7, -6.8, -6.2, -6.1, -1.6, -3.8, -5.2, -0.9,
  -3.4, -2.9, 0.4, 3.4, -4.4, -3.7, -2.5, 2.2, -7.9, -6.8, -5.7, -9.3, -6.1, -4.6, -0.3, 1.3,
  -7.8, -7.7, -7.5, -7.2, -8.4, -7.9, -6.8, -7.5, -8.4, -6.9, -7.8, -5.1, -2.9, -7, -6.2, -7.6,
  -3.8, -2.9, -6.6, -0.6, -12.4, -6.3, -5.2, -5.9, -0.4, 0.9, -0.1, -1.9, 3.2, 4, 2.4, 1.3,
  3, -0.1, -4.9, 6.2, 1.9, -0.2, 1.7, 6.6, -1.7, -1.7, 1.2, -2.9, -0.4, -9.9, -6.8, -9.6,
  0.5, 3, 1.9, 6.5, 0.4, 1.5, 2, -3.7, 8, 1.2, 8, 0.7, -2.8, 5.3, -3.5, -4.8,
]

const kitDb: Readonly<Record<DrumKit, number>> = {
  acoustic: -1.6,
  'TR-909': -2.2,
  'TR-808': -1.2,
  jazz: 0.0,
}

export function levelDbOf(track: ScoreTrack): number {
  return track.kind === 'drums' ? kitDb[track.drumKit] : (programDb[track.program] ?? 0)
}
