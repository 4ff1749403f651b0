// Voice leading: for each chord all voicings that a style allows, and by Viterbi the way through them that moves
// least, avoids parallel fifths and octaves, and comes round to its beginning.

import type { VoicingStyle } from '../genres/types.ts'
import { at, sum } from '../lists.ts'
import type { Chord } from '../theory/chord.ts'
import { mod12 } from '../theory/pitch.ts'

/** Rising MIDI pitches, always as many as the style has voices. */
export type Voicing = readonly number[]

interface StyleRules {
  readonly voices: number
  readonly low: number
  readonly high: number
  readonly middle: number
  /** Weight of parallel fifths and octaves. */
  readonly parallels: number
}

const rules: Readonly<Record<VoicingStyle, StyleRules>> = {
  close: { voices: 4, low: 50, high: 76, middle: 62, parallels: 3 },
  drop2: { voices: 4, low: 50, high: 77, middle: 63, parallels: 3 },
  rootless: { voices: 4, low: 50, high: 76, middle: 61, parallels: 3 },
  spread: { voices: 4, low: 48, high: 79, middle: 63, parallels: 60 },
  stab: { voices: 3, low: 53, high: 76, middle: 64, parallels: 1 },
  power: { voices: 3, low: 40, high: 64, middle: 49, parallels: 0 },
}

/** So many of the best voicings of a chord take part. */
const BEST = 36

/** Pitch classes a voicing must have, and those it may. */
function tonesOf(chord: Chord, style: VoicingStyle): { must: number[]; may: number[] } {
  const classes = (steps: readonly number[]): number[] =>
    steps.filter((step) => chord.intervals.includes(step)).map((step) => mod12(chord.root + step))
  const third = classes([3, 4, 2, 5]).slice(0, 1)
  // A diminished seventh is 9; so is a sixth, which is as characteristic.
  const seventh = classes([10, 11, 9]).slice(0, 1)
  const colour = classes([13, 14, 15, 18, 20, 21])
  const altered = chord.intervals.some((step) => step === 6 || step === 8) ? classes([6, 8]) : []
  const rest = chord.intervals.map((step) => mod12(chord.root + step))
  // Without a third to say so, a chord of root and fifth needs both.
  const must = [...new Set([...third, ...seventh, ...altered, ...colour.slice(0, 1)])]
  if (third.length === 0) must.push(...classes([0, 7]))
  const isPlain = chord.intervals.length <= 3
  if (isPlain) must.push(mod12(chord.root), ...classes([7, 6, 8]))
  if (style === 'rootless' && !isPlain)
    return {
      must: [...new Set(must)].slice(0, 4),
      may: rest.filter((tone) => tone !== mod12(chord.root) || rest.length < 5),
    }
  return { must: [...new Set(must)].slice(0, 4), may: rest }
}

function isAllowed(voicing: Voicing, style: VoicingStyle): boolean {
  const span = at(voicing, voicing.length - 1) - at(voicing, 0)
  if (span > 19 || span < 5) return false
  for (let index = 1; index < voicing.length; index += 1) {
    const gap = at(voicing, index) - at(voicing, index - 1)
    if (gap > 9 || (gap < 3 && at(voicing, index - 1) < 55) || gap < 1) return false
    if (gap === 1 && index === voicing.length - 1) return false
  }
  return style !== 'spread' || span >= 12
}

const nameOf = (chord: Chord, style: VoicingStyle): string => `${style}/${chord.root}/${chord.intervals.join('.')}`

/** At most one entry for each style, root and kind of chord. */
const cache = new Map<string, readonly Voicing[]>()

function candidates(chord: Chord, style: VoicingStyle): readonly Voicing[] {
  const key = nameOf(chord, style)
  const known = cache.get(key)
  if (known !== undefined) return known
  const { voices, low, high, middle } = rules[style]
  if (style === 'power') {
    const root = low + mod12(chord.root - low)
    const fifth = chord.intervals.includes(6) && !chord.intervals.includes(7) ? 6 : 7
    const list = [root, root + 12]
      .filter((pitch) => pitch + 12 <= high)
      .map((pitch) => [pitch, pitch + fifth, pitch + 12])
    cache.set(key, list)
    return list
  }
  const { must, may } = tonesOf(chord, style)
  const tones = new Set([...must, ...may])
  const pitches: number[] = []
  for (let pitch = low; pitch <= high; pitch += 1) if (tones.has(mod12(pitch))) pitches.push(pitch)
  const found: { voicing: Voicing; cost: number }[] = []
  const grow = (from: number, chosen: number[]): void => {
    if (chosen.length === voices) {
      const classes = new Set(chosen.map(mod12))
      if (!must.every((tone) => classes.has(tone)) || !isAllowed(chosen, style)) return
      const centre = sum(chosen) / voices
      const doubled = voices - classes.size
      found.push({
        voicing: [...chosen],
        cost:
          Math.abs(centre - middle) +
          doubled * (must.length >= voices - 1 ? 1 : 2) +
          (style === 'drop2' ? dropCost(chosen) : 0),
      })
      return
    }
    for (let index = from; index < pitches.length; index += 1) {
      const pitch = at(pitches, index)
      const last = chosen.at(-1)
      if (last !== undefined && pitch - last > 9) break
      grow(index + 1, [...chosen, pitch])
    }
  }
  grow(0, [])
  const list = found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, BEST)
    .map((entry) => entry.voicing)
  cache.set(key, list)
  return list
}

