// Keys, modes and scales: which pitch classes belong, how they are spelled, and keys from text.

import type { Key, Mode } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { at, around } from '../lists.ts'
import { above, letterPitches, mod12, nameOf, parseNoteName, pitchClassOf, type Spelled } from './pitch.ts'

/** Semitones above the tonic. */
export const scaleSteps = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  locrian: [0, 1, 3, 5, 6, 8, 10],
  harmonic_minor: [0, 2, 3, 5, 7, 8, 11],
  melodic_minor: [0, 2, 3, 5, 7, 9, 11],
  major_pentatonic: [0, 2, 4, 7, 9],
  minor_pentatonic: [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
} as const satisfies Record<Mode, readonly number[]>

/** Letters above the tonic, for the scales that leave some out or use one twice. */
const letterSteps: Partial<Record<Mode, readonly number[]>> = {
  major_pentatonic: [0, 1, 2, 4, 5],
  minor_pentatonic: [0, 2, 3, 4, 6],
  blues: [0, 2, 3, 4, 4, 6],
}

/** The seven-note scale whose degrees harmony uses: pentatonics and blues borrow one. */
const parents: Partial<Record<Mode, Mode>> = {
  major_pentatonic: 'major',
  minor_pentatonic: 'minor',
  blues: 'minor',
}

export const harmonicMode = (mode: Mode): Mode => parents[mode] ?? mode

/** Has a minor third above its tonic. */
export const isMinor = (mode: Mode): boolean => (scaleSteps[mode] as readonly number[]).includes(3)

export const tonicOf = (key: Key): Spelled => parseNoteName(key.tonic)
export const tonicPitchClass = (key: Key): number => pitchClassOf(tonicOf(key))

/** Pitch classes from the tonic upward. */
export function scalePitchClasses(key: Key): number[] {
  const tonic = tonicPitchClass(key)
  return scaleSteps[key.mode].map((step) => mod12(tonic + step))
}

/** The scale as written: `E major` is E F# G# A B C# D#. */
export function scaleNotes(key: Key): string[] {
  const tonic = tonicOf(key)
  return scaleSteps[key.mode].map((step, index) => nameOf(above(tonic, letterSteps[key.mode]?.[index] ?? index, step)))
}

/** Sharps above 0, flats below, as a key signature writes the mode's parent major; -7 to 7. */
export function fifthsOf(key: Key): number {
  const tonic = tonicOf(key)
  const fifthsOfLetters = [0, 2, 4, -1, 1, 3, 5]
  const shift: Record<Mode, number> = {
    major: 0,
    minor: -3,
    dorian: -2,
    phrygian: -4,
    lydian: 1,
    mixolydian: -1,
    locrian: -5,
    harmonic_minor: -3,
    melodic_minor: -3,
    major_pentatonic: 0,
    minor_pentatonic: -3,
    blues: -3,
  }
  const fifths = at(fifthsOfLetters, tonic.letter) + tonic.accidental * 7 + shift[key.mode]
  // Nobody can read more than seven: written as its enharmonic twin.
  return fifths > 7 ? fifths - 12 : fifths < -7 ? fifths + 12 : fifths
}

/** How a pitch is written in a key: its scale degree when it has one, else with the key's own kind of accidental. */
export function spellIn(key: Key, midi: number): Spelled {
  const pitchClass = mod12(midi)
  const tonic = tonicOf(key)
  const mode = harmonicMode(key.mode)
  const degree = scaleSteps[mode].findIndex((step) => mod12(pitchClassOf(tonic) + step) === pitchClass)
  if (degree !== -1) {
    const note = above(tonic, degree, at(scaleSteps[mode], degree))
    if (note.accidental >= -2 && note.accidental <= 2) return note
  }
  const down = fifthsOf(key) < 0
  for (let letter = 0; letter < 7; letter += 1) {
    if (mod12(around(letterPitches, letter) + (down ? -1 : 1)) === pitchClass)
      return { letter, accidental: down ? -1 : 1 }
    if (at(letterPitches, letter) === pitchClass) return { letter, accidental: 0 }
  }
  return { letter: 0, accidental: pitchClass }
}

const modeWords: readonly (readonly [RegExp, Mode])[] = [
  [/^(?:harmonic[ _-]?minor|harmonisch(?:es)? moll)$/, 'harmonic_minor'],
  [/^(?:melodic[ _-]?minor|melodisch(?:es)? moll)$/, 'melodic_minor'],
  [/^(?:natural[ _-]?minor|aeolian|minor|min|moll|m)$/, 'minor'],
  [/^(?:ionian|major|maj|dur|)$/, 'major'],
  [/^(?:major[ _-]?)pentatonic$/, 'major_pentatonic'],
  [/^(?:minor[ _-]?)?pentatonic$/, 'minor_pentatonic'],
  [/^blues$/, 'blues'],
  [/^dorian$/, 'dorian'],
  [/^phrygian$/, 'phrygian'],
  [/^lydian$/, 'lydian'],
  [/^mixolydian$/, 'mixolydian'],
  [/^locrian$/, 'locrian'],
]

/** Reads `C`, `Cm`, `F# minor`, `Eb major`, `D dorian`. @throws MusicError naming the text. */
export function parseKey(text: string): Key {
  const match = /^([A-Ga-g])([#♯]{1,2}|[b♭]{1,2}|) ?(.*)$/.exec(text.trim())
  const rest = match?.[3] ?? ''
  // `M` alone is major; everything else may be written either way.
  const mode = rest === 'M' ? 'major' : modeWords.find(([words]) => words.test(rest.trim().toLowerCase()))?.[1]
  if (match === null || mode === undefined) {
    throw new MusicError(`"${text}" is not a key; C, F# minor, Eb major or D dorian would be right`)
  }
  return { tonic: nameOf(parseNoteName(`${match[1] ?? ''}${match[2] ?? ''}`)), mode }
}

export const keyName = (key: Key): string => `${key.tonic} ${key.mode.replace('_', ' ')}`
