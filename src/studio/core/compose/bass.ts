// The bass: a family of lines for each kind of music, over the chords and, where the style locks to it, the kick.
// Monophonic; 28 to 52 and mostly 31 to 45. Leaves out timing.

import type { BassFamily } from '../genres/types.ts'
import { at } from '../lists.ts'
import { type Random, stream } from '../random/streams.ts'
import { harmonicMode, scalePitchClasses } from '../theory/key.ts'
import { mod12 } from '../theory/pitch.ts'
import { monophonic, type PartNote } from './part-note.ts'
import { chordAt, type Plan, type PlannedChord, type PlannedSection, sectionOfBar } from './plan.ts'
import { walkingBar } from './walking.ts'

/** What a family knows of one bar. */
export interface BassBar {
  readonly plan: Plan
  readonly section: PlannedSection
  readonly bar: number
  readonly start: number
  readonly random: Random
  /** Kicks of the bar, ticks from its start, on the straight grid. */
  readonly kicks: readonly number[]
  readonly chord: (tick: number) => PlannedChord
  /** A chord tone near the middle of the range: 0 root, 1 third, 2 fifth, 3 seventh. */
  readonly tone: (tick: number, which: 0 | 1 | 2 | 3) => number
  /** The chord's bass note. */
  readonly root: (tick: number) => number
  /** Root an octave up when the range has it. */
  readonly octave: (tick: number) => number
  /** A scale neighbour or, where allowed, a semitone below or above the next bar's root. */
  readonly approach: (chromatic: boolean) => number
}

interface BassNote {
  readonly at: number
  readonly length: number
  readonly pitch: number
  readonly velocity: number
}

const S = 240
/** A text of slots in sixteenths: r root, R accented root, f fifth, o octave, s seventh, t third, p pickup. */
function line(bar: BassBar, text: string, gate = 0.9): BassNote[] {
  const notes: BassNote[] = []
  for (let slot = 0; slot < text.length; slot += 1) {
    const mark = at(text, slot)
    if (mark === '.' || mark === '-') continue
    let end = slot + 1
    while (text[end] === '-') end += 1
    const tick = slot * S
    const pitch =
      mark === 'f'
        ? bar.tone(tick, 2)
        : mark === 't'
          ? bar.tone(tick, 1)
          : mark === 's'
            ? bar.tone(tick, 3)
            : mark === 'o'
              ? bar.octave(tick)
              : mark === 'p'
                ? bar.approach(false)
                : bar.root(tick)
    notes.push({
      at: tick,
      length: Math.round((end - slot) * S * gate),
      pitch,
      velocity: mark === 'R' || slot % 4 === 0 ? 94 : 82,
    })
  }
  return notes
}

function kickLocked(bar: BassBar): BassNote[] {
  const { plan, random } = bar
  const kicks = bar.kicks.length === 0 ? [0] : bar.kicks[0] === 0 ? bar.kicks : [0, ...bar.kicks]
  const notes = kicks.map((tick, index) => {
    const next = kicks[index + 1] ?? plan.barTicks
    const length = Math.max(S, Math.min(next - tick - (next === plan.barTicks ? 0 : S / 2), plan.pulseTicks * 1.5))
    const isColour = index > 0 && random.chance(0.25)
    const pitch = isColour ? (random.chance(0.6) ? bar.tone(tick, 2) : bar.octave(tick)) : bar.root(tick)
    return { at: tick, length, pitch, velocity: tick % plan.pulseTicks === 0 ? 94 : 84 }
  })
  const pickup = plan.barTicks - S * 2
  const isFree = kicks.every((tick) => Math.abs(tick - pickup) >= S * 2)
  const isMoving = bar.root(plan.barTicks) !== bar.root(pickup)
  return isFree && isMoving && random.chance(0.4)
    ? [...notes, { at: pickup, length: S * 2, pitch: bar.approach(false), velocity: 80 }]
    : notes
}

function eighths(bar: BassBar): BassNote[] {
  const count = Math.round(bar.plan.barTicks / (S * 2))
  const walks = bar.random.chance(0.3) && bar.root(bar.plan.barTicks) !== bar.root(0)
  return Array.from({ length: count }, (_, index) => {
    const tick = index * S * 2
    const isLast = index === count - 1
    return {
      at: tick,
      length: S * 2 - 30,
      pitch: isLast && walks ? bar.approach(false) : bar.root(tick),
      velocity: index % 2 === 0 ? 96 : 84,
    }
  })
}