/** Drop-2 is open below and close above. */
const dropCost = (voicing: Voicing): number => (at(voicing, 1) - at(voicing, 0) >= 5 ? 0 : 2)

/** Pairs of voices that move the same way and stay a fifth or octave apart. */
export function parallelsBetween(from: Voicing, to: Voicing): { parallel: number; moving: number } {
  let parallel = 0
  let moving = 0
  for (let low = 0; low < from.length; low += 1) {
    const lowFrom = from[low] ?? 0
    const lowMove = (to[low] ?? 0) - lowFrom
    if (lowMove === 0) continue
    for (let high = low + 1; high < from.length; high += 1) {
      const highFrom = from[high] ?? 0
      const highMove = (to[high] ?? 0) - highFrom
      if (highMove === 0) continue
      moving += 1
      const before = (highFrom - lowFrom) % 12
      // The same distance after the same move in the same direction, or an octave more.
      const isKept = before === (highFrom + highMove - lowFrom - lowMove) % 12
      if (isKept && (before === 0 || before === 7) && lowMove > 0 === highMove > 0) parallel += 1
    }
  }
  return { parallel, moving }
}

function moveCost(from: Voicing, to: Voicing, style: StyleRules): number {
  let cost = 0
  for (let voice = 0; voice < from.length; voice += 1) {
    const move = Math.abs((to[voice] ?? 0) - (from[voice] ?? 0))
    cost += move + (move > 7 ? 20 : 0)
  }
  const top = Math.abs((to[to.length - 1] ?? 0) - (from[from.length - 1] ?? 0))
  if (top > 4) cost += 2 * (top - 4)
  if (style.parallels > 0 && cost > 0) cost += style.parallels * parallelsBetween(from, to).parallel
  return cost
}

/** Costs between all voicings of two chords, row by row: a progression asks for the same few pairs again and again. */
const pairCosts = new Map<string, Float64Array>()
/** Of 10 KB each. */
const MOST_PAIRS = 400

function costsBetween(from: Step, to: Step, style: VoicingStyle): Float64Array {
  const name = `${from.name}>${to.name}`
  const known = pairCosts.get(name)
  if (known !== undefined) return known
  const costs = new Float64Array(from.list.length * to.list.length)
  let place = 0
  for (const next of to.list) {
    for (const voicing of from.list) {
      costs[place] = moveCost(voicing, next, rules[style])
      place += 1
    }
  }
  if (pairCosts.size >= MOST_PAIRS) pairCosts.clear()
  pairCosts.set(name, costs)
  return costs
}

interface Step {
  readonly index: number
  readonly name: string
  readonly list: readonly Voicing[]
  /** Distance of each voicing from the middle of the register. */
  readonly far: readonly number[]
}

/**
 * A voicing for each chord, none for a rest. The way is found for the progression twice round, and the second
 * round is the answer: so its beginning follows from its end, as in a loop it must.
 */
export function leadVoices(chords: readonly (Chord | null)[], style: VoicingStyle): (Voicing | null)[] {
  const { middle } = rules[style]
  const once = chords.flatMap((chord, index): Step[] => {
    if (chord === null) return []
    const list = candidates(chord, style)
    const far = list.map((voicing) => Math.abs(sum(voicing) / voicing.length - middle))
    return list.length === 0 ? [] : [{ index, name: nameOf(chord, style), list, far }]
  })
  const answer: (Voicing | null)[] = chords.map(() => null)
  if (once.length === 0) return answer
  const steps = [...once, ...once]
  const back: number[][] = []
  let costs = at(steps, 0).far.map((far) => far * 0.5)
  for (let step = 1; step < steps.length; step += 1) {
    const from = at(steps, step - 1)
    const to = at(steps, step)
    const moves = costsBetween(from, to, style)
    const links: number[] = []
    costs = to.far.map((far, next) => {
      let best = 0
      let lowest = Infinity
      const row = next * from.list.length
      for (let index = 0; index < from.list.length; index += 1) {
        const total = (costs[index] ?? 0) + (moves[row + index] ?? 0)
        if (total < lowest) {
          lowest = total
          best = index
        }
      }
      links.push(best)
      return lowest + far * 0.15
    })
    back.push(links)
  }
  let choice = costs.indexOf(Math.min(...costs))
  for (let step = steps.length - 1; step >= steps.length / 2; step -= 1) {
    const { index, list } = at(steps, step)
    answer[index] = at(list, choice)
    choice = at(at(back, step - 1), choice)
  }
  return answer
}
