// Chords: their tones by function, and the full grammar of chord symbols. Unknown text is an error that names it,
// never a silent major triad. Leaves out roman numerals (roman.ts) and where the tones are played (compose/voicing).

import { MusicError } from '../error.ts'
import { mod12, nameOf, parseNoteName, pitchClassOf } from './pitch.ts'

export interface Chord {
  /** Pitch class. */
  readonly root: number
  /** Semitones above the root, rising, the root's 0 first; up to 21 for a thirteenth. */
  readonly intervals: readonly number[]
  /** Pitch class of the lowest note; the root unless the symbol has a slash. */
  readonly bass: number
  readonly symbol: string
}

export const pitchClassesOf = (chord: Chord): number[] => [
  ...new Set(chord.intervals.map((step) => mod12(chord.root + step))),
]

/** What a chord is made of while its symbol is read; `null` is absent. */
interface Shape {
  third: number | null
  fifth: number | null
  sixth: boolean
  seventh: number | null
  /** 9ths, 11ths and 13ths with their alterations, and added tones. */
  upper: number[]
}

const triads: readonly (readonly [RegExp, number | null, number | null])[] = [
  [/^(?:maj|Maj|MAJ|M|Δ|major)(?![a-z])/, 4, 7],
  [/^(?:min|Min|MIN|mi|minor|m|-)(?!aj)/, 3, 7],
  [/^(?:dim|°|o)/, 3, 6],
  [/^(?:ø)/, 3, 6],
  [/^(?:aug|\+)/, 4, 8],
]

const alterations: Record<string, { degree: number; step: number }> = {
  b5: { degree: 5, step: 6 },
  '#5': { degree: 5, step: 8 },
  '+5': { degree: 5, step: 8 },
  '-5': { degree: 5, step: 6 },
  b6: { degree: 13, step: 20 },
  b9: { degree: 9, step: 13 },
  '#9': { degree: 9, step: 15 },
  '-9': { degree: 9, step: 13 },
  '+9': { degree: 9, step: 15 },
  '#11': { degree: 11, step: 18 },
  '+11': { degree: 11, step: 18 },
  b13: { degree: 13, step: 20 },
  '-13': { degree: 13, step: 20 },
}
const added: Record<string, number> = { 2: 14, 4: 17, 6: 9, 9: 14, 11: 17, 13: 21, b9: 13, '#9': 15, '#11': 18 }

