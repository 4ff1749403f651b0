// A project as MusicXML 4.0, score-partwise: notes, ties over bar lines, chord symbols, tempo, key, meter, sections.
// Percussion is unpitched. Leaves out dynamics, articulation and several voices in one part.

import { type Key, type Project, TICKS_PER_QUARTER, type Track } from '../../contract.ts'
import { at } from '../lists.ts'
import { endOf } from '../project/find.ts'
import { type Chord, isNoChord, parseChord } from '../theory/chord.ts'
import { fifthsOf, isMinor, spellIn } from '../theory/key.ts'
import { letters, parseNoteName } from '../theory/pitch.ts'
import { barTicks, tickOfBar, placeOf } from '../time/meter.ts'
import { quantised, UNITS_PER_QUARTER, type WrittenTrack } from './quantise.ts'
import { type Clef, clefOf, drumPlace, instrumentsOf } from './staves.ts'

const TICKS_PER_UNIT = TICKS_PER_QUARTER / UNITS_PER_QUARTER

const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')

/** Lengths that a single sign can have, longest first, in units; the type and its dots. */
const signs = [
  [48, 'whole', 0],
  [36, 'half', 1],
  [24, 'half', 0],
  [18, 'quarter', 1],
  [12, 'quarter', 0],
  [9, 'eighth', 1],
  [6, 'eighth', 0],
  [3, '16th', 0],
] as const

interface Piece {
  readonly units: number
  readonly type: string
  readonly dots: number
  readonly isTriplet: boolean
}

/** A stretch of a bar as signs: triplet beats on their own, the rest from long to short. */
function pieces(from: number, to: number, triplets: ReadonlySet<number>): Piece[] {
  const list: Piece[] = []
  let place = from
  while (place < to) {
    const beat = Math.floor(place / UNITS_PER_QUARTER)
    const beatEnd = (beat + 1) * UNITS_PER_QUARTER
    const rest = Math.min(to, beatEnd) - place
    if (triplets.has(beat) && rest % 4 === 0 && rest < UNITS_PER_QUARTER && place % 4 === 0) {
      list.push({ units: rest, type: rest === 8 ? 'quarter' : 'eighth', dots: 0, isTriplet: true })
      place += rest
      continue
    }
    let end = to
    for (let next = beat + 1; next * UNITS_PER_QUARTER < to; next += 1) {
      if (triplets.has(next)) {
        end = next * UNITS_PER_QUARTER
        break
      }
    }
    const sign = signs.find(([units]) => units <= end - place)
    // Less than a sixteenth is left only where a triplet meets a straight beat.
    if (sign === undefined) {
      list.push({ units: end - place, type: '32nd', dots: 0, isTriplet: false })
      place = end
      continue
    }
    const [units, type, dots] = sign
    list.push({ units, type, dots, isTriplet: false })
    place += units
  }
  return list
}

const timing = (piece: Piece): string =>
  `<type>${piece.type}</type>${'<dot/>'.repeat(piece.dots)}` +
  (piece.isTriplet
    ? '<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>'
    : '')

const rest = (piece: Piece): string =>
  `<note><rest/><duration>${piece.units}</duration><voice>1</voice>${timing(piece)}</note>`

interface Writer {
  readonly project: Project
  readonly track: Track
  readonly written: WrittenTrack
  readonly isFirst: boolean
  readonly clef: Clef
  readonly partId: string
}

function note(
  writer: Writer,
  pitch: number,
  piece: Piece,
  isChord: boolean,
  ties: { stop: boolean; start: boolean },
): string {
  const isDrums = writer.track.kind === 'drums'
  const tie = `${ties.stop ? '<tie type="stop"/>' : ''}${ties.start ? '<tie type="start"/>' : ''}`
  const tied = `${ties.stop ? '<tied type="stop"/>' : ''}${ties.start ? '<tied type="start"/>' : ''}`
  const head = isDrums && drumPlace(pitch).isCross ? '<notehead>x</notehead>' : ''
  const instrument = isDrums ? `<instrument id="${writer.partId}-I${pitch + 1}"/>` : ''
  return (
    `<note>${isChord ? '<chord/>' : ''}${isDrums ? unpitched(pitch) : pitched(writer.project.key, pitch)}` +
    `<duration>${piece.units}</duration>${tie}${instrument}<voice>1</voice>${timing(piece)}${head}` +
    `${tied === '' ? '' : `<notations>${tied}</notations>`}</note>`
  )
}

