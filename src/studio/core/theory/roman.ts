// Roman numerals in a key. An accidental counts from the major scale (`bVI` in any key is a minor sixth above the
// tonic); none means the key's own degree, so `VI` in A minor is F. Upper case is a major third, lower case a minor
// one; a digit after a slash is the degree in the bass.

import type { Key } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { at } from '../lists.ts'
import { type Chord, chordOf, isNoChord, parseChord, parseQuality } from './chord.ts'
import { harmonicMode, scaleSteps, tonicOf } from './key.ts'
import { above, type Spelled } from './pitch.ts'

const numerals = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII'] as const
const pattern = /^([b#♭♯]*)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)$/

function degreeOf(key: Key, accidentals: string, numeral: string): Spelled {
  const degree = numerals.findIndex((name) => name === numeral.toUpperCase())
  const mode = accidentals === '' ? harmonicMode(key.mode) : 'major'
  const shift = [...accidentals].reduce((total, sign) => total + (/[b♭]/.test(sign) ? -1 : 1), 0)
  return above(tonicOf(key), degree, at(scaleSteps[mode], degree) + shift)
}

/** `ii7`, `bVImaj7`, `#IVdim7`, `V7/ii`, `I/3`. @throws MusicError naming the text. */
export function romanChord(key: Key, text: string): Chord {
  const wrong = (): MusicError =>
    new MusicError(`"${text}" is not a roman numeral; ii7, bVImaj7, V7/ii or I/3 would be right`)
  const slash = text.lastIndexOf('/')
  const under = slash > 0 ? text.slice(slash + 1) : ''
  // A degree of the key in the bass: V/7 is G/B in C. `6/9` is a kind of chord.
  const isBass = /^[2-7]$/.test(under)
  const isTarget = !isBass && pattern.test(under)
  const head = isBass || isTarget ? text.slice(0, slash) : text
  const match = pattern.exec(head.trim())
  if (match === null) throw wrong()
  const [, accidentals = '', numeral = '', tail = ''] = match
  let home = key
  if (isTarget) {
    const target = romanChord(key, under)
    const third = target.intervals.includes(3) ? 'minor' : 'major'
    home = { tonic: /^[A-G][#b]*/.exec(target.symbol)?.[0] ?? key.tonic, mode: third }
    // A fifth above its target is major whatever the target is.
    if (numeral === 'V') home = { ...home, mode: 'major' }
  }
  const isLower = numeral === numeral.toLowerCase()
  const quality = isLower && !/^(?:dim|°|o|ø|m)/.test(tail) ? `m${tail}` : tail.replace(/^ø7?/, 'm7b5')
  const root = degreeOf(home, accidentals, numeral)
  const intervals = parseQuality(quality)
  if (intervals === null) throw wrong()
  const bass = isBass ? degreeOf(key, '', numerals[Number(under) - 1] ?? 'I') : undefined
  return chordOf(root, quality, bass)
}

/**
 * A progression as people write it: numerals or symbols between spaces, dashes, commas or bar lines.
 * `null` is a chord in which nobody plays.
 * @throws MusicError with every chord that could not be read.
 */
export function parseProgression(key: Key, text: string): (Chord | null)[] {
  const words = text.split(/[\s,|]+|(?<=[^\s,|(])[-–—](?=[A-Gb#♭♯IViv])/).filter((word) => word !== '')
  const issues: { path: string; message: string }[] = []
  const chords = words.map((word, index) => {
    try {
      return isNoChord(word) ? null : pattern.test(word) ? romanChord(key, word) : parseChord(word)
    } catch (thrown) {
      issues.push({ path: `chord ${index + 1}`, message: thrown instanceof Error ? thrown.message : String(thrown) })
      return null
    }
  })
  if (words.length === 0) throw new MusicError('the progression is empty; "ii7 V7 Imaj7" or "Am F C G" would be right')
  if (issues.length > 0) {
    throw new MusicError(
      `the progression has ${issues.length} chord(s) that cannot be read: ${issues.map((issue) => issue.message).join('; ')}`,
      { issues },
    )
  }
  return chords
}
