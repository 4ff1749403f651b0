// The melody: motifs in phrases of four bars. A bar's rhythm and steps come back transposed to the chord of their
// new place; phrases end on a long note or a rest; a section comes back with the tune it had. Interval weights are
// those measured in sung pop melodies (POP909). Leaves out timing.

import { around, at } from '../lists.ts'
import { type Random, stream } from '../random/streams.ts'
import { harmonicMode, scalePitchClasses, tonicPitchClass } from '../theory/key.ts'
import { mod12 } from '../theory/pitch.ts'
import { rhythmsOf } from './melody-rhythms.ts'
import { monophonic, type PartNote } from './part-note.ts'
import { cellSlots, cellTicks, hitsOf } from './pattern.ts'
import { chordAt, type Plan, type PlannedSection } from './plan.ts'

/** How often a melody moves by so many semitones, in percent. */
const intervalWeights = [22, 8, 36, 14, 5, 6, 0.2, 4, 0.8, 0.7, 0.3, 0.2, 0.6] as const

/** Places of the scale a melody may use, rising. */
interface Ladder {
  readonly pitches: readonly number[]
  index(pitch: number): number
}

function ladderOf(plan: Plan): Ladder {
  const [low, high] = plan.genre.melody.range
  const key = {
    ...plan.key,
    mode:
      plan.key.mode.includes('pentatonic') || plan.key.mode === 'blues' ? plan.key.mode : harmonicMode(plan.key.mode),
  }
  const classes = new Set(
    plan.genre.melody.blues === true
      ? [0, 3, 5, 6, 7, 10].map((step) => mod12(tonicPitchClass(plan.key) + step))
      : scalePitchClasses(key),
  )
  const pitches: number[] = []
  for (let pitch = low; pitch <= high; pitch += 1) if (classes.has(mod12(pitch))) pitches.push(pitch)
  return {
    pitches,
    index: (pitch) =>
      pitches.reduce(
        (best, other, index) => (Math.abs(other - pitch) < Math.abs(at(pitches, best) - pitch) ? index : best),
        0,
      ),
  }
}

interface BarTune {
  readonly rhythm: string
  readonly pitches: readonly number[]
}

/** How strongly a slot wants a chord tone. */
const stress = (slot: number, slots: number, beat: number): 'start' | 'beat' | 'off' =>
  slot % slots === 0 ? 'start' : slot % beat === 0 ? 'beat' : 'off'

interface Singer {
  readonly plan: Plan
  readonly ladder: Ladder
  readonly random: Random
  last: number | null
  lastMove: number
  repeats: number
}

function chordClasses(plan: Plan, tick: number): Set<number> {
  const { chord } = chordAt(plan, tick)
  return new Set(
    chord === null ? [] : chord.intervals.filter((step) => step < 12).map((step) => mod12(chord.root + step)),
  )
}

/** The next pitch by the weights of interval, chord, height and what leaps ask for. */
function choose(singer: Singer, tick: number, place: 'start' | 'beat' | 'off', wish: number): number {
  const { ladder, random, last } = singer
  const tones = chordClasses(singer.plan, tick)
  const choices = ladder.pitches.map((pitch): [number, number] => {
    const move = last === null ? 0 : pitch - last
    const size = Math.abs(move)
    if (size > 12) return [pitch, 0]
    let weight = last === null ? 10 : at(intervalWeights, size)
    const isTone = tones.has(mod12(pitch))
    if (!isTone) weight *= place === 'start' ? 0.0003 : place === 'beat' ? 0.3 : 0.9
    const far = (pitch - wish) / 6
    weight /= 1 + far * far
    // What leapt comes back.
    const leapt = Math.abs(singer.lastMove)
    if (leapt >= 5 && move * singer.lastMove < 0) weight *= leapt >= 7 ? 8 : 3
    else if (leapt >= 5) weight *= move === 0 ? 0.25 : 0.06
    if (size === 0 && singer.repeats >= 2) weight *= 0.05
    return [pitch, weight]
  })
  return random.weighted(choices)
}

function sing(singer: Singer, pitch: number): void {
  const move = singer.last === null ? 0 : pitch - singer.last
  singer.repeats = move === 0 ? singer.repeats + 1 : 0
  singer.lastMove = move
  singer.last = pitch
}

/** The nearest place of the ladder that is a tone of the chord. */
function toChord(singer: Singer, tick: number, pitch: number): number {
  const tones = chordClasses(singer.plan, tick)
  const { pitches } = singer.ladder
  const near = [...pitches].sort((a, b) => Math.abs(a - pitch) - Math.abs(b - pitch))
  return near.find((other) => tones.has(mod12(other)) && Math.abs(other - pitch) <= 5) ?? pitch
}

