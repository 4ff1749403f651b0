// The plan of a piece before a note of it exists: genre, meter, form, chords, energy. Everything the parts agree
// on is here; each part is a pure function of the plan and its own random stream.

import type { ComposeSpec, Key, MeterName, Swing } from '../../contract.ts'
import { TICKS_PER_QUARTER } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { around, at } from '../lists.ts'
import { genreOf } from '../genres/index.ts'
import type { Genre, SectionKind } from '../genres/types.ts'
import { stream } from '../random/streams.ts'
import type { Chord } from '../theory/chord.ts'
import { isMinor } from '../theory/key.ts'
import { parseProgression, romanChord } from '../theory/roman.ts'
import { barTicks, isCompound, pulseTicks } from '../time/meter.ts'
import { amountOfRatio, rideRatio } from '../time/swing.ts'
import { adapted } from './adapt.ts'
import { energyOf, formOf, kindOf, type FormSection } from './form.ts'

export interface PlannedSection {
  readonly index: number
  readonly name: string
  readonly kind: SectionKind
  readonly startBar: number
  readonly bars: number
  readonly energy: number
  /** How many of its kind came before. */
  readonly repeat: number
}

export interface PlannedChord {
  readonly tick: number
  readonly length: number
  readonly chord: Chord | null
}

export interface Plan {
  readonly spec: ComposeSpec
  readonly seed: string
  readonly genre: Genre
  readonly key: Key
  readonly meter: { readonly numerator: number; readonly denominator: 4 | 8 }
  readonly barTicks: number
  readonly pulseTicks: number
  /** Quarter notes a minute. */
  readonly bpm: number
  readonly swing: Swing
  readonly bars: number
  readonly sections: readonly PlannedSection[]
  /** In order, without gaps, at least one a bar. */
  readonly chords: readonly PlannedChord[]
  readonly energy: number
  readonly complexity: number
  readonly density: number
  readonly humanize: number
  /** Ends on its tonic instead of going round. */
  readonly hasEnding: boolean
}

const meterOf = (name: MeterName): readonly [number, 4 | 8] => {
  const [numerator, denominator] = name.split('/').map(Number)
  return [numerator ?? 4, denominator === 8 ? 8 : 4]
}

/** Keys that hands and voices like, when nobody asks for one. */
const usualTonics = {
  minor: ['A', 'D', 'E', 'C', 'G', 'F', 'B'],
  major: ['C', 'G', 'F', 'D', 'A', 'Bb', 'Eb'],
} as const

/** @throws MusicError for an unknown genre, unreadable chords, or a tempo that the genre's meter cannot have. */
export function planOf(spec: ComposeSpec): Plan {
  const own = genreOf(spec.genre)
  const genre = spec.meter === undefined ? own : adapted(own, meterOf(spec.meter))
  const [numerator, denominator] = genre.meter
  const meter = { numerator, denominator }
  const seed = spec.seed ?? '0'
  const random = stream(seed, 'plan', genre.id)
  const tonics = isMinor(genre.mode) ? usualTonics.minor : usualTonics.major
  const key = spec.key ?? { tonic: random.pick(tonics), mode: genre.mode }
  const felt = spec.tempo ?? genre.bpm[1]
  const bpm = isCompound(meter) ? felt * 1.5 : felt
  if (bpm > 300)
    throw new MusicError(
      `a tempo of ${felt} in ${numerator}/${denominator} is ${bpm} quarter notes a minute; 300 is the most`,
    )
  const energy = spec.energy ?? 0.7
  const form = spec.sections?.map((section) => named(section, energy)) ?? formOf(genre, spec.bars ?? 32, energy)
  const sections = placed(form)
  const bars = sections.reduce((total, section) => total + section.bars, 0)
  const hasEnding = sections.at(-1)?.kind === 'outro'
  const plain = { spec, seed, genre, key, meter, energy, bars, sections, hasEnding }
  return {
    ...plain,
    barTicks: barTicks(meter),
    pulseTicks: pulseTicks(meter),
    bpm,
    swing: spec.swing ?? swingOf(genre, felt),
    chords: schedule(spec, seed, genre, key, sections, barTicks(meter), hasEnding),
    complexity: spec.complexity ?? 0.5,
    density: spec.density ?? 0.5,
    humanize: spec.humanize ?? 0.5,
  }
}

function swingOf(genre: Genre, bpm: number): Swing {
  const { grid, amount } = genre.swing
  return { grid, amount: amount === 'ride' ? amountOfRatio(rideRatio(bpm)) : amount }
}

function named(section: { name: string; bars: number; energy?: number | undefined }, energy: number): FormSection {
  const kind = kindOf(section.name)
  return { kind, name: section.name, bars: section.bars, energy: section.energy ?? energyOf(kind, energy) }
}

function placed(form: readonly FormSection[]): PlannedSection[] {
  let startBar = 0
  const seen = new Map<SectionKind, number>()
  return form.map((section, index) => {
    const repeat = seen.get(section.kind) ?? 0
    seen.set(section.kind, repeat + 1)
    const planned = { ...section, index, startBar, repeat }
    startBar += section.bars
    return planned
  })
}

/** Sections that share a progression. */
const harmonyOf: Partial<Record<SectionKind, SectionKind>> = {
  intro: 'verse',
  outro: 'verse',
  build: 'chorus',
  drop: 'chorus',
  break: 'verse',
  solo: 'verse',
  head: 'verse',
}

function schedule(
  spec: ComposeSpec,
  seed: string,
  genre: Genre,
  key: Key,
  sections: readonly PlannedSection[],
  length: number,
  hasEnding: boolean,
): PlannedChord[] {
  const rows = isMinor(key.mode) ? genre.progressions.minor : genre.progressions.major
  const order = stream(seed, 'chords', genre.id).shuffled(rows)
  const kinds: SectionKind[] = ['verse', 'chorus', 'bridge', 'pre']
  const given = spec.chords === undefined ? null : parseProgression(key, spec.chords).map((chord) => [chord])
  const home = romanChord(key, isMinor(key.mode) ? 'i' : 'I')
  const chords = sections.flatMap((section) => {
    const harmony = harmonyOf[section.kind] ?? section.kind
    const row = around(order, kinds.indexOf(harmony))
    const bars = given ?? row.split(' ').map((bar) => bar.split('.').map((numeral) => romanChord(key, numeral)))
    return Array.from({ length: section.bars }, (_, bar) => at(bars, bar % bars.length))
  })
  if (hasEnding && given === null) chords[chords.length - 1] = [home]
  return chords.flatMap((bar, index) => {
    const step = Math.floor(length / bar.length / (TICKS_PER_QUARTER / 2)) * (TICKS_PER_QUARTER / 2) || length
    return bar.map((chord, part) => {
      const tick = part * step
      return { tick: index * length + tick, length: (part === bar.length - 1 ? length : tick + step) - tick, chord }
    })
  })
}

/** The chord in force at a tick; the last one goes on. */
export function chordAt(plan: Plan, tick: number): PlannedChord {
  let low = 0
  let high = plan.chords.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (at(plan.chords, middle).tick <= tick) low = middle
    else high = middle - 1
  }
  return at(plan.chords, low)
}

export function sectionOfBar(plan: Plan, bar: number): PlannedSection {
  return at(
    plan.sections,
    Math.max(
      0,
      plan.sections.findIndex((section) => bar < section.startBar + section.bars),
    ),
  )
}
