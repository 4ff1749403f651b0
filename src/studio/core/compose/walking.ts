// A walking bass: the root where the chord changes, chord tones and scale steps between, a semitone or a fifth into
// the next root. Its direction turns about every two bars.

import { at } from '../lists.ts'
import { harmonicMode, scalePitchClasses } from '../theory/key.ts'
import { mod12 } from '../theory/pitch.ts'
import type { BassBar } from './bass.ts'

type Step = { readonly at: number; readonly length: number; readonly pitch: number; readonly velocity: number }

export function walkingBar(bar: BassBar): Step[] {
  const { plan, random } = bar
  const [low, high] = plan.genre.bass.range
  const pulses = Math.round(plan.barTicks / plan.pulseTicks)
  const rising = Math.floor(bar.bar / 2) % 2 === (random.chance(0.8) ? 0 : 1)
  const scale = scalePitchClasses({ ...plan.key, mode: harmonicMode(plan.key.mode) })
  const notes: Step[] = []
  let previous = bar.root(0)
  for (let pulse = 0; pulse < pulses; pulse += 1) {
    const tick = pulse * plan.pulseTicks
    const { chord, tick: chordTick } = bar.chord(tick)
    const isNew = pulse === 0 || chordTick === bar.start + tick
    let pitch = previous
    if (isNew) pitch = bar.root(tick)
    else if (pulse === pulses - 1) {
      const target = bar.root(plan.barTicks)
      const fifth = target + 7 <= high ? target + 7 : target - 5
      pitch = random.weighted([
        [bar.approach(true), 5],
        [bar.approach(false), 3],
        [fifth, 2],
      ])
    } else {
      const tones = chord === null ? [] : chord.intervals.map((step) => mod12(chord.root + step))
      const candidates: [number, number][] = []
      for (let step = 1; step <= 5; step += 1) {
        const next = previous + (rising ? step : -step)
        if (next < low || next > high) continue
        const isTone = tones.includes(mod12(next))
        if (isTone) candidates.push([next, step <= 4 ? 6 : 2])
        else if (scale.includes(mod12(next)) && step <= 2) candidates.push([next, 2])
      }
      pitch = candidates.length > 0 ? random.weighted(candidates) : bar.tone(tick, random.pick([0, 1, 2] as const))
    }
    notes.push({ at: tick, length: plan.pulseTicks - 40, pitch, velocity: pulse % 2 === 1 ? 92 : 86 })
    previous = pitch
  }
  // A skip: the same note, off the beat, on the way to the next.
  if (plan.meter.denominator === 4 && random.chance(0.12)) {
    const from = at(notes, random.below(notes.length - 1))
    notes.push({ at: from.at + 480, length: 200, pitch: from.pitch, velocity: 70 })
  }
  return notes.sort((a, b) => a.at - b.at)
}
