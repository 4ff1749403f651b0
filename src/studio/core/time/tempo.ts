// Seconds at the edge: a tempo map turns ticks into time and back. Tempi are quarter notes a minute, as in MIDI,
// whatever the meter. Only here do ticks become seconds.

import { TICKS_PER_QUARTER, type TempoMark } from '../../contract.ts'
import { at } from '../lists.ts'

const secondsPerTick = (bpm: number): number => 60 / (bpm * TICKS_PER_QUARTER)

/** The marks in order of time, with one at 0: what came first counts from the beginning. */
function ordered(map: readonly TempoMark[]): TempoMark[] {
  const marks = [...map].sort((a, b) => a.tick - b.tick)
  const [first] = marks
  return first === undefined ? [{ tick: 0, bpm: 120 }] : [{ ...first, tick: 0 }, ...marks.slice(1)]
}

export function tempoAt(map: readonly TempoMark[], tick: number): number {
  let bpm = at(ordered(map), 0).bpm
  for (const mark of ordered(map)) if (mark.tick <= tick) ({ bpm } = mark)
  return bpm
}

export function secondsAt(map: readonly TempoMark[], tick: number): number {
  let seconds = 0
  let from = { tick: 0, bpm: 120 }
  for (const mark of ordered(map)) {
    if (mark.tick >= tick) break
    seconds += (mark.tick - from.tick) * secondsPerTick(from.bpm)
    from = mark
  }
  return seconds + (tick - from.tick) * secondsPerTick(from.bpm)
}

/** The nearest tick to a moment. */
export function tickAt(map: readonly TempoMark[], seconds: number): number {
  let passed = 0
  let from = { tick: 0, bpm: 120 }
  for (const mark of ordered(map)) {
    const step = (mark.tick - from.tick) * secondsPerTick(from.bpm)
    if (passed + step > seconds) break
    passed += step
    from = mark
  }
  return from.tick + Math.round((seconds - passed) / secondsPerTick(from.bpm))
}
