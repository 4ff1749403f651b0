// The notes of a track as key presses and releases on the frame clock.

import type { ScoreNote } from '../score.ts'
import type { TempoClock } from '../tempo-clock.ts'

export interface KeyEvent {
  readonly frame: number
  /** Which note of the track; a release names the same one as its press. */
  readonly note: number
  readonly isPress: boolean
}

/** Sorted by frame; at one frame releases come first. Notes that begin before `startTick` are left out. */
export function keyEvents(notes: readonly ScoreNote[], clock: TempoClock, startTick: number): KeyEvent[] {
  const events: KeyEvent[] = []
  for (const [note, { tick, duration }] of notes.entries()) {
    if (tick < startTick) continue
    const frame = Math.round(clock.frameOf(tick))
    const end = Math.max(frame + 1, Math.round(clock.frameOf(tick + duration)))
    events.push({ frame, note, isPress: true }, { frame: end, note, isPress: false })
  }
  return events.sort((a, b) => a.frame - b.frame || Number(a.isPress) - Number(b.isPress) || a.note - b.note)
}
