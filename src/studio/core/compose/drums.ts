// Drums: a groove for each kind of section, a few variants of it, fills at phrase ends, crashes where sections
// begin. Kick slots are read by the bass. Leaves out timing (groove.ts).

import { type DrumVoice, drumKeys, type Genre } from '../genres/types.ts'
import { at } from '../lists.ts'
import { type Random, stream } from '../random/streams.ts'
import { fillOf } from './fills.ts'
import type { PartNote } from './part-note.ts'
import { barOf, hitsOf, slotsOfBar, slotTick } from './pattern.ts'
import type { Plan, PlannedSection } from './plan.ts'

const timeKeepers: readonly DrumVoice[] = ['hat', 'open', 'ride', 'bell', 'shaker', 'pedal', 'tambourine', 'cowbell']
const backbeats: readonly DrumVoice[] = ['snare', 'clap', 'rim']

/** The groove of a kind of section, one or two bars before variation. */
function grooveOf(plan: Plan, section: PlannedSection, take: string): { voice: DrumVoice; pattern: string }[] {
  const { genre } = plan
  // One choice of patterns for the song, another for its peaks: a chorus is the same song, lifted.
  const isPeak = section.energy >= 0.95
  return genre.drums.lanes.flatMap((lane, index) => {
    const isLow = section.energy < 0.5
    if (section.energy < (lane.from ?? 0) || section.energy > (lane.until ?? 1)) return []
    // An intro keeps time; machines keep their kick too.
    if (isLow && backbeats.includes(lane.voice) && genre.drums.backbeat.length > 0) return []
    if (isLow && lane.voice === 'kick' && genre.feel === 'acoustic') return []
    const usual = stream(plan.seed, 'drums', take, genre.id, lane.voice, index).shuffled(lane.patterns)
    const choice = isPeak && lane.voice !== 'hat' && lane.voice !== 'snare' ? (usual[1] ?? at(usual, 0)) : at(usual, 0)
    return [{ voice: lane.voice, pattern: choice }]
  })
}

const isFourOnFloor = (pattern: string): boolean => /^[Xo]\.\.\.(?:[Xo]\.\.\.)+$/.test(pattern)

/** Small changes that keep the groove: a ghost, a kick moved, a hat left out or opened. */
function varied(bar: Map<DrumVoice, string>, plan: Plan, random: Random, amount: number): void {
  const { drums, feel } = plan.genre
  const slots = slotsOfBar(plan.genre.grid, plan.barTicks)
  const set = (voice: DrumVoice, slot: number, mark: string): void => {
    const text = bar.get(voice) ?? '.'.repeat(slots)
    bar.set(voice, text.slice(0, slot) + mark + text.slice(slot + 1))
  }
  const kick = bar.get('kick')
  if (kick !== undefined && !isFourOnFloor(kick) && random.chance(0.75 * amount)) {
    const weak = hitsOf(kick).filter((hit) => hit.mark !== 'X' && hit.slot > 0)
    const perBeat = slots / (plan.barTicks / plan.pulseTicks)
    const free = Array.from({ length: slots }, (_, slot) => slot).filter(
      (slot) =>
        slot > 1 &&
        kick[slot] === '.' &&
        !drums.backbeat.includes(slot) &&
        (slot % perBeat !== 0 || random.chance(0.3)) &&
        kick[slot - 1] === '.',
    )
    if (weak.length > 0 && random.chance(0.4)) set('kick', random.pick(weak).slot, '.')
    if (free.length > 0 && random.chance(0.75)) set('kick', random.pick(free), 'o')
  }
  const ghosts = drums.ghosts * (0.5 + plan.complexity) * (feel === 'machine' ? 0.4 : 1)
  for (let slot = 1; slot < slots; slot += 1) {
    const snare = bar.get('snare')
    if (snare === undefined || ghosts === 0) break
    const isFree = snare[slot] === '.' && !drums.backbeat.includes(slot) && bar.get('kick')?.[slot] !== 'X'
    if (isFree && slot % 2 === 1 && random.chance(ghosts * amount)) set('snare', slot, 'g')
  }
  const hat = bar.get('hat')
  if (hat === undefined) return
  const hatHits = hitsOf(hat).filter((hit) => hit.slot > 0)
  const dropouts = plan.density < 0.35 ? 0.3 : feel === 'acoustic' ? 0.04 : 0.02
  for (const hit of hatHits) if (hit.slot % 4 !== 0 && random.chance(dropouts * amount)) set('hat', hit.slot, '.')
  const pick = feel === 'machine' ? 0.25 : 0.35
  if (slots === 16 && random.chance(pick * amount * (0.5 + plan.density))) {
    const slot = random.pick(feel === 'machine' ? [5, 9, 15] : [3, 7, 11, 15])
    if (hat[slot] === '.') set('hat', slot, 'g')
  }
}

