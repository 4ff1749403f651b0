// Where notes lie on a staff: each in the first free space, so that what sounded together is seen
// together; what finds none becomes a chord with a count. Culls what is out of view. Pure.

import type { State } from '../ui/status.ts'
import { toX, type View } from './scale.ts'

export interface LaneNote {
  id: string
  start: number
  /** Null while it sounds. */
  end: number | null
  status: State
  /** What a reader hears: name, state, time. */
  label: string
  /** Drawn in the bar where it fits. */
  text?: string
  /** Not played yet. */
  ghost?: boolean
}

export interface PlacedNote {
  note: LaneNote
  x: number
  widthPx: number
  /** Space of the staff, 0 at the top. */
  slot: number
}

export interface Chord {
  x: number
  notes: LaneNote[]
}

const headPx = 15

/** The middle first: a lone note sits in the middle of its staff. */
function slotOrder(slots: number): number[] {
  const middle = Math.floor((slots - 1) / 2)
  return Array.from({ length: slots }, (_, index) => index).sort(
    (a, b) => Math.abs(a - middle) - Math.abs(b - middle) || b - a,
  )
}

export function layOut(
  notes: readonly LaneNote[],
  view: View,
  now: number,
  slots: number,
): { placed: PlacedNote[]; chords: Chord[] } {
  const order = slotOrder(slots)
  const busyUntil = Array.from({ length: slots }, () => -Infinity)
  const placed: PlacedNote[] = []
  const chords: Chord[] = []
  const visible = notes
    .filter(
      (note) =>
        note.start <= view.to && (note.end ?? now) >= view.from - ((view.to - view.from) / view.widthPx) * headPx,
    )
    .sort((a, b) => a.start - b.start)
  for (const note of visible) {
    const x = toX(view, note.start)
    const end = Math.max(x, toX(view, note.end ?? Math.max(now, note.start)))
    const slot = order.find((each) => (busyUntil[each] ?? 0) <= x)
    if (slot === undefined) {
      const last = chords.at(-1)
      if (last !== undefined && x - last.x < 26) last.notes.push(note)
      else chords.push({ x, notes: [note] })
      continue
    }
    busyUntil[slot] = Math.max(end, x + headPx) + 2
    placed.push({ note, x, widthPx: end - x, slot })
  }
  return { placed, chords }
}
