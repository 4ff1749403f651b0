// A value over time: automation points with their curves, or controller events as steps. Read forwards, once
// per chunk of sound, so a lane keeps its place.

import { clamp, exp2, log2 } from '../maths/index.ts'
import type { AutomationParameter, AutomationPoint, Curve, ScoreTrack } from './score.ts'
import { automationParameters } from './score.ts'

/** Share of the way from one point to the next at share `at` of the time. */
function shape(curve: Curve, at: number): number {
  switch (curve) {
    case 'linear':
      return at
    case 'smooth':
      return at * at * (3 - 2 * at)
    case 'step':
      return 0
    case 'exp':
      // Slow first: 2^0 to 2^5 over the way.
      return (exp2(5 * at) - 1) / 31
    case 'log':
      return log2(1 + 31 * at) / 5
  }
}

export class Lane {
  readonly #points: readonly AutomationPoint[]
  readonly #low: number
  readonly #high: number
  #next = 0

  /** Points need not be sorted; values outside the range are limited to it. */
  constructor(points: readonly AutomationPoint[], range: { readonly low: number; readonly high: number }) {
    this.#points = points.toSorted((a, b) => a.tick - b.tick)
    this.#low = range.low
    this.#high = range.high
  }

  /** Ticks must not go back from call to call. */
  at(tick: number): number {
    const points = this.#points
    while (this.#next < points.length && (points[this.#next] as AutomationPoint).tick <= tick) this.#next++
    const after = points[this.#next]
    const before = points[this.#next - 1]
    if (before === undefined) return clamp(after?.value ?? this.#low, this.#low, this.#high)
    if (after === undefined) return clamp(before.value, this.#low, this.#high)
    const share = shape(before.curve, (tick - before.tick) / (after.tick - before.tick))
    return clamp(before.value + (after.value - before.value) * share, this.#low, this.#high)
  }
}

const controllers: Partial<Record<AutomationParameter, number>> = {
  'Mod Wheel (CC1)': 1,
  'Volume (CC7)': 7,
  'Pan (CC10)': 10,
  'Expression (CC11)': 11,
  'Sustain (CC64)': 64,
  'Filter Cutoff (CC74)': 74,
}

/**
 * The lane of a parameter on a track: its automation, else its controller or bend events as steps that begin
 * at rest, else none.
 */
export function laneOf(track: ScoreTrack, parameter: AutomationParameter): Lane | undefined {
  const range = automationParameters[parameter]
  const automation = track.automation.find((one) => one.parameter === parameter && one.points.length > 0)
  if (automation !== undefined) return new Lane(automation.points, range)
  const controller = controllers[parameter]
  const events =
    parameter === 'Pitch Bend'
      ? track.bends
      : controller === undefined
        ? []
        : track.cc.filter((one) => one.controller === controller)
  if (events.length === 0) return undefined
  const rest: AutomationPoint = { tick: -1, value: range.rest, curve: 'step' }
  return new Lane([rest, ...events.map(({ tick, value }) => ({ tick, value, curve: 'step' as const }))], range)
}
