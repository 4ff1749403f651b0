// Chords in time: the comping of the main instrument, pads that follow the harmony, and arpeggios. Voicings come
// from voicing.ts, once for each kind of section, so that a chorus sounds like the last one.

import type { CompSpec, PartSpec } from '../genres/types.ts'
import { at } from '../lists.ts'
import { type Random, stream } from '../random/streams.ts'
import type { PartNote } from './part-note.ts'
import { barOf, cellSlots, cellTicks, hitsOf, isCellOf } from './pattern.ts'
import type { Plan, PlannedChord, PlannedSection } from './plan.ts'
import { leadVoices, type Voicing } from './voicing.ts'

export interface VoicedChord extends PlannedChord {
  readonly voicing: Voicing | null
}

/** The chords of each section with their voicings, in the order of sections. */
function voicedSections(plan: Plan, style: CompSpec['voicing']): VoicedChord[][] {
  const known = new Map<string, (Voicing | null)[]>()
  let next = 0
  return plan.sections.map((section) => {
    const end = (section.startBar + section.bars) * plan.barTicks
    const chords: PlannedChord[] = []
    for (let chord = plan.chords[next]; chord !== undefined && chord.tick < end; chord = plan.chords[next]) {
      chords.push(chord)
      next += 1
    }
    const name = chords.map((chord) => chord.chord?.symbol ?? '-').join(' ')
    const voicings =
      known.get(name) ??
      leadVoices(
        chords.map((chord) => chord.chord),
        style,
      )
    known.set(name, voicings)
    return chords.map((chord, index) => ({ ...chord, voicing: voicings[index] ?? null }))
  })
}

const plays = (part: PartSpec, section: PlannedSection, usual: number): boolean =>
  section.energy >= (part.from ?? usual)

const soft = (base: number, section: PlannedSection, random: Random, spread = 4): number =>
  Math.round(Math.min(118, Math.max(30, base * (0.84 + 0.18 * section.energy) + random.gaussian() * spread)))

/** Chords in the rhythm of the part's cells. */
export function composeComp(plan: Plan, part: CompSpec, name: string, take = '0'): PartNote[] {
  const slots = cellSlots(plan.barTicks)
  const step = cellTicks(plan.barTicks)
  const cells = part.cells.filter((cell) => isCellOf(cell, slots))
  const sections = voicedSections(plan, part.voicing)
  const notes: PartNote[] = []
  plan.sections.forEach((section, index) => {
    if (!plays(part, section, 0)) return
    const chords = at(sections, index)
    // A verse plays the sparser cells, a peak the busier ones.
    const byBusyness = stream(plan.seed, name, take, 'cells')
      .shuffled(cells)
      .sort((a, b) => busyness(a) - busyness(b))
    const order = section.energy >= 0.9 ? [...byBusyness].reverse() : byBusyness
    const [first, second = first] = order
    for (let bar = 0; bar < section.bars; bar += 1) {
      const number = section.startBar + bar
      const start = number * plan.barTicks
      const end = start + plan.barTicks
      const random = stream(plan.seed, name, take, 'bar', number)
      const isEnd = plan.hasEnding && number === plan.bars - 1
      const isSparse = section.energy < 0.5 && plan.genre.feel !== 'machine'
      const cell =
        isEnd || isSparse || first === undefined
          ? `X${'-'.repeat(slots - 1)}`
          : barOf(bar % 4 === 3 && second !== undefined ? second : first, slots, bar)
      const inBar = chords.filter((chord) => chord.tick >= start && chord.tick < end)
      for (const hit of hitsOf(cell)) {
        const tick = start + hit.slot * step
        const current = [...inBar].reverse().find((chord) => chord.tick <= tick)
        const following = chords.find((chord) => chord.tick > tick)
        const chord = hit.mark === 'A' ? (following ?? current) : current
        if (chord?.voicing === undefined || chord.voicing === null) continue
        const until = tick + hit.slots * step
        // A chord change under a held chord is struck there; an anticipation is held into it.
        const change = hit.mark === 'A' ? undefined : inBar.find((other) => other.tick > tick && other.tick < until)
        const velocity = soft(hit.mark === 'X' ? 86 : 74, section, random)
        strike(notes, chord.voicing, tick, (change?.tick ?? until) - tick - gap(hit.slots), velocity, random)
        if (change?.voicing !== undefined && change.voicing !== null)
          strike(notes, change.voicing, change.tick, until - change.tick - 24, velocity - 4, random)
      }
    }
  })
  return notes
}

