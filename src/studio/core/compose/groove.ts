// Groove: what people do to a grid. Offset = the voice's own lateness + a drift that the band shares + noise of each
// note, in milliseconds turned to ticks. At amount 0 nothing moves. Swing is not here: it is applied when heard.
// Sizes: human timing measured in the Groove MIDI Dataset, a third to a half of it by default.

import type { DrumVoice } from '../genres/types.ts'
import { at } from '../lists.ts'
import { clamp } from '../maths/index.ts'
import { stream } from '../random/streams.ts'
import type { PartNote } from './part-note.ts'
import type { Plan } from './plan.ts'

export type GrooveRole = 'drums' | 'bass' | 'chords' | 'melody'

/** SD of the noise in ms at amount .5. */
const noise = { kick: 4, snare: 5, hat: 4, bass: 5, chords: 6, melody: 7 } as const
/** No note is further from its place. */
const MOST_MS = 25
const PHI = 0.6
const DRIFT_MS = 3.8

/** The band's drift at each beat: AR(1), the same for every part. */
function driftOf(plan: Plan): number[] {
  const random = stream(plan.seed, 'groove', 'drift')
  const beats = Math.ceil((plan.bars * plan.barTicks) / plan.pulseTicks) + 1
  const list: number[] = []
  let value = 0
  for (let beat = 0; beat < beats; beat += 1) {
    // sqrt(1 - .6 * .6) keeps the SD at DRIFT_MS.
    value = PHI * value + 0.8 * DRIFT_MS * random.gaussian()
    list.push(value)
  }
  return list
}

const voiceOf = (voice: DrumVoice): 'kick' | 'snare' | 'hat' =>
  voice === 'kick' ? 'kick' : voice === 'snare' || voice === 'clap' || voice === 'rim' ? 'snare' : 'hat'

/** Machines keep time; what people play over them does not have to. */
const looseness = { acoustic: 1, machine: 0.85, free: 1 } as const

export function groove(plan: Plan, notes: readonly PartNote[], role: GrooveRole, name: string): PartNote[] {
  const amount = plan.humanize
  if (amount === 0) return [...notes]
  const random = stream(plan.seed, 'groove', name)
  const drift = driftOf(plan)
  const perMs = (plan.bpm * 960) / 60_000
  const loose = looseness[plan.genre.feel] * amount * 2
  const chordOffsets = new Map<number, number>()
  return notes.map((note) => {
    const voice = note.voice === undefined ? (role === 'drums' ? 'hat' : role) : voiceOf(note.voice)
    const systematic = (plan.genre.timing[voice] ?? 0) * Math.min(1, amount * 2)
    // The notes of a chord are one hand: a little apart, together late.
    let own = chordOffsets.get(note.tick)
    if (role !== 'chords' || own === undefined) {
      own = random.gaussian() * noise[voice] * loose
      chordOffsets.set(note.tick, own)
    } else own += random.gaussian() * 1.2 * loose
    const beat = clamp(Math.round(note.tick / plan.pulseTicks), 0, drift.length - 1)
    const ms = clamp(systematic + at(drift, beat) * loose + own, -MOST_MS, MOST_MS)
    return { ...note, tick: Math.max(0, note.tick + Math.round(ms * perMs)) }
  })
}