function pitched(key: Key, midi: number): string {
  const { letter, accidental } = spellIn(key, midi)
  // B# sounds in the octave above the one it is written in, Cb in the one below.
  const octave = Math.floor((midi - accidental) / 12) - 1
  const alter = accidental === 0 ? '' : `<alter>${accidental}</alter>`
  return `<pitch><step>${at(letters, letter)}</step>${alter}<octave>${octave}</octave></pitch>`
}

function unpitched(key: number): string {
  const { step, octave } = drumPlace(key)
  return `<unpitched><display-step>${step}</display-step><display-octave>${octave}</display-octave></unpitched>`
}

const kinds: readonly (readonly [string, string])[] = [
  ['0.4.7', 'major'],
  ['0.3.7', 'minor'],
  ['0.3.6', 'diminished'],
  ['0.4.8', 'augmented'],
  ['0.5.7', 'suspended-fourth'],
  ['0.2.7', 'suspended-second'],
  ['0.7', 'power'],
  ['0.4.7.10', 'dominant'],
  ['0.4.7.11', 'major-seventh'],
  ['0.3.7.10', 'minor-seventh'],
  ['0.3.6.10', 'half-diminished'],
  ['0.3.6.9', 'diminished-seventh'],
  ['0.4.7.9', 'major-sixth'],
  ['0.3.7.9', 'minor-sixth'],
  ['0.3.7.11', 'major-minor'],
  ['0.4.7.10.14', 'dominant-ninth'],
  ['0.4.7.11.14', 'major-ninth'],
  ['0.3.7.10.14', 'minor-ninth'],
  ['0.4.7.10.14.21', 'dominant-13th'],
]

