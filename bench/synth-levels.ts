// `node bench/synth-levels.ts`: how loud each General MIDI program and drum kit is before its level is set, and
// the levels that would make them equal. The result is `programDb` and `drumsDb` of
// src/studio/core/synth/instruments/levels.ts; run it again after changing a sound.
//
// Each program plays the same phrase at velocity 100: eight notes of 0.5 s in the register it is used in.

import { integratedLoudness } from '#src/studio/core/synth/loudness-meter.ts'
import { levelDbOf } from '#src/studio/core/synth/instruments/levels.ts'
import { note, scoreOf, trackOf } from '#src/studio/core/synth/testing/scores.ts'
import { renderAll } from '#src/studio/core/synth/testing/measure.ts'
import { drumKits, type ScoreTrack } from '#src/studio/core/synth/score.ts'

/** Loudness of one instrument alone; six of them and a limiter make a song of about -16. */
const targetLufs = -23
/** Basses carry more energy than loudness tells, and everything else stands on them. */
const bassLufs = -25
const rises = [0, 4, 7, 12, 7, 4, 0, 5]

const isBass = (program: number): boolean => program >= 32 && program <= 39

/** Lowest note of the phrase: basses low, whistles high, all else around middle C. */
function lowestOf(program: number): number {
  if (isBass(program)) return 31
  if ([42, 43, 58, 67, 70].includes(program)) return 43
  if ([9, 10, 72, 74, 78, 79].includes(program)) return 72
  return 55
}

function loudness(track: ScoreTrack): number {
  const score = scoreOf([{ ...track, volume: 1 }], { master: { effects: [], trimDb: -6 } })
  const { left, right, sampleRate } = renderAll(score, { tailSec: 0.5 })
  return integratedLoudness(left, right, sampleRate) + 6 - levelDbOf(track)
}

const phrase = (lowest: number): ScoreTrack['notes'] => rises.map((rise, i) => note(i * 1.25, 1, lowest + rise))
const programs = Array.from({ length: 128 }, (_, program) => trackOf({ program, notes: phrase(lowestOf(program)) }))
const round = (db: number): number => Math.round(db * 10) / 10
console.log(
  `programDb: [${programs.map((track) => round((isBass(track.program) ? bassLufs : targetLufs) - loudness(track))).join(', ')}]`,
)
for (const drumKit of drumKits) {
  const notes = Array.from({ length: 4 }, (_, bar) => bar * 4).flatMap((beat) => [
    ...[0, 2.5].map((at) => note(beat + at, 0.2, 36, 110)),
    ...[1, 3].map((at) => note(beat + at, 0.2, 38, 105)),
    ...[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5].map((at) => note(beat + at, 0.2, 42, 80)),
  ])
  console.log(`${drumKit}: ${round(targetLufs - loudness(trackOf({ kind: 'drums', drumKit, notes })))}`)
}
