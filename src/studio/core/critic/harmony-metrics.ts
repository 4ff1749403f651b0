// What is measured of basses and chords: how they follow the harmony and the kick, and how voices move.

import { parallelsBetween } from '../compose/voicing.ts'
import { at, mean } from '../lists.ts'
import { harmonicMode, scalePitchClasses } from '../theory/key.ts'
import { mod12 } from '../theory/pitch.ts'
import { type GridNote, type Metrics, type PartView, share } from './view.ts'

const chordClasses = (view: PartView, tick: number): number[] => {
  const chord = view.chordAt(tick)
  return chord === null ? [] : [...chord.intervals.map((step) => mod12(chord.root + step)), chord.bass]
}

export const isChordTone = (view: PartView, note: GridNote): boolean =>
  chordClasses(view, note.tick).includes(mod12(note.pitch))

/** Share of notes in the scale of the key; of those outside, those that its chord has are allowed in `orChord`. */
export function keyShares(view: PartView): { inKey: number | null; inKeyOrChord: number | null } {
  if (view.notes.length === 0) return { inKey: null, inKeyOrChord: null }
  const scale = scalePitchClasses({ ...view.key, mode: harmonicMode(view.key.mode) })
  const inScale = (note: GridNote): boolean => scale.includes(mod12(note.pitch))
  return {
    inKey: share(view.notes, inScale),
    inKeyOrChord: share(view.notes, (note) => inScale(note) || isChordTone(view, note) || anticipates(view, note)),
  }
}

/** A tone of the chord that is about to come. */
const anticipates = (view: PartView, note: GridNote): boolean =>
  isChordTone(view, { ...note, tick: note.tick + view.barTicks / 4 })

export function bassMetrics(view: PartView, kickTicks: ReadonlySet<number>): Metrics {
  const { notes } = view
  if (notes.length === 0) return {}
  const onOne = notes.filter((note) => note.slot === 0)
  const moves = notes.slice(1).map((note, index) => Math.abs(note.pitch - at(notes, index).pitch))
  return {
    rootOnOne:
      onOne.length === 0
        ? null
        : share(onOne, (note) => {
            const chord = view.chordAt(note.tick)
            return chord === null || mod12(note.pitch) === chord.bass || mod12(note.pitch) === chord.root
          }),
    chordTones: share(notes, (note) => isChordTone(view, note)),
    kickMatch: kickTicks.size === 0 ? null : share(notes, (note) => kickTicks.has(note.tick)),
    meanInterval: moves.length === 0 ? null : mean(moves),
    lowest: Math.min(...notes.map((note) => note.pitch)),
    highest: Math.max(...notes.map((note) => note.pitch)),
    notesPerBar: notes.length / new Set(notes.map((note) => note.bar)).size,
    monophonic: share(notes.slice(1), (note, index) => note.tick !== at(notes, index).tick),
    inKey: keyShares(view).inKey,
  }
}

/** Notes that begin together, low to high. */
function strikes(view: PartView): { tick: number; pitches: number[] }[] {
  const groups = new Map<number, number[]>()
  for (const note of view.notes) groups.set(note.tick, [...(groups.get(note.tick) ?? []), note.pitch])
  return [...groups]
    .map(([tick, pitches]) => ({ tick, pitches: [...new Set(pitches)].sort((a, b) => a - b) }))
    .sort((a, b) => a.tick - b.tick)
}

export function chordMetrics(view: PartView): Metrics {
  const all = strikes(view).filter((strike) => strike.pitches.length >= 2)
  if (all.length === 0) return {}
  const sectionOf = (tick: number): number =>
    view.sections.findIndex((section) => tick >= section.start && tick < section.start + section.length)
  const moves: number[] = []
  let largest = 0
  let parallel = 0
  let moving = 0
  for (let index = 1; index < all.length; index += 1) {
    const [from, to] = [at(all, index - 1), at(all, index)]
    if (
      from.pitches.length !== to.pitches.length ||
      from.pitches.join() === to.pitches.join() ||
      sectionOf(from.tick) !== sectionOf(to.tick)
    )
      continue
    to.pitches.forEach((pitch, voice) => {
      const move = Math.abs(pitch - at(from.pitches, voice))
      moves.push(move)
      largest = Math.max(largest, move)
    })
    const pair = parallelsBetween(from.pitches, to.pitches)
    parallel += pair.parallel
    moving += pair.moving
  }
  const spans = all.map(({ pitches }) => at(pitches, pitches.length - 1) - at(pitches, 0))
  return {
    voiceMotion: moves.length === 0 ? null : mean(moves),
    largestMove: largest,
    parallels: moving < 24 ? null : parallel / moving,
    narrowestSpan: Math.min(...spans),
    widestSpan: Math.max(...spans),
    mud: share(all, ({ pitches }) => at(pitches, 0) < 52 && at(pitches, 1) - at(pitches, 0) < 3),
    fewestVoices: Math.min(...all.map(({ pitches }) => pitches.length)),
    mostVoices: Math.max(...all.map(({ pitches }) => pitches.length)),
    characteristic: share(all, (strike) => hasCharacter(view, strike)),
    ...keyShares(view),
  }
}

/** Third and seventh are there where the chord has them; an anticipation plays the next chord's. */
function hasCharacter(view: PartView, { tick, pitches }: { tick: number; pitches: readonly number[] }): boolean {
  const has = (place: number): boolean => {
    const chord = view.chordAt(place)
    if (chord === null) return true
    const wanted = [3, 4, 10, 11].filter((step) => chord.intervals.includes(step))
    return wanted.every((step) => pitches.some((pitch) => mod12(pitch) === mod12(chord.root + step)))
  }
  return has(tick) || has(tick + view.barTicks / 4)
}
