// Note names and pitch classes. MIDI 60 is C4. Letters keep their accidentals, so that F# and Gb stay what they are.

import { MusicError } from '../error.ts'
import { around, at } from '../lists.ts'

export const letters = ['C', 'D', 'E', 'F', 'G', 'A', 'B'] as const
/** Pitch classes of the letters without accidentals. */
export const letterPitches = [0, 2, 4, 5, 7, 9, 11] as const

/** A pitch as written: letter 0 to 6 for C to B, sharps above 0, flats below. */
export interface Spelled {
  readonly letter: number
  readonly accidental: number
}

export const mod12 = (value: number): number => ((value % 12) + 12) % 12
export const pitchClassOf = ({ letter, accidental }: Spelled): number => mod12(at(letterPitches, letter) + accidental)
export const nameOf = ({ letter, accidental }: Spelled): string =>
  at(letters, letter) + (accidental >= 0 ? '#'.repeat(accidental) : 'b'.repeat(-accidental))

/** Reads `F#`, `Bb`, `C##`, `E♭`. @throws MusicError naming the text. */
export function parseNoteName(text: string): Spelled {
  const match = /^([A-Ga-g])([#♯]*|[b♭]*)$/.exec(text.trim())
  const letter = letters.findIndex((name) => name === match?.[1]?.toUpperCase())
  if (match === null || letter === -1) {
    throw new MusicError(`"${text}" is not a note name; C, F# or Bb would be right`)
  }
  const signs = match[2] ?? ''
  return { letter, accidental: /[b♭]/.test(signs) ? -signs.length : signs.length }
}

/** `C4` is 60. @throws MusicError when it is no pitch from 0 to 127. */
export function midiOf(text: string): number {
  const match = /^([A-Ga-g][#b♯♭]*)(-?\d+)$/.exec(text.trim())
  if (match === null) throw new MusicError(`"${text}" is not a pitch; C4 or F#3 would be right`)
  const { letter, accidental } = parseNoteName(match[1] ?? '')
  const midi = at(letterPitches, letter) + accidental + (Number(match[2]) + 1) * 12
  if (midi < 0 || midi > 127) throw new MusicError(`"${text}" is MIDI ${midi}; 0 to 127 would be right`)
  return midi
}

/** The note `steps` letters above that sounds `semitones` higher: a third above Eb is G, not Abb. */
export function above(from: Spelled, steps: number, semitones: number): Spelled {
  const letter = (from.letter + steps) % 7
  const wanted = mod12(pitchClassOf(from) + semitones)
  const plain = around(letterPitches, letter)
  const difference = mod12(wanted - plain)
  return { letter, accidental: difference > 6 ? difference - 12 : difference }
}