/** The 16th hats that a dense piece has between its eighths. */
function densified(bar: Map<DrumVoice, string>, density: number): void {
  const hat = bar.get('hat')
  if (density <= 0.7 || hat === undefined || hat.length !== 16) return
  bar.set('hat', [...hat].map((mark, slot) => (mark === '.' && slot % 2 === 1 ? 'g' : mark)).join(''))
}

/** Which variant each bar of a phrase of eight plays; 0 is the groove itself. */
const orders = {
  acoustic: [0, 1, 0, 2, 0, 1, 3, 4],
  machine: [0, 0, 0, 1, 0, 0, 0, 2],
  free: [0, 0, 0, 0, 0, 0, 0, 0],
} as const

function barTexts(plan: Plan, section: PlannedSection, bar: number, take: string): Map<DrumVoice, string> {
  const { genre } = plan
  const slots = slotsOfBar(genre.grid, plan.barTicks)
  const lanes = grooveOf(plan, section, take)
  const texts = new Map(lanes.map(({ voice, pattern }) => [voice, barOf(pattern, slots, bar)]))
  const variant = at(orders[genre.feel], bar % 8)
  if (variant > 0 && section.energy >= 0.5) {
    const random = stream(
      plan.seed,
      'drums',
      take,
      genre.id,
      'variant',
      section.energy >= 0.95 ? 'peak' : 'base',
      variant,
    )
    varied(texts, plan, random, variant >= 3 ? 1 : 0.9)
  }
  // Nobody strikes a closed and an open hat at once.
  const open = texts.get('open')
  const hat = texts.get('hat')
  if (open !== undefined && hat !== undefined)
    texts.set(
      'hat',
      [...hat].map((mark, slot) => (open[slot] === '.' || open[slot] === undefined ? mark : '.')).join(''),
    )
  densified(texts, plan.density)
  return texts
}

/** A bar ends a phrase with a fill: every last bar of a section, some fourth bars. */
function fillSize(plan: Plan, section: PlannedSection, bar: number, take: string): 'none' | 'small' | 'large' {
  if (plan.genre.drums.fill === 'none' || section.bars < 4) return 'none'
  const isLast = bar === section.bars - 1
  if (isLast && section.kind === 'outro') return 'none'
  if (isLast && (section.index < plan.sections.length - 1 || plan.sections.length <= 2))
    return section.energy < 0.5 ? 'small' : 'large'
  if (section.energy < 0.5 || bar % 4 !== 3) return 'none'
  const often = plan.genre.feel === 'acoustic' ? 0.25 + 0.3 * plan.complexity : 0.15
  return stream(plan.seed, 'drums', take, 'fill', section.index, bar).chance(often) ? 'small' : 'none'
}

const softness: Partial<Record<DrumVoice, number>> = {
  hat: 0.86,
  open: 0.84,
  ride: 0.88,
  pedal: 0.7,
  shaker: 0.66,
  tambourine: 0.72,
  rim: 0.82,
  cowbell: 0.74,
  bell: 0.8,
  claves: 0.84,
  slap: 0.84,
  conga: 0.84,
  lowConga: 0.84,
}

