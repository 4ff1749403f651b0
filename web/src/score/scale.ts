// Time to pixels and back, and where the ruler has its marks. Pure.

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export interface View {
  /** Milliseconds since the epoch at the left and right edge. */
  from: number
  to: number
  widthPx: number
}

export const toX = (view: View, at: number) => ((at - view.from) / (view.to - view.from)) * view.widthPx

const steps = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
]

const leastGapPx = 84

export interface Tick {
  at: number
  label: string
  /** A day begins here. */
  major: boolean
}

/** Marks of the clock on the wall; `offsetMs` is what local time is ahead of UTC. */
export function clockTicks(view: View, offsetMs: number): Tick[] {
  const step = stepFor(view)
  const ticks: Tick[] = []
  // Weeks begin on Monday; the epoch was a Thursday.
  const shift = offsetMs - (step === 7 * DAY ? 4 * DAY : 0)
  const first = Math.ceil((view.from + shift) / step) * step - shift
  for (let at = first; at <= view.to && ticks.length < 200; at += step) {
    const local = new Date(at + offsetMs)
    const midnight = (at + offsetMs) % DAY === 0
    ticks.push({
      at,
      label: step >= DAY || midnight ? day(local) : local.toISOString().slice(11, step < MINUTE ? 19 : 16),
      major: midnight,
    })
  }
  return ticks
}

/** Marks counted from `zero`: `0:30`, `1:00`. */
export function elapsedTicks(view: View, zero: number): Tick[] {
  const step = stepFor(view)
  const ticks: Tick[] = []
  for (
    let at = zero + Math.max(0, Math.ceil((view.from - zero) / step)) * step;
    at <= view.to && ticks.length < 200;
    at += step
  ) {
    const seconds = Math.round((at - zero) / SECOND)
    const hours = Math.floor(seconds / 3600)
    const rest = `${String(Math.floor(seconds / 60) % 60).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds % 60).padStart(2, '0')}`
    ticks.push({ at, label: hours > 0 ? `${hours}:${rest}` : rest, major: false })
  }
  return ticks
}

function stepFor(view: View): number {
  const least = ((view.to - view.from) / Math.max(1, view.widthPx)) * leastGapPx
  return steps.find((step) => step >= least) ?? 7 * DAY
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const day = (local: Date) => `${weekdays[local.getUTCDay()]} ${local.getUTCDate()} ${months[local.getUTCMonth()]}`
