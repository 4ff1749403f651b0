// Bars: a meter map turns bar numbers into ticks and back. Bars count from 0 here; people see them from 1.

import { type MeterMark, TICKS_PER_QUARTER } from '../../contract.ts'
import { at } from '../lists.ts'

export interface BarPlace {
  readonly bar: number
  /** Ticks since the bar began. */
  readonly offset: number
  readonly meter: MeterMark
}

export const barTicks = (meter: Pick<MeterMark, 'numerator' | 'denominator'>): number =>
  (meter.numerator * TICKS_PER_QUARTER * 4) / meter.denominator

/** 6/8, 9/8 and 12/8 are felt in groups of three eighths. */
export const isCompound = (meter: Pick<MeterMark, 'numerator' | 'denominator'>): boolean =>
  meter.denominator === 8 && meter.numerator % 3 === 0 && meter.numerator > 3

/** Ticks of what a foot taps: a quarter, or three eighths in compound meters. */
export const pulseTicks = (meter: Pick<MeterMark, 'numerator' | 'denominator'>): number =>
  isCompound(meter) ? (TICKS_PER_QUARTER * 3) / 2 : (TICKS_PER_QUARTER * 4) / meter.denominator

function ordered(map: readonly MeterMark[]): MeterMark[] {
  const marks = [...map].sort((a, b) => a.tick - b.tick)
  const [first] = marks
  if (first === undefined) return [{ tick: 0, numerator: 4, denominator: 4 }]
  return [{ ...first, tick: 0 }, ...marks.slice(1)]
}

/** A change of meter inside a bar cuts that bar short, as sequencers do. */
export function placeOf(map: readonly MeterMark[], tick: number): BarPlace {
  const marks = ordered(map)
  let bar = 0
  for (let index = 0; index < marks.length; index += 1) {
    const meter = at(marks, index)
    const end = marks[index + 1]?.tick ?? Infinity
    const length = barTicks(meter)
    if (tick < end) {
      const into = Math.floor((tick - meter.tick) / length)
      return { bar: bar + into, offset: tick - meter.tick - into * length, meter }
    }
    bar += Math.ceil((end - meter.tick) / length)
  }
  return { bar, offset: 0, meter: at(marks, marks.length - 1) }
}

/** The tick at which a bar begins. */
export function tickOfBar(map: readonly MeterMark[], bar: number): number {
  const marks = ordered(map)
  let passed = 0
  for (let index = 0; index < marks.length; index += 1) {
    const meter = at(marks, index)
    const end = marks[index + 1]?.tick ?? Infinity
    const bars = Math.ceil((end - meter.tick) / barTicks(meter))
    if (bar < passed + bars) return meter.tick + (bar - passed) * barTicks(meter)
    passed += bars
  }
  return 0
}
