// A track as notation sees it: straight time (swing is a word above the staff), onsets on sixteenths or, where a beat
// has them, eighth triplets; one voice of chords in which each lasts until the next at most. Units are twelfths of a
// quarter note, in which both grids are whole.

import { type Project, TICKS_PER_QUARTER, type Track } from '../../contract.ts'

export const UNITS_PER_QUARTER = 12
const TICKS_PER_UNIT = TICKS_PER_QUARTER / UNITS_PER_QUARTER

export interface WrittenChord {
  /** Units from the beginning of the piece. */
  readonly start: number
  readonly length: number
  readonly pitches: readonly number[]
}

export interface WrittenTrack {
  readonly chords: readonly WrittenChord[]
  /** Quarter notes, by number, that are divided in three. */
  readonly triplets: ReadonlySet<number>
}

/** How far a tick is from the nearest place of a grid. */
const error = (tick: number, step: number): number => Math.abs(tick - Math.round(tick / step) * step)

export function quantised(project: Project, track: Track): WrittenTrack {
  const notes = track.regions.flatMap((region) =>
    region.notes
      .filter((note) => note.start < region.length)
      .map((note) => ({
        start: region.start + note.start,
        end: region.start + Math.min(note.start + note.length, region.length),
        pitch: note.pitch,
      })),
  )
  const beats = new Map<number, { straight: number; triplet: number }>()
  for (const { start } of notes) {
    const beat = Math.floor((start + TICKS_PER_UNIT) / TICKS_PER_QUARTER)
    const sum = beats.get(beat) ?? { straight: 0, triplet: 0 }
    sum.straight += error(start, TICKS_PER_QUARTER / 4)
    sum.triplet += error(start, TICKS_PER_QUARTER / 3) + 1
    beats.set(beat, sum)
  }
  const triplets = new Set([...beats].filter(([, sum]) => sum.triplet < sum.straight).map(([beat]) => beat))
  const snapped = (tick: number): number => {
    const beat = Math.floor((tick + TICKS_PER_UNIT) / TICKS_PER_QUARTER)
    const units = triplets.has(beat) ? 4 : 3
    return Math.round(tick / TICKS_PER_UNIT / units) * units
  }
  const starts = new Map<number, { end: number; pitches: Set<number> }>()
  for (const note of notes) {
    const start = snapped(note.start)
    const group = starts.get(start) ?? { end: 0, pitches: new Set<number>() }
    group.end = Math.max(group.end, snapped(note.end), start + 3)
    group.pitches.add(note.pitch)
    starts.set(start, group)
  }
  const sorted = [...starts].sort(([a], [b]) => a - b)
  const last = Math.max(
    Math.ceil(project.length / TICKS_PER_UNIT),
    ...notes.map((note) => Math.ceil(note.end / TICKS_PER_UNIT)),
  )
  const chords = sorted.map(([start, { end, pitches }], index) => ({
    start,
    length: Math.min(end, sorted[index + 1]?.[0] ?? Math.max(last, start + 3)) - start,
    pitches: [...pitches].sort((a, b) => a - b),
  }))
  return { chords, triplets }
}