function slide808(bar: BassBar): BassNote[] {
  const kicks = bar.kicks.length === 0 ? [0] : bar.kicks
  return kicks.map((tick, index) => {
    const next = kicks[index + 1] ?? bar.plan.barTicks
    const isLast = index === kicks.length - 1 && index > 0
    const slides = isLast && bar.random.chance(0.3)
    return {
      at: tick,
      length: Math.max(S, next - tick - 20),
      pitch: slides ? bar.octave(tick) : bar.root(tick),
      velocity: tick === 0 ? 108 : 98,
    }
  })
}

function twoFeel(bar: BassBar): BassNote[] {
  const { plan, random } = bar
  const pulses = Math.round(plan.barTicks / plan.pulseTicks)
  const second = pulses === 4 ? plan.pulseTicks * 2 : pulses === 2 ? plan.pulseTicks : 0
  const hasNewChord = second > 0 && bar.chord(second).tick !== bar.chord(0).tick
  const notes: BassNote[] = [{ at: 0, length: (second || plan.barTicks) - 60, pitch: bar.root(0), velocity: 94 }]
  if (second > 0)
    notes.push({
      at: second,
      length: plan.barTicks - second - 60,
      pitch: hasNewChord ? bar.root(second) : bar.tone(second, 2),
      velocity: 86,
    })
  const last = plan.barTicks - (pulses === 2 || plan.barTicks === 5_760 ? S * 2 : plan.pulseTicks)
  if (last > second && random.chance(0.35))
    notes.push({ at: last, length: plan.barTicks - last - 40, pitch: bar.approach(false), velocity: 82 })
  return notes
}

/** Riffs of a family; each kind of section keeps one. */
const riffs: Partial<Record<BassFamily, readonly string[]>> = {
  octaves: ['r-orr-orr-orr-or', 'r-r-r-o-r-r-r-op', 'r-rrr-o-r-rrr-o-'],
  off_beat: ['..r-..r-..r-..r-', '..r-..r-..o-..r.', '..r...rr..r...rf', 'R..r..r-..r-..r-'],
  rolling: ['.rrr.rrr.rrr.rrr', '.rrr.rro.rrr.rrf', '.r.r.rrr.r.r.rro'],
  sub: ['r---------f-----', 'r---------------', 'r-----r---f-----'],
  funk: ['R..s.o.r..fr..s.', 'R--.o..r..os..f.', 'R.r....s.or...s.', 'R..r..s.o.....fs'],
  motown: ['R--rf-o-..rf-rp-', 'R-..r-f-s-..f-p-', 'R--f..o-r--f..p-'],
  bossa: ['r-----f-f-----f-', 'r-----r-f-----f-'],
  samba: ['r--rf---f--fr---', 'r--rf--ff--fr--r'],
  reggae: ['R-..r-t-f-..f-..', '....r-r-t-f-..r-', 'R---..r-..f-t-..', '..r-r-..f---t-..'],
  afrobeat: ['R.r...f.s.o...s.', '..r.o...f.s...r.', 'R..r..o...s.f...'],
  log_drum: ['r..r..f...o..ro.', 'r..o..r...f..or.', 'r--r--r...o-.fo-'],
}

/** At .5 and 2 beats before the bar's end the next chord is played already. */
function tumbao(bar: BassBar): BassNote[] {
  const next = bar.plan.barTicks
  const isFirst = bar.bar === bar.section.startBar
  const notes: BassNote[] = [
    {
      at: S * 6,
      length: S * 6 - 40,
      pitch: bar.random.chance(0.7) ? bar.tone(S * 6, 2) : bar.octave(S * 6),
      velocity: 90,
    },
    { at: S * 12, length: S * 4, pitch: bar.root(next), velocity: 98 },
  ]
  return isFirst ? [{ at: 0, length: S * 5, pitch: bar.root(0), velocity: 96 }, ...notes] : notes
}

