// Faults that no piece may have: counts, all of which must be 0.

import type { Project, Track } from '../../contract.ts'
import type { Metrics } from './view.ts'

/** Lowest and highest pitch of General MIDI families, by program; what is not listed is played anywhere. */
const playable: readonly (readonly [from: number, to: number, low: number, high: number])[] = [
  [0, 3, 21, 108],
  [4, 7, 28, 103],
  [11, 11, 53, 89],
  [12, 13, 45, 96],
  [16, 20, 36, 96],
  [24, 31, 40, 86],
  [32, 32, 28, 62],
  [33, 37, 24, 63],
  [38, 39, 24, 60],
  [40, 40, 55, 100],
  [41, 41, 48, 88],
  [42, 42, 36, 76],
  [43, 43, 28, 60],
  [48, 51, 36, 96],
  [52, 54, 43, 81],
  [56, 56, 54, 82],
  [57, 57, 40, 72],
  [58, 58, 28, 58],
  [65, 65, 49, 80],
  [66, 66, 44, 75],
  [71, 71, 50, 91],
  [72, 72, 60, 103],
  [73, 73, 60, 96],
  [80, 87, 48, 96],
  [88, 95, 40, 88],
]

function isPlayable(track: Pick<Track, 'kind' | 'program'>, pitch: number): boolean {
  if (track.kind === 'drums') return pitch >= 27 && pitch <= 87
  const range = playable.find(([from, to]) => track.program >= from && track.program <= to)
  return range === undefined || (pitch >= range[2] && pitch <= range[3])
}

export function hygiene(project: Project): Metrics {
  let outside = 0
  let overlapping = 0
  let short = 0
  let unplayable = 0
  for (const track of project.tracks) {
    for (const region of track.regions) {
      const busy = new Map<number, number>()
      for (const note of region.notes) {
        if (note.start + note.length > region.length) outside += 1
        if ((busy.get(note.pitch) ?? 0) > note.start) overlapping += 1
        if (note.length < 30) short += 1
        if (!isPlayable(track, note.pitch)) unplayable += 1
        busy.set(note.pitch, Math.max(busy.get(note.pitch) ?? 0, note.start + note.length))
      }
      if (region.start + region.length > project.length) outside += 1
    }
  }
  return { outside, overlapping, short, unplayable }
}