function harmony(symbol: string, offset: number): string {
  const place = offset === 0 ? '' : `<offset>${offset}</offset>`
  if (isNoChord(symbol))
    return `<harmony><root><root-step text="">C</root-step></root><kind text="N.C.">none</kind>${place}</harmony>`
  let chord: Chord
  try {
    chord = parseChord(symbol)
  } catch {
    return ''
  }
  const [name = 'C', under] = symbol.split(/\/(?=[A-G])/)
  const root = parseNoteName(/^[A-G][#b]*/.exec(name)?.[0] ?? 'C')
  const suffix = name.replace(/^[A-G][#b]*/, '')
  const kind = kinds.find(([steps]) => steps === chord.intervals.join('.'))?.[1] ?? 'other'
  const named = (tag: string, spelled: typeof root): string =>
    `<${tag}-step>${at(letters, spelled.letter)}</${tag}-step>${spelled.accidental === 0 ? '' : `<${tag}-alter>${spelled.accidental}</${tag}-alter>`}`
  const bass = under === undefined ? '' : `<bass>${named('bass', parseNoteName(under))}</bass>`
  return `<harmony><root>${named('root', root)}</root><kind text="${xmlText(suffix)}">${kind}</kind>${bass}${place}</harmony>`
}

/** Tempo, section names and chord symbols stand in the first part only. */
function directions(writer: Writer, start: number, end: number): string {
  const { project, isFirst } = writer
  if (!isFirst) return ''
  const inBar = <T extends { tick: number }>(list: readonly T[]): T[] =>
    list.filter((item) => item.tick >= start && item.tick < end)
  const tempi = inBar(project.tempoMap).map(({ bpm }) => {
    const isSwung = start === 0 && project.swing.amount > 0
    const swing = isSwung
      ? '<direction placement="above"><direction-type><words>Swing</words></direction-type></direction>'
      : ''
    return `<direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit><per-minute>${bpm}</per-minute></metronome></direction-type><sound tempo="${bpm}"/></direction>${swing}`
  })
  const sections = project.sections
    .filter((section) => section.start >= start && section.start < end)
    .map(
      (section) =>
        `<direction placement="above"><direction-type><rehearsal>${xmlText(section.name)}</rehearsal></direction-type></direction>`,
    )
  const chords = inBar(project.chords).map((chord) =>
    harmony(chord.symbol, Math.round((chord.tick - start) / TICKS_PER_UNIT)),
  )
  return [...tempi, ...sections, ...chords].join('')
}

function attributes(writer: Writer, bar: number, start: number): string {
  const { project, clef } = writer
  const { meter } = placeOf(project.meterMap, start)
  const isNew = bar === 0 || meter.tick === start
  if (!isNew) return ''
  const key = `<key><fifths>${fifthsOf(project.key)}</fifths><mode>${isMinor(project.key.mode) ? 'minor' : 'major'}</mode></key>`
  const time = `<time><beats>${meter.numerator}</beats><beat-type>${meter.denominator}</beat-type></time>`
  if (bar > 0) return `<attributes>${time}</attributes>`
  const line = clef.line === null ? '' : `<line>${clef.line}</line>`
  return `<attributes><divisions>${UNITS_PER_QUARTER}</divisions>${clef.sign === 'percussion' ? '' : key}${time}<clef><sign>${clef.sign}</sign>${line}</clef></attributes>`
}

function measures(writer: Writer): string {
  const { project, written } = writer
  const end = Math.max(endOf(project), ...written.chords.map((chord) => (chord.start + chord.length) * TICKS_PER_UNIT))
  const bars: string[] = []
  let next = 0
  for (let bar = 0, start = 0; start < end; bar += 1) {
    const length = barTicks(placeOf(project.meterMap, start).meter)
    const following = tickOfBar(project.meterMap, bar + 1)
    const barEnd = following > start ? following : start + length
    const from = Math.round(start / TICKS_PER_UNIT)
    const to = Math.round(barEnd / TICKS_PER_UNIT)
    const content: string[] = []
    let place = from
    // The first may have begun in an earlier bar.
    while (next > 0 && at(written.chords, next - 1).start + at(written.chords, next - 1).length > from) next -= 1
    for (let chord = written.chords[next]; chord !== undefined && chord.start < to; chord = written.chords[next]) {
      const chordEnd = chord.start + chord.length
      const begin = Math.max(chord.start, from)
      if (begin > place) for (const piece of pieces(place, begin, written.triplets)) content.push(rest(piece))
      const parts = pieces(begin, Math.min(chordEnd, to), written.triplets)
      parts.forEach((piece, index) => {
        const ties = { stop: chord.start < from || index > 0, start: chordEnd > to || index < parts.length - 1 }
        chord.pitches.forEach((pitch, voice) => content.push(note(writer, pitch, piece, voice > 0, ties)))
      })
      place = Math.min(chordEnd, to)
      if (chordEnd > to) break
      next += 1
    }
    if (place < to) for (const piece of pieces(place, to, written.triplets)) content.push(rest(piece))
    bars.push(
      `<measure number="${bar + 1}">${attributes(writer, bar, start)}${directions(writer, start, barEnd)}${content.join('')}</measure>`,
    )
    start = barEnd
  }
  return bars.join('\n')
}

/** The file's text. Tracks without notes are left out; a project without any has one empty part. */
export function writeMusicXml(project: Project): string {
  const sounding = project.tracks.filter((track) => track.regions.some((region) => region.notes.length > 0))
  const tracks = sounding.length > 0 ? sounding : project.tracks.slice(0, 1)
  const parts = tracks.map((track, index) => ({ track, id: `P${index + 1}`, written: quantised(project, track) }))
  const list = parts.map(
    ({ track, id, written }) =>
      `<score-part id="${id}"><part-name>${xmlText(track.name)}</part-name>${instrumentsOf(track, id, written, index16(parts, track))}</score-part>`,
  )
  const bodies = parts.map(({ track, id, written }, index) => {
    const clef = clefOf(track, written)
    return `<part id="${id}">\n${measures({ project, track, written, clef, isFirst: index === 0, partId: id })}\n</part>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">
<work><work-title>${xmlText(project.name)}</work-title></work>
<identification><encoding><software>Maestro</software></encoding></identification>
<part-list>${list.join('')}</part-list>
${bodies.join('\n')}
</score-partwise>
`
}

/** MIDI channels 1 to 16 for playback, drums on the tenth. */
function index16(parts: readonly { track: Track }[], track: Track): number {
  if (track.kind === 'drums') return 10
  const melodic = parts.filter((part) => part.track.kind !== 'drums')
  const place = melodic.findIndex((part) => part.track === track) % 15
  return place < 9 ? place + 1 : place + 2
}