function family(bar: BassBar, name: BassFamily): BassNote[] {
  switch (name) {
    case 'kick_locked':
      return kickLocked(bar)
    case 'eighths':
      return eighths(bar)
    case 'slide_808':
      return slide808(bar)
    case 'walking':
      return walkingBar(bar)
    case 'two_feel':
      return twoFeel(bar)
    case 'tumbao':
      return tumbao(bar)
    case 'pedal':
      return [{ at: 0, length: bar.plan.barTicks - 20, pitch: bar.root(0), velocity: 76 }]
    case 'octaves':
    case 'off_beat':
    case 'rolling':
    case 'sub':
    case 'funk':
    case 'motown':
    case 'bossa':
    case 'samba':
    case 'reggae':
    case 'afrobeat':
    case 'log_drum': {
      const list = riffs[name] ?? ['r---------------']
      const { plan, section } = bar
      const order = stream(plan.seed, 'bass', 'riff', section.energy >= 0.95 ? 'peak' : 'base').shuffled(list)
      // The riff, and every fourth bar its neighbour: repeated enough to be one.
      const text = (bar.bar - section.startBar) % 4 === 3 ? (order[1] ?? at(order, 0)) : at(order, 0)
      return line(
        bar,
        text,
        name === 'funk' || name === 'rolling' ? 0.7 : name === 'sub' || name === 'reggae' ? 0.96 : 0.86,
      )
    }
  }
}

/** The pitch of a class in the range that is nearest to a wish. */
function nearest(pitchClass: number, [low, high]: readonly [number, number], wish: number): number {
  let best = low + mod12(pitchClass - low)
  for (let pitch = best; pitch <= high; pitch += 12) if (Math.abs(pitch - wish) < Math.abs(best - wish)) best = pitch
  return best
}

/** The whole line. `kicks` are ticks in song time on the straight grid. */
export function composeBass(plan: Plan, kicks: readonly number[], take = '0'): PartNote[] {
  const { range, family: name } = plan.genre.bass
  const middle = Math.min(38, (range[0] + range[1]) / 2 - 1)
  const chordOf = (tick: number): PlannedChord => chordAt(plan, Math.min(tick, plan.bars * plan.barTicks - 1))
  const scale = scalePitchClasses({ ...plan.key, mode: harmonicMode(plan.key.mode) })
  const root = (tick: number): number => nearest(chordOf(tick).chord?.bass ?? 0, range, middle)
  const notes: PartNote[] = []
  for (let bar = 0; bar < plan.bars; bar += 1) {
    const start = bar * plan.barTicks
    const section = sectionOfBar(plan, bar)
    if (section.energy < (plan.genre.bass.from ?? (name === 'pedal' ? 0 : 0.5))) {
      const isLastBar = plan.hasEnding && bar === plan.bars - 1
      if (!isLastBar) continue
    }
    const random = stream(plan.seed, 'bass', take, bar)
    const context: BassBar = {
      plan,
      section,
      bar,
      start,
      random,
      kicks: kicks.filter((tick) => tick >= start && tick < start + plan.barTicks).map((tick) => tick - start),
      chord: (tick) => chordOf(start + tick),
      root: (tick) => root(start + tick),
      octave(tick) {
        const low = root(start + tick)
        return low + 12 <= range[1] ? low + 12 : low - 12 >= range[0] ? low - 12 : low
      },
      tone(tick, which) {
        const { chord } = chordOf(start + tick)
        if (chord === null || which === 0) return root(start + tick)
        const steps = { 1: [4, 3, 2, 5], 2: [7, 6, 8], 3: [10, 11, 9] }[which]
        const step = steps.find((wanted) => chord.intervals.includes(wanted)) ?? 7
        return nearest(chord.root + step, range, root(start + tick) + 4)
      },
      approach(chromatic) {
        const target = root(start + plan.barTicks)
        const side = random.chance(0.6) ? -1 : 1
        if (chromatic) return target + side >= range[0] ? target + side : target + 1
        for (const step of [side, side * 2, -side, -side * 2]) {
          const pitch = target + step
          if (pitch >= range[0] && pitch <= range[1] && scale.includes(mod12(pitch))) return pitch
        }
        return target
      },
    }
    const isEnd = plan.hasEnding && bar === plan.bars - 1
    const line = isEnd
      ? [{ at: 0, length: plan.barTicks - 20, pitch: context.root(0), velocity: 92 }]
      : family(context, name)
    for (const note of line) {
      if (chordOf(start + note.at).chord === null || note.at >= plan.barTicks) continue
      const velocity = Math.round(
        Math.min(122, Math.max(40, note.velocity * (0.9 + 0.12 * section.energy) + random.gaussian() * 3.5)),
      )
      const length = Math.max(60, Math.min(note.length, plan.barTicks - note.at))
      notes.push({ tick: start + note.at, length, pitch: note.pitch, velocity })
    }
  }
  return monophonic(notes)
}
