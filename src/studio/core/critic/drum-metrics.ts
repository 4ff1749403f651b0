// What is measured of drums. Definitions as in the tables of docs/music.md: 16 slots a 4/4 bar, before humanisation.

import type { Genre } from '../genres/types.ts'
import { at, mean } from '../lists.ts'
import {
  byBar,
  deviation,
  energyOfBar,
  type GridNote,
  hamming,
  type Metrics,
  onsets,
  type PartView,
  placeInSection,
  share,
} from './view.ts'

const kicks = [35, 36]
const snares = [37, 38, 39, 40]
const toms = [41, 43, 45, 47, 48, 50, 62, 63, 64]
const hats = [42, 44, 46]

const isOf =
  (keys: readonly number[]) =>
  (note: GridNote): boolean =>
    keys.includes(note.pitch)

export function drumMetrics(view: PartView, genre: Genre | null): Metrics {
  const bars = byBar(view)
  const played = bars.map((bar, index) => ({ bar, index })).filter(({ bar }) => bar.length > 0)
  const texts = played.map(({ bar }) => onsets(bar, view.slots))
  const kickTexts = played.map(({ bar }) => onsets(bar.filter(isOf(kicks)), view.slots))
  const velocities = view.notes.map((note) => note.velocity)
  const snareNotes = view.notes.filter(isOf([38, 40]))
  const fills = played.filter(({ bar, index }) => isFill(bar, index, bars, view))
  const atPhraseEnds = fills.filter(({ index }) => {
    const { index: place, isLast } = placeInSection(view, index)
    return isLast || place % 4 === 3
  })
  const full = played.filter(({ index }) => energyOfBar(view, index) >= 0.6 && index < view.bars - 1)
  const steady = full.filter(({ index }) => !fills.some((fill) => fill.index === index))
  return {
    grooveConsistency:
      texts.length < 2 ? null : 1 - mean(texts.slice(1).map((text, index) => hamming(at(texts, index), text))),
    grooveSimilarity: texts.length < 2 ? null : 1 - mean(pairs(texts.slice(0, 64)).map(([a, b]) => hamming(a, b))),
    uniqueBars: texts.length === 0 ? null : new Set(texts).size / texts.length,
    uniqueKickBars: kickTexts.length === 0 ? null : new Set(kickTexts).size / kickTexts.length,
    hitsPerBar: full.length === 0 ? null : mean(full.map(({ bar }) => bar.length)),
    velocityMean: velocities.length === 0 ? null : mean(velocities),
    velocitySd: velocities.length < 2 ? null : deviation(velocities),
    ghostShare: snareNotes.length === 0 ? null : share(snareNotes, (note) => note.velocity < 46),
    fillShare: played.length === 0 ? null : fills.length / played.length,
    fillsAtPhraseEnds: fills.length === 0 ? null : atPhraseEnds.length / fills.length,
    backbeat:
      genre === null || genre.drums.backbeat.length === 0 || steady.length === 0
        ? null
        : share(steady, ({ bar }) => hasBackbeat(bar, genre, view)),
    fourOnFloor:
      steady.length === 0
        ? null
        : share(steady, ({ bar }) =>
            [0, 1, 2, 3].every((beat) => bar.some((note) => isOf(kicks)(note) && note.slot === beat * view.beat)),
          ),
    ...timing(view),
  }
}

function pairs(texts: readonly string[]): [string, string][] {
  return texts.flatMap((a, index) => texts.slice(index + 1).map((b): [string, string] => [a, b]))
}

/** Three toms, or a snare that is busier at the end of the bar than its neighbours are. */
function isFill(bar: readonly GridNote[], index: number, bars: readonly GridNote[][], view: PartView): boolean {
  if (bar.filter(isOf(toms)).length >= 3 && !usualToms(bars)) return true
  const isLate = (note: GridNote): boolean => note.velocity >= 50 && note.slot >= view.slots - view.beat * 2
  const late = (notes: readonly GridNote[]): number =>
    notes.filter((note) => isLate(note) && [...snares, ...toms].includes(note.pitch)).length
  const usual = median(
    bars
      .slice(Math.max(0, index - 8), index + 8)
      .filter((other) => other.length > 0)
      .map(late),
  )
  if (late(bar) >= usual + 2) return true
  // A roll of the hats, in less than sixteenths.
  return bar.filter(isOf(hats)).length > new Set(bar.filter(isOf(hats)).map((note) => note.slot)).size + 1
}

/** Congas that play all the time are no fill. */
const usualToms = (bars: readonly GridNote[][]): boolean =>
  share(
    bars.filter((bar) => bar.length > 0),
    (bar) => bar.filter(isOf(toms)).length >= 3,
  ) > 0.5

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function hasBackbeat(bar: readonly GridNote[], genre: Genre, view: PartView): boolean {
  const per = genre.grid === 'triplet' ? 3 : genre.grid === 'eighth' ? 3 : view.beat
  return genre.drums.backbeat.every((slot) => {
    const wanted =
      genre.grid === 'sixteenth'
        ? slot
        : Math.floor(slot / per) * view.beat + (slot % per) * (genre.grid === 'eighth' ? 2 : 1)
    return bar.some((note) => snares.includes(note.pitch) && note.slot === wanted && note.velocity >= 55)
  })
}

/** Micro-timing in ms: noise within a voice and slot, and how beats drift together. */
function timing(view: PartView): Metrics {
  const groups = new Map<string, number[]>()
  const beats = new Map<number, number[]>()
  for (const note of view.notes) {
    const group = `${note.pitch}/${note.slot}`
    groups.set(group, [...(groups.get(group) ?? []), note.offsetMs])
    const beat = Math.floor((note.bar * view.slots + note.slot) / view.beat)
    beats.set(beat, [...(beats.get(beat) ?? []), note.offsetMs])
  }
  const large = [...groups.values()].filter((offsets) => offsets.length >= 6)
  const of = (keys: readonly number[]): number[] =>
    view.notes
      .filter((note) => keys.includes(note.pitch) && note.slot % view.beat === 0 && note.velocity >= 55)
      .map((note) => note.offsetMs)
  const [kickOffsets, snareOffsets] = [of(kicks), of([38, 40, 39])]
  const path = [...beats].sort(([a], [b]) => a - b).map(([, offsets]) => mean(offsets))
  return {
    randomTimingMs: large.length === 0 ? null : mean(large.map(deviation)),
    snareAfterKickMs:
      kickOffsets.length < 12 || snareOffsets.length < 12 ? null : mean(snareOffsets) - mean(kickOffsets),
    driftMs: path.length < 8 ? null : deviation(path),
    driftLag1: path.length < 16 ? null : autocorrelation(path, 1),
    // Hats roll in 32nds and triplets, which are no places of this grid.
    largestOffsetMs: kickOffsets.length === 0 ? null : Math.max(...[...kickOffsets, ...snareOffsets].map(abs)),
  }
}

const abs = (value: number): number => Math.abs(value)

function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values)
  let top = 0
  let bottom = 0
  for (let index = 0; index < values.length; index += 1) {
    const value = at(values, index) - centre
    bottom += value * value
    if (index + lag < values.length) top += value * (at(values, index + lag) - centre)
  }
  return bottom === 0 ? 0 : top / bottom
}
