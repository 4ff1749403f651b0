// A project as it is heard: regions laid out in song time, cut at their ends, swing applied. Everything that
// leaves the project (export, synthesiser, score) reads this, so that all of them agree.

import type { Note, Project, Region, Track } from '../../contract.ts'
import { swung } from '../time/swing.ts'

/** A note in song time. */
export interface HeardNote {
  readonly tick: number
  readonly duration: number
  readonly pitch: number
  readonly velocity: number
}

const compare = (a: HeardNote, b: HeardNote): number => a.tick - b.tick || a.pitch - b.pitch || a.duration - b.duration

function heardNote(project: Project, region: Region, note: Note): HeardNote[] {
  if (note.start >= region.length) return []
  const swing = region.swing ?? project.swing
  const start = region.start + note.start
  const end = region.start + Math.min(note.start + note.length, region.length)
  const tick = swung(start, swing)
  return [{ tick, duration: Math.max(1, swung(end, swing) - tick), pitch: note.pitch, velocity: note.velocity }]
}

/**
 * The notes of a track in song time, sorted. A note that is struck again while it sounds ends there: an
 * instrument has one of each key.
 */
export function heardNotes(project: Project, track: Track): HeardNote[] {
  const notes = track.regions
    .flatMap((region) => region.notes.flatMap((note) => heardNote(project, region, note)))
    .sort(compare)
  const sounding = new Map<number, number>()
  const heard: HeardNote[] = []
  for (const note of notes) {
    const earlier = sounding.get(note.pitch)
    const before = earlier === undefined ? undefined : heard[earlier]
    if (earlier !== undefined && before !== undefined) {
      // Struck twice at once: the longer one, at the louder velocity.
      if (before.tick === note.tick) {
        heard[earlier] = {
          ...note,
          duration: Math.max(before.duration, note.duration),
          velocity: Math.max(before.velocity, note.velocity),
        }
        continue
      }
      if (before.tick + before.duration > note.tick) heard[earlier] = { ...before, duration: note.tick - before.tick }
    }
    sounding.set(note.pitch, heard.length)
    heard.push(note)
  }
  return heard
}

/** Moves something of a region into song time; `null` when it lies past the region's end. */
export function heardTick(project: Project, region: Region, tick: number): number | null {
  return tick >= region.length ? null : swung(region.start + tick, region.swing ?? project.swing)
}