function newBar(singer: Singer, rhythm: string, start: number, wish: (slot: number) => number): BarTune {
  const slots = cellSlots(singer.plan.barTicks)
  const step = cellTicks(singer.plan.barTicks)
  const beat = singer.plan.pulseTicks / step
  const pitches = hitsOf(rhythm).map((hit) => {
    const pitch = choose(singer, start + hit.slot * step, stress(hit.slot, slots, beat), wish(hit.slot))
    sing(singer, pitch)
    return pitch
  })
  return { rhythm, pitches }
}

/** The steps of a bar again from a place where they fit the new chord. */
function restated(singer: Singer, tune: BarTune, start: number, wish: number): BarTune {
  const { ladder, random, plan } = singer
  const slots = cellSlots(plan.barTicks)
  const step = cellTicks(plan.barTicks)
  const beat = plan.pulseTicks / step
  const hits = hitsOf(tune.rhythm)
  const [first] = tune.pitches
  if (first === undefined) return tune
  const from = singer.last ?? first
  const anchor = toChord(
    singer,
    start + at(hits, 0).slot * step,
    Math.abs(first - from) <= 7 ? (first + wish) / 2 : (from + wish) / 2,
  )
  const near =
    Math.abs(anchor - from) >= 7
      ? toChord(singer, start + at(hits, 0).slot * step, from + (anchor > from ? 3 : -3))
      : anchor
  const shift = ladder.index(near) - ladder.index(first)
  const pitches = hits.map((hit, index) => {
    const place = Math.min(ladder.pitches.length - 1, Math.max(0, ladder.index(at(tune.pitches, index)) + shift))
    let pitch = at(ladder.pitches, place)
    const where = stress(hit.slot, slots, beat)
    const wants = where === 'start' ? 0.97 : where === 'beat' ? 0.6 : 0
    if (!chordClasses(plan, start + hit.slot * step).has(mod12(pitch)) && random.chance(wants))
      pitch = toChord(singer, start + hit.slot * step, pitch)
    if (singer.last !== null && Math.abs(pitch - singer.last) > 12)
      pitch = toChord(singer, start + hit.slot * step, singer.last)
    // After a leap the other way, whatever the motif did: by a step, on a bar's start to a tone of the chord.
    const isOnwards = singer.last !== null && (pitch - singer.last) * singer.lastMove >= 0
    if (singer.last !== null && Math.abs(singer.lastMove) >= 7 && isOnwards) {
      const way = singer.lastMove > 0 ? -1 : 1
      const stepped = ladder.pitches[ladder.index(singer.last) + way] ?? pitch
      pitch = where === 'start' ? toChord(singer, start + hit.slot * step, singer.last + way * 3) : stepped
    }
    sing(singer, pitch)
    return pitch
  })
  return { rhythm: tune.rhythm, pitches }
}

/** The tune of a kind of section as long as it is. */
function tuneOf(plan: Plan, section: PlannedSection, take: string): BarTune[] {
  const { genre, seed } = plan
  const random = stream(seed, 'melody', take, section.kind)
  const rhythms = rhythmsOf(genre.melody.style, `${plan.meter.numerator}/${plan.meter.denominator}`)
  const ladder = ladderOf(plan)
  const [low, high] = genre.melody.range
  // A chorus lies a third to a fourth higher.
  const centre = (low + high) / 2 + (section.energy >= 0.9 ? 2 : -2.5)
  const cells = random.shuffled(rhythms.cells)
  const ends = random.shuffled(rhythms.ends)
  const singer: Singer = { plan, ladder, random, last: null, lastMove: 0, repeats: 0 }
  const bars: BarTune[] = []
  const peak = random.pick([1, 2, 5])
  for (let bar = 0; bar < section.bars; bar += 1) {
    const start = (section.startBar + bar) * plan.barTicks
    const inPhrase = bar % 4
    const arch = bar % 8 === peak ? 7 : at([-2, 1.5, 1, -5], inPhrase)
    const wish = (): number => centre + arch
    const isEnd = inPhrase === 3 || bar === section.bars - 1
    const phrase = Math.floor(bar / 4)
    if (phrase > 0 && !isEnd) {
      const source = at(bars, bar - 4)
      // A blues says its line again over whatever comes under it.
      const isSame = sameChords(plan, start, start - plan.barTicks * 4)
      bars.push(
        (isSame || genre.melody.blues === true) && phrase % 2 === 1 && inPhrase < 2
          ? repeated(singer, source)
          : restated(singer, source, start, wish()),
      )
      continue
    }
    if (inPhrase === 2 && bars.length >= 2 && random.chance(0.65)) {
      bars.push(restated(singer, at(bars, bar - 2), start, wish()))
      continue
    }
    const rhythm = isEnd ? around(ends, phrase) : around(cells, inPhrase)
    const tune = newBar(singer, rhythm, start, wish)
    bars.push(isEnd ? cadence(singer, tune, start, phrase % 2 === 1 || bar === section.bars - 1) : tune)
  }
  return bars
}

