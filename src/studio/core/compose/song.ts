// From a spec to a project: plan, parts, groove, hygiene, regions. The same spec and seed give the same bytes
// everywhere. Each region keeps how it was made, so that one track or a few bars can be made again.

import type { ComposeSpec, Project, Region, Role, Track } from '../../contract.ts'
import { at } from '../lists.ts'
import { scoreOfMelody } from '../critic/score.ts'
import { harmonyOf } from '../critic/view.ts'
import type { Genre, PartSpec } from '../genres/types.ts'
import { newProject } from '../project/new-project.ts'
import { composeBass } from './bass.ts'
import { composeArp, composeComp, composePad } from './chords.ts'
import { composeDrums, kicksOf } from './drums.ts'
import { groove, type GrooveRole } from './groove.ts'
import { cleaned } from './hygiene.ts'
import { composeMelody } from './melody.ts'
import type { PartNote } from './part-note.ts'
import { type Plan, planOf } from './plan.ts'
import { loadSpec } from './spec.ts'

/** Parts in the order in which they are made; the bass hears the drums. */
export const partRoles = ['drums', 'bass', 'chords', 'pad', 'arp', 'melody'] as const
export type PartRole = (typeof partRoles)[number]

const colors: Readonly<Record<Role, string>> = {
  drums: '#e5484d',
  bass: '#30a46c',
  chords: '#3e63dd',
  pad: '#8e4ec6',
  arp: '#12a594',
  melody: '#d6409f',
  fx: '#f76b15',
  other: '#6b7280',
}
const icons: Readonly<Record<Role, string>> = {
  drums: 'waveform.path',
  bass: 'speaker.wave.3',
  chords: 'pianokeys',
  pad: 'waveform.circle',
  arp: 'bolt.circle',
  melody: 'music.note',
  fx: 'sparkles',
  other: 'waveform',
}
const ranges: Readonly<Record<PartRole, readonly [number, number]>> = {
  drums: [27, 87],
  bass: [24, 60],
  chords: [36, 84],
  pad: [36, 88],
  arp: [40, 98],
  melody: [48, 96],
}

function specOf(genre: Genre, role: PartRole): PartSpec | undefined {
  if (role === 'drums') return { name: 'Drums', program: 0, volume: 0.9, reverb: 0.08 }
  return genre[role]
}

/** The roles that a plan has: what was asked for, of what the genre knows. */
function rolesOf(plan: Plan): PartRole[] {
  const { parts, instruments } = plan.spec
  return partRoles.filter((role) => {
    if (parts !== undefined) return parts.includes(role)
    return specOf(plan.genre, role) !== undefined || instruments?.[role] !== undefined
  })
}

/** A part in song time with its groove. `take` other than '0' is another performance from the same plan. */
export function performPart(plan: Plan, role: PartRole, take: string, kicks: readonly number[]): PartNote[] {
  const raw = rawPart(plan, role, take, kicks)
  const feel: GrooveRole = role === 'drums' || role === 'bass' || role === 'melody' ? role : 'chords'
  return groove(plan, raw, feel, take === '0' ? role : `${role}/${take}`)
}

export function rawPart(plan: Plan, role: PartRole, take: string, kicks: readonly number[]): PartNote[] {
  const { genre } = plan
  switch (role) {
    case 'drums':
      return composeDrums(plan, take)
    case 'bass':
      return composeBass(plan, kicks, take)
    case 'chords':
      return composeComp(plan, genre.chords, 'chords', take)
    case 'pad':
      return padOf(plan, take)
    case 'arp':
      return composeArp(plan, take)
    case 'melody':
      return composeMelody(plan, take)
  }
}

/** A pad holds; some genres have a second rhythm instrument there instead. */
function padOf(plan: Plan, take: string): PartNote[] {
  const part = plan.genre.pad ?? { ...plan.genre.chords, voicing: 'spread' as const }
  return part.voicing === 'spread' ? composePad(plan, part, take) : composeComp(plan, part, 'pad', take)
}

/** The regions of a part, one for each section in which it plays. */
export function regionsOf(plan: Plan, role: PartRole, take: string, notes: readonly PartNote[]): Region[] {
  return plan.sections.flatMap((section) => {
    const start = section.startBar * plan.barTicks
    const end = start + section.bars * plan.barTicks
    // By where a note belongs, not where the groove put it: an early downbeat is of its own section.
    const own = notes.filter((note) => note.tick >= start - EARLY && note.tick < end - EARLY)
    const list = cleaned(own, start, end, ranges[role])
    if (list.length === 0) return []
    const id = `${role}-${section.index + 1}`
    return [
      {
        id,
        name: section.name,
        start,
        length: end - start,
        notes: list.map((note, index) => ({
          id: `n${index + 1}`,
          start: note.tick - start,
          length: note.length,
          pitch: note.pitch,
          velocity: note.velocity,
        })),
        cc: role === 'pad' ? swell(plan, section.bars) : [],
        bends: [],
        touches: [],
        ...(role === 'melody' && plan.genre.swing.amount === 'ride' ? { swing: soloSwing(plan) } : {}),
        source: sourceOf(plan, role, section.index, take),
      },
    ]
  })
}

