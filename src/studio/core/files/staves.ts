// Which clef a part has, where drums stand on their staff, and the instruments of a part in MusicXML.

import type { Track } from '../../contract.ts'
import { mean } from '../lists.ts'
import type { WrittenTrack } from './quantise.ts'

export interface Clef {
  readonly sign: 'G' | 'F' | 'percussion'
  readonly line: number | null
}

export function clefOf(track: Track, written: WrittenTrack): Clef {
  if (track.kind === 'drums') return { sign: 'percussion', line: null }
  const height = mean(written.chords.map((chord) => mean(chord.pitches)))
  return height > 0 && height < 55 ? { sign: 'F', line: 4 } : { sign: 'G', line: 2 }
}

interface DrumPlace {
  readonly step: string
  readonly octave: number
  /** Cymbals and hats have a cross for a head. */
  readonly isCross: boolean
}

const places: Readonly<Record<number, readonly [string, number, boolean?]>> = {
  35: ['F', 4],
  36: ['F', 4],
  37: ['C', 5, true],
  38: ['C', 5],
  39: ['C', 5, true],
  40: ['C', 5],
  41: ['G', 4],
  43: ['A', 4],
  45: ['B', 4],
  47: ['D', 5],
  48: ['E', 5],
  50: ['E', 5],
  42: ['G', 5, true],
  44: ['D', 4, true],
  46: ['G', 5, true],
  49: ['A', 5, true],
  57: ['A', 5, true],
  51: ['F', 5, true],
  53: ['F', 5, true],
  59: ['F', 5, true],
}

export function drumPlace(key: number): DrumPlace {
  const [step, octave, isCross] = places[key] ?? ['B', 5, true]
  return { step, octave, isCross: isCross === true }
}

/** Declared once in the part list; a note of a drum part names its own. */
export function instrumentsOf(track: Track, id: string, written: WrittenTrack, channel: number): string {
  if (track.kind !== 'drums') {
    return (
      `<score-instrument id="${id}-I1"><instrument-name>Program ${track.program + 1}</instrument-name></score-instrument>` +
      `<midi-instrument id="${id}-I1"><midi-channel>${channel}</midi-channel><midi-program>${track.program + 1}</midi-program></midi-instrument>`
    )
  }
  const keys = [...new Set(written.chords.flatMap((chord) => chord.pitches))].sort((a, b) => a - b)
  const names = keys.map(
    (key) =>
      `<score-instrument id="${id}-I${key + 1}"><instrument-name>Drum key ${key}</instrument-name></score-instrument>`,
  )
  const midi = keys.map(
    (key) =>
      `<midi-instrument id="${id}-I${key + 1}"><midi-channel>${channel}</midi-channel><midi-unpitched>${key + 1}</midi-unpitched></midi-instrument>`,
  )
  return [...names, ...midi].join('')
}
