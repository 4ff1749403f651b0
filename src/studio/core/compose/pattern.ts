// Reading the pattern texts of the genre tables: one character a slot, `-` goes on, anything unknown is a fault of
// the table. Slots become ticks on the straight grid; the third of a triplet stands where swing will find it.

import { TICKS_PER_QUARTER } from '../../contract.ts'
import type { Grid } from '../genres/types.ts'

export interface Hit {
  readonly slot: number
  readonly mark: 'X' | 'o' | 'g' | 'A'
  /** Slots until it ends. */
  readonly slots: number
}

const cache = new Map<string, readonly Hit[]>()

/** The hits of a text, held by its dashes. */
export function hitsOf(pattern: string): readonly Hit[] {
  const known = cache.get(pattern)
  if (known !== undefined) return known
  const hits: Hit[] = []
  for (let slot = 0; slot < pattern.length; slot += 1) {
    const mark = pattern[slot]
    if (mark !== 'X' && mark !== 'o' && mark !== 'g' && mark !== 'A') continue
    let end = slot + 1
    while (pattern[end] === '-') end += 1
    hits.push({ slot, mark, slots: end - slot })
  }
  cache.set(pattern, hits)
  return hits
}

/** Slots of a bar of drums. */
export const slotsOfBar = (grid: Grid, barTicks: number): number =>
  grid === 'triplet'
    ? (barTicks / TICKS_PER_QUARTER) * 3
    : barTicks / (grid === 'eighth' ? TICKS_PER_QUARTER / 2 : TICKS_PER_QUARTER / 4)

/** Where a slot stands before swing. The triplet's three are the beat, its first quarter and its half. */
export function slotTick(grid: Grid, slot: number): number {
  if (grid === 'triplet') return Math.floor(slot / 3) * TICKS_PER_QUARTER + (slot % 3) * (TICKS_PER_QUARTER / 4)
  return slot * (grid === 'eighth' ? TICKS_PER_QUARTER / 2 : TICKS_PER_QUARTER / 4)
}

/** One bar of a text that may hold two. */
export function barOf(pattern: string, slots: number, bar: number): string {
  return pattern.length === slots * 2 ? pattern.slice((bar % 2) * slots, (bar % 2) * slots + slots) : pattern
}

/** Slots of a cell of chords or melody: sixteenths, in 12/8 eighths. */
export const cellSlots = (barTicks: number): number =>
  barTicks === TICKS_PER_QUARTER * 6 ? 12 : barTicks / (TICKS_PER_QUARTER / 4)

/** Ticks of one of them. */
export const cellTicks = (barTicks: number): number => barTicks / cellSlots(barTicks)

export const isCellOf = (pattern: string, slots: number): boolean =>
  pattern.length === slots || pattern.length === slots * 2
