// A note while it is being composed: song time on the straight grid, before groove. Leaves out ids and regions.

import type { DrumVoice } from '../genres/types.ts'

export interface PartNote {
  readonly tick: number
  readonly length: number
  readonly pitch: number
  readonly velocity: number
  /** Of drums. */
  readonly voice?: DrumVoice
}

/** No note longer than until the next one begins. */
export function monophonic(notes: readonly PartNote[]): PartNote[] {
  const sorted = [...notes].sort((a, b) => a.tick - b.tick || a.pitch - b.pitch)
  return sorted.flatMap((note, index) => {
    const next = sorted[index + 1]
    if (next?.tick === note.tick) return []
    return [next === undefined ? note : { ...note, length: Math.min(note.length, next.tick - note.tick) }]
  })
}
