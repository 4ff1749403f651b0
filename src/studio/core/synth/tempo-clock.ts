// From ticks to sample frames and back, through the tempo map.

import { TICKS_PER_QUARTER, type TempoPoint } from './score.ts'

interface Stretch {
  readonly tick: number
  readonly frame: number
  readonly framesPerTick: number
}

export interface TempoClock {
  /** Frame at which a tick happens, with fractions. */
  frameOf(tick: number): number
  /** Tick at a frame, with fractions. */
  tickAt(frame: number): number
  /** Frames of one quarter note at a frame. */
  framesPerQuarter(frame: number): number
}

/** A tempo map without a point at tick 0 begins at its first tempo; an empty one runs at 120. */
export function createTempoClock(tempoMap: readonly TempoPoint[], sampleRate: number): TempoClock {
  const framesPerTick = (bpm: number): number => (sampleRate * 60) / (bpm * TICKS_PER_QUARTER)
  const stretches: Stretch[] = [{ tick: 0, frame: 0, framesPerTick: framesPerTick(tempoMap[0]?.bpm ?? 120) }]
  for (const { tick, bpm } of tempoMap) {
    const last = stretches.at(-1) as Stretch
    const frame = last.frame + (tick - last.tick) * last.framesPerTick
    if (tick <= last.tick) stretches.pop()
    stretches.push({ tick: Math.max(0, tick), frame, framesPerTick: framesPerTick(bpm) })
  }
  const findLast = (isAfter: (stretch: Stretch) => boolean): Stretch => {
    let low = 0
    let high = stretches.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (isAfter(stretches[middle] as Stretch)) high = middle
      else low = middle
    }
    return stretches[low] as Stretch
  }
  return {
    frameOf(tick) {
      const stretch = findLast((one) => one.tick > tick)
      return stretch.frame + (tick - stretch.tick) * stretch.framesPerTick
    },
    tickAt(frame) {
      const stretch = findLast((one) => one.frame > frame)
      return stretch.tick + (frame - stretch.frame) / stretch.framesPerTick
    },
    framesPerQuarter: (frame) => findLast((one) => one.frame > frame).framesPerTick * TICKS_PER_QUARTER,
  }
}