/** Held parts breathe: expression rises and falls over four bars. */
function swell(plan: Plan, bars: number): Region['cc'] {
  if (plan.genre.pad !== undefined && plan.genre.pad.voicing !== 'spread') return []
  return Array.from({ length: bars * 2 }, (_, half) => {
    const place = half % 8
    return { tick: (half * plan.barTicks) / 2, controller: 11, value: 92 + 6 * (place < 4 ? place : 8 - place) }
  })
}

/** Ticks by which a note may be early; less than half of the finest grid. */
const EARLY = 60

/** Soloists swing less than the ride: at 3:1 about 2:1. */
const soloSwing = (plan: Plan): Project['swing'] => ({ ...plan.swing, amount: plan.swing.amount * 0.7 })

function sourceOf(plan: Plan, role: PartRole, section: number, take: string): NonNullable<Region['source']> {
  return {
    generator: 'patterns',
    params: {
      role,
      section,
      take,
      spec: JSON.parse(JSON.stringify({ ...plan.spec, seed: plan.seed })) as Record<string, string>,
    },
    seed: plan.seed,
  }
}

function trackOf(plan: Plan, role: PartRole, notes: readonly PartNote[], take = '0'): Track {
  const part = specOf(plan.genre, role) ?? { name: role, program: 0, volume: 0.6 }
  const chosen = plan.spec.instruments?.[role]
  return {
    id: role,
    kind: role === 'drums' ? 'drums' : 'midi',
    name: chosen?.name ?? part.name,
    program: chosen?.program ?? part.program,
    drumKit: role === 'drums' ? plan.genre.drums.kit : null,
    color: colors[role],
    icon: icons[role],
    volume: part.volume,
    pan: part.pan ?? 0.5,
    muted: false,
    solo: false,
    role,
    inserts: [],
    sends: [
      ...(part.reverb === undefined ? [] : [{ busId: 'reverb', level: part.reverb }]),
      ...(part.delay === undefined ? [] : [{ busId: 'delay', level: part.delay }]),
    ],
    regions: regionsOf(plan, role, take, notes),
    automation: [],
  }
}

/** Everything of the project except its tracks. */
function frameOf(plan: Plan): Project {
  const length = plan.bars * plan.barTicks
  const chords = plan.chords.map(({ tick, chord }) => ({ tick, symbol: chord?.symbol ?? 'N.C.' }))
  return {
    ...newProject(
      `song-${plan.genre.id}`,
      plan.spec.name ?? `${plan.genre.name} in ${plan.key.tonic} ${plan.key.mode.replace('_', ' ')}`,
    ),
    tempoMap: [{ tick: 0, bpm: plan.bpm }],
    meterMap: [{ tick: 0, ...plan.meter }],
    key: plan.key,
    swing: plan.swing,
    sections: plan.sections.map((section) => ({
      id: `s${section.index + 1}`,
      name: section.name,
      start: section.startBar * plan.barTicks,
      length: section.bars * plan.barTicks,
      energy: Math.round(section.energy * 1_000) / 1_000,
    })),
    chords: chords.filter((chord, index) => index === 0 || chord.symbol !== at(chords, index - 1).symbol),
    buses: [
      {
        id: 'reverb',
        name: 'Reverb',
        inserts: [{ id: 'reverb-1', type: 'reverb', params: { mix: 1 }, bypass: false }],
      },
      { id: 'delay', name: 'Delay', inserts: [{ id: 'delay-1', type: 'delay', params: { mix: 1 }, bypass: false }] },
    ],
    seed: plan.seed,
    length,
  }
}

/** So many tunes are written; the critic keeps the best. */
const TUNES = 6

/** One region of all notes, for measuring. */
function sketch(notes: readonly PartNote[], length: number): Region {
  const list = notes.map((note, index) => ({
    id: `n${index}`,
    start: note.tick,
    length: note.length,
    pitch: note.pitch,
    velocity: note.velocity,
  }))
  return { id: 'sketch', name: 'Sketch', start: 0, length, notes: list, cc: [], bends: [], touches: [] }
}

/** The take of the melody that the critic likes most; the first one when they are equal. */
export function bestTune(plan: Plan, take: string): string {
  const frame = frameOf(plan)
  const chordAt = harmonyOf(frame)
  const track = trackOf(plan, 'melody', [])
  let best = take
  let highest = -1
  for (let tune = 0; tune < TUNES; tune += 1) {
    const name = tune === 0 ? take : `${take}.${tune}`
    const notes = rawPart(plan, 'melody', name, [])
    const score =
      notes.length === 0 ? 0 : scoreOfMelody(frame, { ...track, regions: [sketch(notes, frame.length)] }, chordAt)
    if (score > highest + 0.005) {
      highest = score
      best = name
    }
  }
  return best
}

/** @throws MusicError for a spec that is not valid or names what there is not. */
export function compose(spec: ComposeSpec): Project {
  const plan = planOf(loadSpec(spec))
  // Always made, since the bass hears them; kept when asked for.
  const kicks = kicksOf(rawPart(plan, 'drums', '0', []))
  const tracks = rolesOf(plan).map((role) => {
    const take = role === 'melody' ? bestTune(plan, '0') : '0'
    return trackOf(plan, role, performPart(plan, role, take, kicks), take)
  })
  return { ...frameOf(plan), tracks: tracks.filter((track) => track.regions.length > 0) }
}