const busyness = (cell: string): number => hitsOf(cell).length / cell.length

/** A short stab ends at once; a held chord lifts just before the next. */
const gap = (slots: number): number => (slots === 1 ? 60 : 24)

function strike(
  notes: PartNote[],
  voicing: Voicing,
  tick: number,
  length: number,
  velocity: number,
  random: Random,
): void {
  voicing.forEach((pitch, voice) => {
    // The top voice sings.
    const weight = voice === voicing.length - 1 ? 4 : 0
    notes.push({
      tick,
      length: Math.max(60, length),
      pitch,
      velocity: Math.max(25, Math.min(120, velocity + weight + random.between(-2, 2))),
    })
  })
}

/** One held voicing a chord; equal neighbours are one. */
export function composePad(plan: Plan, part: CompSpec, take = '0'): PartNote[] {
  const sections = voicedSections(plan, part.voicing)
  const notes: PartNote[] = []
  plan.sections.forEach((section, index) => {
    if (!plays(part, section, 0.6)) return
    const random = stream(plan.seed, 'pad', take, section.index)
    const chords = at(sections, index)
    for (let first = 0; first < chords.length;) {
      const chord = at(chords, first)
      let last = first
      // Held at most four bars: players breathe and bow.
      while (
        chords[last + 1]?.chord?.symbol === chord.chord?.symbol &&
        (chords[last + 1]?.tick ?? 0) - chord.tick < plan.barTicks * 4
      )
        last += 1
      const end = at(chords, last).tick + at(chords, last).length
      const velocity = soft(66, section, random, 3)
      for (const pitch of chord.voicing ?? [])
        notes.push({
          tick: chord.tick,
          length: end - chord.tick - 20,
          pitch,
          velocity: velocity + random.between(-3, 3),
        })
      first = last + 1
    }
  })
  return notes
}

/** Chord tones one by one, in the register of the part. */
export function composeArp(plan: Plan, take = '0'): PartNote[] {
  const part = plan.genre.arp
  if (part === undefined) return []
  const slots = cellSlots(plan.barTicks)
  const step = cellTicks(plan.barTicks)
  const sections = voicedSections(plan, 'stab')
  const cells = part.cells.filter((cell) => isCellOf(cell, slots))
  const usual = cells.length === 0 ? ['o.'.repeat(slots / 2)] : cells
  const cell = stream(plan.seed, 'arp', take, 'cell').shuffled(usual)[0] ?? ''
  const notes: PartNote[] = []
  plan.sections.forEach((section, index) => {
    if (!plays(part, section, 0.7)) return
    const chords = at(sections, index)
    for (let bar = 0; bar < section.bars; bar += 1) {
      const start = (section.startBar + bar) * plan.barTicks
      const random = stream(plan.seed, 'arp', take, section.startBar + bar)
      hitsOf(barOf(cell, slots, bar)).forEach((hit, count) => {
        const tick = start + hit.slot * step
        const chord = [...chords].reverse().find((other) => other.tick <= tick)
        if (chord?.voicing === undefined || chord.voicing === null) return
        const tones = [...chord.voicing, at(chord.voicing, 0) + 12]
        const pitch = at(tones, place(part.motion, count, tones.length))
        const velocity = soft(hit.slot % 4 === 0 ? 80 : 68, section, random, 3)
        notes.push({ tick, length: Math.max(90, hit.slots * step - 40), pitch, velocity })
      })
    }
  })
  return notes
}

function place(motion: 'up' | 'updown' | 'broken', count: number, size: number): number {
  if (motion === 'up') return count % size
  if (motion === 'broken') return at([0, 2, 1, 3, 2, 1, 3, 1], count % 8) % size
  const around = (size - 1) * 2
  const step = count % around
  return step < size ? step : around - step
}
