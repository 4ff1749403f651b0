// A track as the critic reads it: notes on sixteenths of straight time, with how far each is from its place. What
// the metrics share; no judgement here.

import { type Key, type Project, TICKS_PER_QUARTER, type Track } from '../../contract.ts'
import { at, mean } from '../lists.ts'
import { type Chord, isNoChord, parseChord } from '../theory/chord.ts'
import { barTicks, pulseTicks } from '../time/meter.ts'

const SLOT = TICKS_PER_QUARTER / 4

export interface GridNote {
  readonly bar: number
  /** Sixteenths from the bar's start. */
  readonly slot: number
  /** Of the place, not of the note. */
  readonly tick: number
  readonly offsetMs: number
  readonly length: number
  readonly pitch: number
  readonly velocity: number
}

export interface PartView {
  /** In order of time. */
  readonly notes: readonly GridNote[]
  readonly bars: number
  /** Sixteenths of a bar. */
  readonly slots: number
  /** Sixteenths of a beat as a foot taps it. */
  readonly beat: number
  readonly key: Key
  readonly sections: Project['sections']
  readonly barTicks: number
  chordAt(tick: number): Chord | null
}

/** Reads chords once a project. */
export function harmonyOf(project: Project): (tick: number) => Chord | null {
  const marks = project.chords.map(({ tick, symbol }) => ({ tick, chord: readable(symbol) }))
  return (tick) => {
    let low = 0
    let high = marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (at(marks, middle).tick <= tick) low = middle + 1
      else high = middle
    }
    return low === 0 ? null : at(marks, low - 1).chord
  }
}

function readable(symbol: string): Chord | null {
  if (isNoChord(symbol)) return null
  try {
    return parseChord(symbol)
  } catch {
    // A mark that somebody wrote by hand: nothing is known of it.
    return null
  }
}

/** One meter and one tempo are assumed, the first: what is composed has one, and of others it is an approximation. */
export function viewOf(project: Project, track: Track, chordAt = harmonyOf(project)): PartView {
  const meter = at(project.meterMap, 0)
  const length = barTicks(meter)
  const msPerTick = 60_000 / (at(project.tempoMap, 0).bpm * TICKS_PER_QUARTER)
  const notes = track.regions.flatMap((region) =>
    region.notes
      .filter((note) => note.start < region.length)
      .map((note): GridNote => {
        const start = region.start + note.start
        const place = Math.round(start / SLOT) * SLOT
        const bar = Math.floor(place / length)
        return {
          bar,
          slot: (place - bar * length) / SLOT,
          tick: place,
          offsetMs: (start - place) * msPerTick,
          length: note.length,
          pitch: note.pitch,
          velocity: note.velocity,
        }
      }),
  )
  notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch)
  return {
    notes,
    bars: Math.max(1, Math.ceil(project.length / length)),
    slots: length / SLOT,
    beat: pulseTicks(meter) / SLOT,
    key: project.key,
    sections: project.sections,
    barTicks: length,
    chordAt,
  }
}

/** Notes of each bar. */
export function byBar(view: PartView): GridNote[][] {
  const bars: GridNote[][] = Array.from({ length: view.bars }, () => [])
  for (const note of view.notes) bars[note.bar]?.push(note)
  return bars
}

/** Energy of the section that a bar is in; 1 where nobody said. */
export function energyOfBar(view: PartView, bar: number): number {
  const tick = bar * view.barTicks
  return view.sections.find((section) => tick >= section.start && tick < section.start + section.length)?.energy ?? 1
}

/** Bars since the section began, and whether this is its last. */
export function placeInSection(view: PartView, bar: number): { index: number; isLast: boolean } {
  const tick = bar * view.barTicks
  const section = view.sections.find((other) => tick >= other.start && tick < other.start + other.length)
  if (section === undefined) return { index: bar, isLast: bar === view.bars - 1 }
  const index = Math.round((tick - section.start) / view.barTicks)
  return { index, isLast: index === Math.round(section.length / view.barTicks) - 1 }
}

/** Which slots of a bar have an onset, as a text. */
export function onsets(bar: readonly GridNote[], slots: number): string {
  const marks = [...'.'.repeat(slots)]
  for (const note of bar) marks[note.slot] = 'x'
  return marks.join('')
}

export function hamming(a: string, b: string): number {
  let differing = 0
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) differing += 1
  return differing / Math.max(1, a.length)
}

export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0
  const centre = mean(values)
  return root(mean(values.map((value) => (value - centre) * (value - centre))))
}

/** Square root by Newton's method: exact enough for a metric, equal everywhere. */
function root(value: number): number {
  if (value <= 0) return 0
  let guess = value > 1 ? value / 2 : 1
  for (let round = 0; round < 40; round += 1) guess = (guess + value / guess) / 2
  return guess
}

export const share = <T>(list: readonly T[], is: (item: T, index: number) => boolean): number =>
  list.length === 0 ? 0 : list.filter(is).length / list.length

/** A metric: null where there is nothing to measure. */
export type Metrics = Readonly<Record<string, number | null>>
