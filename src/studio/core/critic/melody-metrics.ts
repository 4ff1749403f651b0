// What is measured of melodies. Intervals count across gaps of less than a beat and a half, as in the reference.

import { at, mean } from '../lists.ts'
import { log2 } from '../maths/index.ts'
import { mod12 } from '../theory/pitch.ts'
import { tonicPitchClass } from '../theory/key.ts'
import { isChordTone, keyShares } from './harmony-metrics.ts'
import {
  byBar,
  deviation,
  type GridNote,
  hamming,
  type Metrics,
  onsets,
  type PartView,
  placeInSection,
  share,
} from './view.ts'

/** Shannon entropy of pitch classes, in bits. */
export function pitchClassEntropy(pitches: readonly number[]): number | null {
  if (pitches.length === 0) return null
  const counts = new Map<number, number>()
  for (const pitch of pitches) counts.set(mod12(pitch), (counts.get(mod12(pitch)) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / pitches.length) * log2(count / pitches.length)
  return bits
}

export function melodyMetrics(view: PartView): Metrics {
  const { notes } = view
  if (notes.length < 2) return {}
  const moves = intervals(view)
  const sizes = moves.map((move) => Math.abs(move.size))
  const bars = byBar(view)
  const active = bars.filter((bar) => bar.length > 0)
  const onBeats = notes.filter((note) => note.slot % view.beat === 0)
  const onStarts = notes.filter((note) => note.slot === 0)
  const leaps = moves.filter((move) => Math.abs(move.size) >= 7 && move.next !== null)
  const pitches = notes.map((note) => note.pitch)
  const places = new Map<number, number>()
  for (const note of notes) places.set(note.tick, (places.get(note.tick) ?? 0) + 1)
  const texts = active.map((bar) => onsets(bar, view.slots))
  return {
    span: Math.max(...pitches) - Math.min(...pitches),
    step: share(sizes, (size) => size <= 2),
    leap: share(sizes, (size) => size >= 5),
    overOctave: share(sizes, (size) => size > 12),
    unison: share(sizes, (size) => size === 0),
    meanInterval: sizes.length === 0 ? null : mean(sizes),
    // One leap more or less says nothing of a tune.
    leapRecovery: leaps.length < 4 ? null : share(leaps, (move) => move.next !== null && move.next * move.size < 0),
    chordTones: share(notes, (note) => isChordTone(view, note)),
    chordTonesOnBeats: onBeats.length === 0 ? null : share(onBeats, (note) => isChordTone(view, note)),
    chordTonesOnStarts: onStarts.length === 0 ? null : share(onStarts, (note) => isChordTone(view, note)),
    offBeat: share(notes, (note) => note.slot % view.beat !== 0),
    notesPerBar: notes.length / active.length,
    activeBars: active.length / view.bars,
    rhythmRepetition: repetition(bars, (bar) => onsets(bar, view.slots)),
    exactRepetition: repetition(bars, (bar) => bar.map((note) => `${note.slot}:${note.pitch}`).join(' ')),
    grooveConsistency:
      texts.length < 2 ? null : 1 - mean(texts.slice(1).map((text, index) => hamming(at(texts, index), text))),
    entropy: pitchClassEntropy(pitches),
    velocitySd: deviation(notes.map((note) => note.velocity)),
    phrasesRest: phrasesRest(view, bars),
    endsAtHome: [0, 3, 4, 7].includes(mod12(at(notes, notes.length - 1).pitch - tonicPitchClass(view.key))) ? 1 : 0,
    distinctPitches: new Set(pitches).size,
    monophonic: share(notes.slice(1), (note) => places.get(note.tick) === 1),
    ...keyShares(view),
  }
}

function intervals({ notes, beat }: PartView): { size: number; next: number | null }[] {
  const isNear = (from: GridNote, to: GridNote): boolean => to.tick - (from.tick + from.length) < beat * 240 * 1.5
  const list: { size: number; next: number | null }[] = []
  for (let index = 1; index < notes.length; index += 1) {
    const [from, to] = [at(notes, index - 1), at(notes, index)]
    if (!isNear(from, to)) continue
    const after = notes[index + 1]
    list.push({
      size: to.pitch - from.pitch,
      next: after !== undefined && isNear(to, after) ? after.pitch - to.pitch : null,
    })
  }
  return list
}

/** Of bars with three notes or more, how many are as an earlier one was. */
function repetition(bars: readonly GridNote[][], look: (bar: readonly GridNote[]) => string): number | null {
  const seen = new Set<string>()
  let counted = 0
  let repeated = 0
  for (const bar of bars) {
    if (bar.length < 3) continue
    counted += 1
    const text = look(bar)
    if (seen.has(text)) repeated += 1
    seen.add(text)
  }
  return counted === 0 ? null : repeated / counted
}

/** Share of phrases of four bars that end in a rest or a note of a beat. */
function phrasesRest(view: PartView, bars: readonly GridNote[][]): number | null {
  const ends = bars
    .map((bar, index) => ({ bar, ...placeInSection(view, index) }))
    .filter(({ bar, index, isLast }) => bar.length > 0 && (index % 4 === 3 || isLast))
  if (ends.length === 0) return null
  return share(ends, ({ bar }) => {
    const last = at(bar, bar.length - 1)
    const beat = view.beat * 240
    return last.length >= beat * 0.85 || view.slots * 240 - (last.slot * 240 + last.length) >= beat * 0.85
  })
}
