// Fills and rolls: what the drums do at the end of a phrase, and which voices are silent meanwhile.

import type { DrumVoice } from '../genres/types.ts'
import { at } from '../lists.ts'
import type { Random } from '../random/streams.ts'
import { slotTick } from './pattern.ts'
import type { Plan, PlannedSection } from './plan.ts'

export interface Fill {
  /** First slot of it. */
  readonly from: number
  readonly hits: readonly { readonly tick: number; readonly voice: DrumVoice; readonly velocity: number }[]
  silences(voice: DrumVoice): boolean
}

const keepers: readonly DrumVoice[] = ['hat', 'open', 'ride', 'bell', 'pedal', 'snare', 'rim', 'clap']

/** Rising to its last hit; toms fall from high to low. */
export function fillOf(
  plan: Plan,
  section: PlannedSection,
  size: 'small' | 'large',
  slots: number,
  random: Random,
): Fill {
  const { genre } = plan
  const beat = slots / (plan.barTicks / plan.pulseTicks)
  const beats = size === 'large' && random.chance(0.3 + 0.5 * section.energy) ? 2 : 1
  const from = slots - Math.max(beat * beats, Math.round(slots / 4))
  const count = slots - from
  const tick = (slot: number): number => slotTick(genre.grid, slot)
  const rise = (index: number, low: number, high: number): number =>
    low + ((high - low) * index) / Math.max(1, count - 1)
  const run = (voices: readonly DrumVoice[], keep: number, low: number, high: number): Fill['hits'] => {
    const hits: { tick: number; voice: DrumVoice; velocity: number }[] = []
    for (let index = 0; index < count; index += 1) {
      const isBeat = (from + index) % beat === 0
      if (!isBeat && !random.chance(keep)) continue
      const voice = at(voices, Math.min(voices.length - 1, Math.floor((index * voices.length) / count)))
      hits.push({ tick: tick(from + index), voice, velocity: rise(index, low, high) })
    }
    return hits
  }
  const usual = (voice: DrumVoice): boolean => keepers.includes(voice)
  switch (genre.drums.fill) {
    case 'toms':
      return {
        from,
        hits: run(
          random.chance(0.6)
            ? ['snare', 'highTom', 'midTom', 'floorTom']
            : ['highTom', 'highTom', 'midTom', 'floorTom'],
          0.85,
          84,
          116,
        ),
        silences: usual,
      }
    case 'snare':
      return {
        from,
        hits: run(['snare', 'snare', 'snare', random.chance(0.5) ? 'floorTom' : 'snare'], 0.8, 58, 112),
        silences: usual,
      }
    case 'ghosts': {
      const backbeats = genre.drums.backbeat.map(tick)
      const hits = run(['snare'], 0.45, 40, 78).filter((hit) => !backbeats.includes(hit.tick))
      return {
        from,
        hits: [...hits, { tick: tick(slots - 2), voice: 'open', velocity: 74 }],
        silences: (voice) => voice === 'kick',
      }
    }
    case 'percussion':
      return {
        from,
        hits: run(['rim', 'slap', 'conga', 'lowConga'], 0.8, 66, 104),
        silences: (voice) => voice === 'rim' || voice === 'slap' || voice === 'conga',
      }
    case 'roll':
      return rollOf(plan, slots, size, beat, random)
    case 'stop':
    case 'none':
      return { from, hits: [], silences: usual }
  }
}

/** Machines roll: hats in 32nds or sixteenth triplets, and into a peak a snare that doubles its speed. */
function rollOf(plan: Plan, slots: number, size: 'small' | 'large', beat: number, random: Random): Fill {
  const from = slots - beat
  const start = slotTick(plan.genre.grid, from)
  const length = slotTick(plan.genre.grid, slots) - start
  const isTrap = plan.genre.drums.kit === 'TR-808'
  if (isTrap) {
    const step = random.chance(0.5) ? 120 : 160
    const rollFrom = size === 'large' ? start : start + length / 2
    const count = Math.floor((start + length - rollFrom) / step)
    const hits = Array.from({ length: count }, (_, index) => ({
      tick: rollFrom + index * step,
      voice: 'hat' as const,
      velocity: 58 + (34 * index) / count,
    }))
    const first = slots - (start + length - rollFrom) / 240
    return { from: first, hits, silences: (voice) => voice === 'hat' || voice === 'open' }
  }
  const step = 240
  const half = slots - beat * (size === 'large' ? 2 : 1)
  const begin = slotTick(plan.genre.grid, half)
  const count = Math.floor((start + length - begin) / step)
  const hits = Array.from({ length: count }, (_, index) => ({
    tick: begin + index * step,
    voice: 'snare' as const,
    velocity: 56 + (50 * index) / count,
  }))
  return {
    from: half,
    hits,
    silences: (voice) => voice === 'clap' || voice === 'snare' || (voice === 'kick' && size === 'large'),
  }
}
