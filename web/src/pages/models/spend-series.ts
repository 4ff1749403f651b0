// The figures of a chart of daily spend: its scale, its bars, its words. Pure.

import type { Budget, Spend, SpendSum } from '#src/llm/contract.ts'
import { cost, plural } from '../../lib/format.ts'

export interface Bar {
  readonly x: number
  readonly width: number
  readonly height: number
}

/** A round figure at or above the greatest value: a few times a power of ten. */
export function niceTop(greatest: number): number {
  if (greatest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(greatest))
  return (
    [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((top) => top >= greatest * (1 - 1e-9)) ?? greatest
  )
}

/** Bars that fill the width, with a gap between them; a day on which something was spent is always to be seen. */
export function bars(values: readonly number[], top: number, width: number, height: number): Bar[] {
  const slot = width / Math.max(1, values.length)
  const gap = slot > 6 ? Math.min(4, slot * 0.25) : slot > 3 ? 1 : 0
  return values.map((value, at) => ({
    x: at * slot + gap / 2,
    width: Math.max(1, slot - gap),
    height: value <= 0 ? 0 : Math.max(2, (value / top) * height),
  }))
}

/** `3 Nov`, of a day as `2026-11-03`, which is a day of UTC. */
export function dayText(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}

/** What the chart says, for who does not see it. */
export function seriesText(days: Spend['days']): string {
  const total = days.reduce((sum, day) => sum + day.costUsd, 0)
  const spent = days.filter((day) => day.costUsd > 0)
  const peak = spent.toSorted((a, b) => b.costUsd - a.costUsd)[0]
  if (peak === undefined) return `Nothing spent in ${plural(days.length, 'day')}.`
  return `${cost(total)} in ${plural(days.length, 'day')}, most on ${dayText(peak.date)} with ${cost(peak.costUsd)}.`
}

/** `null` where there is no limit. */
export function monthShare(month: SpendSum, budget: Budget): number | null {
  return budget.monthlyUsd === null ? null : month.costUsd / budget.monthlyUsd
}

export type Strain = 'fine' | 'near' | 'over'
export const strainOf = (share: number): Strain => (share >= 1 ? 'over' : share >= 0.8 ? 'near' : 'fine')