/** X 108, o 82, g 42 as a player strikes them, softer for what only keeps time. */
function velocityOf(
  genre: Genre,
  voice: DrumVoice,
  mark: string,
  slot: number,
  slots: number,
  energy: number,
  random: Random,
): number {
  const isMachine = genre.feel === 'machine'
  const base = mark === 'X' ? 108 : mark === 'o' ? 84 : isMachine && timeKeepers.includes(voice) ? 66 : 39
  const own = softness[voice] ?? 1
  const soft = mark === 'g' && backbeats.includes(voice) ? 1 : isMachine ? (1 + own) / 2 : own
  let profile = 1
  if (timeKeepers.includes(voice) && slots === 16) {
    const [eighth, sixteenth] = isMachine ? [0.94, 0.86] : [0.86, 0.7]
    profile = slot % 4 === 0 ? 1 : slot % 2 === 0 ? eighth : sixteenth
  }
  if (voice === 'kick' && mark === 'o') profile = isMachine ? 1.08 : 0.92
  const spread = mark === 'g' ? 4 : isMachine ? 2.5 : 5
  const value = base * soft * profile * (0.86 + 0.16 * energy) + random.gaussian() * spread
  return Math.round(Math.min(mark === 'g' ? 56 : 124, Math.max(22, value)))
}

const lengths: Partial<Record<DrumVoice, number>> = { crash: 1_920, ride: 480, open: 360 }

/** All drum notes of the piece. */
export function composeDrums(plan: Plan, take = '0'): PartNote[] {
  const { genre } = plan
  const slots = slotsOfBar(genre.grid, plan.barTicks)
  const notes: PartNote[] = []
  for (const section of plan.sections) {
    for (let bar = 0; bar < section.bars; bar += 1) {
      const number = section.startBar + bar
      const start = number * plan.barTicks
      const random = stream(plan.seed, 'drums', take, 'bar', number)
      const isEnd = plan.hasEnding && number === plan.bars - 1
      const texts = isEnd
        ? new Map<DrumVoice, string>([['kick', `X${'.'.repeat(slots - 1)}`]])
        : barTexts(plan, section, bar, take)
      const size = isEnd ? 'none' : fillSize(plan, section, bar, take)
      const fill =
        size === 'none'
          ? null
          : fillOf(
              plan,
              section,
              size,
              slots,
              stream(plan.seed, 'drums', take, 'fill', section.kind, bar, section.repeat),
            )
      for (const [voice, text] of texts) {
        for (const hit of hitsOf(text)) {
          if (fill !== null && hit.slot >= fill.from && fill.silences(voice)) continue
          const velocity = velocityOf(genre, voice, hit.mark, hit.slot, slots, section.energy, random)
          notes.push({
            tick: start + slotTick(genre.grid, hit.slot),
            length: lengths[voice] ?? 120,
            pitch: drumKeys[voice],
            velocity,
            voice,
          })
        }
      }
      for (const hit of fill?.hits ?? []) {
        const velocity = Math.round(
          Math.min(122, Math.max(30, hit.velocity * (0.86 + 0.16 * section.energy) + random.gaussian() * 4)),
        )
        notes.push({ tick: start + hit.tick, length: 120, pitch: drumKeys[hit.voice], velocity, voice: hit.voice })
      }
      const crashes = genre.drums.crash && bar === 0 && (section.energy >= 0.65 || isEnd)
      if (crashes || (isEnd && genre.drums.crash)) {
        notes.push({
          tick: start,
          length: 1_920,
          pitch: drumKeys.crash,
          velocity: Math.round(92 + 14 * section.energy),
          voice: 'crash',
        })
      }
    }
  }
  return notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch)
}

/** Ticks of the kicks, what the bass locks to. */
export const kicksOf = (drums: readonly PartNote[]): number[] =>
  drums.filter((note) => note.voice === 'kick').map((note) => note.tick)
