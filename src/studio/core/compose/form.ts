// Form: how many bars become sections, and how much energy each has. Short pieces are loops; from about three
// sections on there is an intro and an outro.

import { at } from '../lists.ts'
import { clamp } from '../maths/index.ts'
import { type Genre, type SectionKind, sectionKinds } from '../genres/types.ts'

export interface FormSection {
  readonly kind: SectionKind
  readonly name: string
  readonly bars: number
  readonly energy: number
}

const energies: Readonly<Record<SectionKind, number>> = {
  intro: 0.42,
  verse: 0.72,
  pre: 0.82,
  chorus: 0.96,
  bridge: 0.62,
  break: 0.52,
  build: 0.8,
  drop: 0.98,
  head: 0.82,
  solo: 0.92,
  outro: 0.4,
}

/** Of a kind of section in a piece whose own energy is .7 unless asked otherwise. */
export const energyOf = (kind: SectionKind, energy: number): number =>
  clamp(energies[kind] * (0.72 + 0.4 * energy), 0.15, 1)

const title = (kind: SectionKind): string => kind.charAt(0).toUpperCase() + kind.slice(1)

const words: readonly (readonly [RegExp, SectionKind])[] = [
  [/intro/i, 'intro'],
  [/outro|coda|ending|schluss/i, 'outro'],
  [/pre-?\s?chorus|lift/i, 'pre'],
  [/chorus|hook|refrain/i, 'chorus'],
  [/verse|strophe|montuno/i, 'verse'],
  [/bridge/i, 'bridge'],
  [/break/i, 'break'],
  [/build|rise/i, 'build'],
  [/drop|mambo/i, 'drop'],
  [/solo/i, 'solo'],
  [/head|theme|thema/i, 'head'],
]

/** What a section's name means; a name that says nothing is a verse. */
export const kindOf = (name: string): SectionKind =>
  sectionKinds.find((kind) => kind === name.toLowerCase()) ?? words.find(([word]) => word.test(name))?.[1] ?? 'verse'

const isPeak = (kind: SectionKind): boolean => energies[kind] > 0.9 || kind === 'head'

/** A form of exactly `bars` bars. */
export function formOf(genre: Genre, bars: number, energy: number): FormSection[] {
  const unit = genre.sectionBars
  const section = (kind: SectionKind, length: number): FormSection => ({
    kind,
    name: title(kind),
    bars: length,
    energy: energyOf(kind, energy),
  })
  const [first = 'verse'] = genre.form
  const peak = genre.form.find((kind) => isPeak(kind) && kind !== first) ?? first
  if (bars <= unit) return [section(peak, bars)]
  if (bars < unit * 2 + 8) {
    const half = Math.round(bars / 8) * 4
    return [section(first, half), section(peak, bars - half)]
  }
  const edge = bars >= 80 ? 8 : 4
  const body = bars - edge * 2
  const count = Math.max(1, Math.round(body / unit))
  const kinds = Array.from({ length: count }, (_, index) => at(genre.form, index % genre.form.length))
  if (!isPeak(at(kinds, count - 1))) kinds[count - 1] = peak
  const lengths = kinds.map((_, index) => (index === count - 1 ? body - unit * (count - 1) : unit))
  return [
    section('intro', edge),
    ...kinds.map((kind, index) => section(kind, at(lengths, index))),
    section('outro', edge),
  ]
}