/** Everything after the root: `m7b5`, `maj9#11`, `7sus4`, `6/9`, `add9`. Returns null for what is no chord. */
export function parseQuality(text: string): number[] | null {
  const shape: Shape = { third: 4, fifth: 7, sixth: false, seventh: null, upper: [] }
  let rest = text
    .replace(/♭/g, 'b')
    .replace(/♯/g, '#')
    .replace(/[()\s,]/g, '')
  let isMajorSeventh = false
  let isDiminished = false
  if (rest === '5') return [0, 7]
  const triad = triads.find(([pattern]) => pattern.test(rest))
  if (triad !== undefined) {
    const [pattern, third, fifth] = triad
    const word = pattern.exec(rest)?.[0] ?? ''
    rest = rest.slice(word.length)
    shape.third = third
    shape.fifth = fifth
    isMajorSeventh = third === 4 && fifth === 7
    isDiminished = fifth === 6 && word !== 'ø'
    if (word === 'ø') shape.seventh = 10
    if (word === 'Δ' && !/^\d/.test(rest)) shape.seventh = 11
    // `mMaj7`, `m(maj7)`, `mΔ7`.
    const inner = /^(?:maj|Maj|M|Δ)(?=\d|$)/.exec(rest)?.[0]
    if (third === 3 && inner !== undefined) {
      rest = rest.slice(inner.length) || '7'
      isMajorSeventh = true
    }
  }
  const isAltered = /^7?alt$/.test(rest)
  if (isAltered) return [0, 4, 6, 10, 13, 15, 20]
  const number = /^(?:6\/?9|69|13|11|9|7|6)/.exec(rest)?.[0]
  if (number !== undefined) {
    rest = rest.slice(number.length)
    const size = Number(number)
    if (number.startsWith('6')) {
      shape.sixth = true
      if (number !== '6') shape.upper.push(14)
    } else {
      shape.seventh = isMajorSeventh ? 11 : isDiminished ? 9 : 10
      if (size >= 9) shape.upper.push(14)
      // A major third and a natural eleventh rub: an eleventh leaves the third out, a thirteenth the eleventh.
      if (size === 11) {
        shape.upper.push(17)
        if (shape.third === 4) shape.third = null
      }
      if (size === 13) shape.upper.push(21)
    }
  }
  const late = /^(?:maj|Maj|M|Δ)(7|9|11|13)/.exec(rest)
  if (late !== null && shape.seventh === null) {
    rest = rest.slice(late[0].length)
    shape.seventh = 11
    if (Number(late[1]) >= 9) shape.upper.push(14)
  }
  for (;;) {
    if (rest === '') break
    const sus = /^sus(?:24|[249]|)/.exec(rest)
    if (sus !== null) {
      shape.third = sus[0] === 'sus2' ? 2 : 5
      if (sus[0] === 'sus24') shape.upper.push(14)
      // The fourth is there already.
      shape.upper = shape.upper.filter((step) => step !== 17)
      rest = rest.slice(sus[0].length)
      continue
    }
    const add = /^add([b#]?(?:13|11|9|6|4|2))/.exec(rest)
    if (add !== null) {
      const step = added[add[1] ?? '']
      if (step === undefined) return null
      shape.upper.push(step)
      rest = rest.slice(add[0].length)
      continue
    }
    const omit = /^(?:no|omit)([35])(?:rd|th)?/.exec(rest)
    if (omit !== null) {
      if (omit[1] === '3') shape.third = null
      else shape.fifth = null
      rest = rest.slice(omit[0].length)
      continue
    }
    const altered = /^[b#+-](?:13|11|9|6|5)/.exec(rest)
    const change = altered === null ? undefined : alterations[altered[0]]
    if (altered === null || change === undefined) return null
    if (change.degree === 5) shape.fifth = change.step
    else {
      const natural = { 9: 14, 11: 17, 13: 21 }[change.degree]
      shape.upper = [...shape.upper.filter((step) => step !== natural), change.step]
    }
    rest = rest.slice(altered[0].length)
  }
  const tones = [0, shape.third, shape.fifth, shape.sixth ? 9 : null, shape.seventh, ...shape.upper]
  return [...new Set(tones.filter((step) => step !== null))].sort((a, b) => a - b)
}

/** `N.C.`, `NC` and `-` mean that nobody plays. */
export const isNoChord = (text: string): boolean => /^(?:n\.?\s?c\.?|-|rest)$/i.test(text.trim())

/**
 * Reads a chord symbol such as `F#m7b5`, `Cmaj9/E` or `Bb13(#11)`.
 * @throws MusicError naming the symbol and what of it could not be read.
 */
export function parseChord(symbol: string): Chord {
  const text = symbol.trim()
  const match = /^([A-G](?:#{1,2}|♯|b{1,2}|♭)?)(.*?)(?:\/([A-G](?:#|♯|b|♭)?))?$/.exec(text)
  const intervals = match === null ? null : parseQuality(match[2] ?? '')
  if (match === null || intervals === null) {
    const why = match === null ? 'it has no root from A to G' : `"${match[2] ?? ''}" is no kind of chord`
    throw new MusicError(`"${symbol}" is not a chord: ${why}`, { hint: 'write it like Am, G7, Cmaj7, F#m7b5 or C/E' })
  }
  const root = pitchClassOf(parseNoteName(match[1] ?? ''))
  const bass = match[3] === undefined ? root : pitchClassOf(parseNoteName(match[3]))
  return { root, intervals, bass, symbol: text }
}

/** A symbol from a spelled root, its quality and a bass. */
export function chordOf(
  root: Parameters<typeof nameOf>[0],
  quality: string,
  bass?: Parameters<typeof nameOf>[0],
): Chord {
  return parseChord(
    `${nameOf(root)}${quality}${bass === undefined || nameOf(bass) === nameOf(root) ? '' : `/${nameOf(bass)}`}`,
  )
}
