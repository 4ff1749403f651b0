// The last pass over a part: every note in range, inside its region, long enough to be heard, and no key struck
// while it is down. Keeps order and never adds a note.

import { clamp } from '../maths/index.ts'
import type { PartNote } from './part-note.ts'

/** A 32nd of a beat. */
const SHORTEST = 30

/** Notes of one region, from `start` up to `end`. */
export function cleaned(
  notes: readonly PartNote[],
  start: number,
  end: number,
  range: readonly [number, number],
): PartNote[] {
  const sorted = notes
    .map((note) => {
      const tick = clamp(note.tick, start, end - SHORTEST)
      return {
        ...note,
        tick,
        length: clamp(note.length, SHORTEST, end - tick),
        pitch: folded(note.pitch, range),
        velocity: clamp(note.velocity, 1, 127),
      }
    })
    .sort((a, b) => a.tick - b.tick || a.pitch - b.pitch || b.velocity - a.velocity)
  const kept: PartNote[] = []
  const lastOf = new Map<number, number>()
  for (const note of sorted) {
    const index = lastOf.get(note.pitch)
    const before = index === undefined ? undefined : kept[index]
    if (index !== undefined && before !== undefined && note.tick < before.tick + before.length) {
      // Two strikes closer than can be played are one.
      if (note.tick - before.tick < SHORTEST) continue
      kept[index] = { ...before, length: note.tick - before.tick }
    }
    lastOf.set(note.pitch, kept.length)
    kept.push(note)
  }
  return kept
}

/** By octaves into the range. */
function folded(pitch: number, [low, high]: readonly [number, number]): number {
  let value = pitch
  while (value < low) value += 12
  while (value > high) value -= 12
  return value < low ? low : value
}