function repeated(singer: Singer, tune: BarTune): BarTune {
  for (const pitch of tune.pitches) sing(singer, pitch)
  return tune
}

function sameChords(plan: Plan, a: number, b: number): boolean {
  for (let tick = 0; tick < plan.barTicks; tick += plan.pulseTicks) {
    if (chordAt(plan, a + tick).chord?.symbol !== chordAt(plan, b + tick).chord?.symbol) return false
  }
  return true
}

/** The last note comes to rest: on the chord, and when a sentence closes on tonic, third or fifth of the key. */
function cadence(singer: Singer, tune: BarTune, start: number, closes: boolean): BarTune {
  const { plan } = singer
  const hits = hitsOf(tune.rhythm)
  const last = tune.pitches.length - 1
  if (last < 0) return tune
  const tick = start + at(hits, last).slot * cellTicks(plan.barTicks)
  const near = tune.pitches[last - 1] ?? singer.last ?? at(tune.pitches, last)
  const tonic = tonicPitchClass(plan.key)
  const tones = chordClasses(plan, tick)
  const home = [0, 3, 4, 7].map((step) => mod12(tonic + step))
  const within = (most: number, is: (pitch: number) => boolean): number[] =>
    singer.ladder.pitches.filter((pitch) => Math.abs(pitch - near) <= most && is(pitch))
  const isTone = (pitch: number): boolean => tones.has(mod12(pitch))
  const isHome = (pitch: number): boolean => home.includes(mod12(pitch))
  // Where the chord has no tone of home, a tone of home that does not rub against it.
  const isClear = (pitch: number): boolean => [...tones].every((tone) => ![1, 11].includes(mod12(pitch - tone)))
  const wishes = closes
    ? [
        within(7, (pitch) => isTone(pitch) && isHome(pitch)),
        within(7, (pitch) => isHome(pitch) && isClear(pitch)),
        within(12, isHome),
      ]
    : [within(7, isTone)]
  const choice = [...(wishes.find((list) => list.length > 0) ?? [])].sort(
    (a, b) => Math.abs(a - near) - Math.abs(b - near),
  )[0]
  if (choice === undefined) return tune
  sing(singer, choice)
  return { rhythm: tune.rhythm, pitches: [...tune.pitches.slice(0, last), choice] }
}

/** All notes of the melody; silent where a section is too quiet for it. */
export function composeMelody(plan: Plan, take = '0'): PartNote[] {
  const step = cellTicks(plan.barTicks)
  const tunes = new Map<string, BarTune[]>()
  const notes: PartNote[] = []
  for (const section of plan.sections) {
    if (section.energy < (plan.genre.melody.from ?? 0.6)) continue
    const name = `${section.kind}/${section.bars}`
    const tune = tunes.get(name) ?? tuneOf(plan, section, take)
    tunes.set(name, tune)
    // A verse that comes again lets its last phrase go another way.
    const isVaried = section.repeat > 0 && section.energy < 0.9
    const bars = isVaried
      ? [...tune.slice(0, -4), ...tuneOf(plan, section, `${take}/${section.repeat}`).slice(-4)]
      : tune
    const dynamics = stream(plan.seed, 'melody', take, 'dynamics', section.index)
    bars.forEach(({ rhythm, pitches }, bar) => {
      const start = (section.startBar + bar) * plan.barTicks
      hitsOf(rhythm).forEach((hit, index) => {
        // Phrases swell to their third bar.
        const arc = at([-3, 1, 5, -2], bar % 4)
        const beat = (hit.slot * step) % plan.pulseTicks === 0 ? 4 : 0
        const velocity = Math.round(
          Math.min(120, Math.max(50, 82 + arc + beat + 10 * (section.energy - 0.7) + dynamics.gaussian() * 5)),
        )
        notes.push({
          tick: start + hit.slot * step,
          length: Math.max(100, hit.slots * step - 30),
          pitch: at(pitches, index),
          velocity,
        })
      })
    })
  }
  return withoutJumps(monophonic(notes), plan.pulseTicks)
}

/** Where two phrases meet there may be more than an octave between them: the second begins an octave nearer. */
function withoutJumps(notes: readonly PartNote[], pulse: number): PartNote[] {
  const list: PartNote[] = []
  for (const note of notes) {
    const before = list.at(-1)
    const gap = before === undefined ? Infinity : note.tick - before.tick - before.length
    const jump = before === undefined ? 0 : note.pitch - before.pitch
    list.push(gap < pulse * 1.5 && Math.abs(jump) > 12 ? { ...note, pitch: note.pitch - (jump > 0 ? 12 : -12) } : note)
  }
  return list
}
