// How far a score is from -16 LUFS, told from its notes alone, so that the first block can be played before the
// last one is made. Instruments and kits are equally loud by `levels.ts`; what is left is how many notes sound
// at once, how hard and how long.
//
// Faders, pans, mutes and solos are left out on purpose: turning a track down must make the song quieter.

import { clamp, gainToDb } from '../maths/index.ts'
import type { Score, ScoreNote, ScoreTrack } from './score.ts'
import { createTempoClock, type TempoClock } from './tempo-clock.ts'
import { velocityGain } from './voices/voice.ts'

const TARGET_LUFS = -16
/** Loudness of one note after the other at velocity 100 with the faders as composed pieces have them. */
const NOTE_LUFS = -24.8
const WINDOW_SEC = 0.4
const LOWEST_DB = -9
const HIGHEST_DB = 9

/** Programs that die away by themselves: seconds after which little is left. */
function ringSec({ kind, program }: ScoreTrack): number {
  if (kind === 'drums') return 0.2
  if (program < 16 || (program >= 104 && program < 120)) return 0.9
  if (program >= 24 && program < 32) return 0.8
  if (program >= 32 && program < 38) return 0.9
  return program >= 45 && program < 48 ? 0.5 : Infinity
}

/** Power of a drum key against a snare's, for a fifth of a second. */
function drumPower(key: number): number {
  if (key === 35 || key === 36) return 2
  if (key === 38 || key === 40 || key === 39) return 6
  if (key === 42 || key === 44) return 0.3
  if (key === 49 || key === 57 || key === 52 || key === 55) return 5
  return key === 46 || key === 51 || key === 59 || key === 53 ? 1.2 : 1.5
}

function addNote(windows: Float64Array, track: ScoreTrack, note: ScoreNote, clock: TempoClock): void {
  const isDrums = track.kind === 'drums'
  const startSec = clock.frameOf(note.tick)
  const heldSec = clock.frameOf(note.tick + note.duration) - startSec
  const sec = isDrums ? ringSec(track) : clamp(heldSec, 0.05, ringSec(track))
  const gain = velocityGain(note.velocity, 1.6) / velocityGain(100, 1.6)
  const power = gain * gain * (isDrums ? drumPower(note.pitch) : 1)
  const last = Math.min(windows.length - 1, Math.floor((startSec + sec) / WINDOW_SEC))
  for (let at = Math.floor(startSec / WINDOW_SEC); at <= last; at++) {
    const from = Math.max(startSec, at * WINDOW_SEC)
    const to = Math.min(startSec + sec, (at + 1) * WINDOW_SEC)
    windows[at] = (windows[at] as number) + (power * Math.max(0, to - from)) / WINDOW_SEC
  }
}

const decibels = (power: number): number => gainToDb(Math.sqrt(power))

/** Loudness that the score would have with every fader at rest and no trim, in LUFS; -Infinity without notes. */
export function estimatedLufs(score: Score): number {
  // One frame a second makes frames seconds.
  const clock = createTempoClock(score.tempoMap, 1)
  const windows = new Float64Array(Math.ceil(clock.frameOf(score.endTick) / WINDOW_SEC) + 1)
  for (const track of score.tracks) for (const note of track.notes) addNote(windows, track, note, clock)
  const audible = windows.filter((power) => power > 0)
  const mean = audible.reduce((sum, power) => sum + power, 0) / Math.max(1, audible.length)
  const gated = audible.filter((power) => power > mean / 10)
  return NOTE_LUFS + decibels(gated.reduce((sum, power) => sum + power, 0) / Math.max(1, gated.length))
}

/** Gain for the master in dB, in half decibels, so that a small edit does not move the whole song. */
export function trimDbOf(score: Score): number {
  const estimate = estimatedLufs(score)
  if (estimate === -Infinity) return 0
  return clamp(Math.round(2 * (TARGET_LUFS - estimate)) / 2, LOWEST_DB, HIGHEST_DB)
}
