// What a sounding note is to the mixer, whatever makes it.

import type { Tables } from '../tables.ts'

/** Frames between two looks at envelopes and controllers; in between everything moves in straight lines. */
export const CONTROL_FRAMES = 64

/** What a track's controllers ask of its voices right now. The mixer changes it, voices read it. */
export interface Touch {
  /** Frequency ratio of the pitch wheel. */
  bend: number
  /** Half width of the vibrato that the modulation wheel adds, in cents. */
  vibratoCents: number
  /** Octaves by which filters are opened; negative closes. */
  brightness: number
  /** 0-1, added to the filter's own. */
  resonance: number
  /** Factors on the times of envelopes. */
  attack: number
  release: number
}

export const restingTouch = (): Touch => ({
  bend: 1,
  vibratoCents: 0,
  brightness: 0,
  resonance: 0,
  attack: 1,
  release: 1,
})

/** Everything a voice needs at its start. */
export interface VoiceStart {
  readonly sampleRate: number
  readonly tables: Tables
  readonly touch: Touch
  readonly pitch: number
  /** 1-127. */
  readonly velocity: number
  /** Equal for equal notes of equal scores, and different from note to note. */
  readonly seed: number
  /** Pitch to slide from, when the instrument glides and a note was held. */
  readonly glideFrom?: number
}

export interface Voice {
  readonly pitch: number
  /** Adds its frames `from` to `to` to both channels. */
  render(left: Float32Array, right: Float32Array, from: number, to: number): void
  /** The key goes up: what comes after is the sound's release. */
  release(): void
  /** Fades out within a few milliseconds, to make room. */
  cut(): void
  readonly isReleased: boolean
  /** Nothing more will sound. */
  readonly isDone: boolean
  /** About how loud it is, for choosing which voice to cut. */
  readonly loudness: number
}

/** Amplitude of a velocity; `curve` 1 is proportional, 2 squares. 1 at 127. */
export function velocityGain(velocity: number, curve: number): number {
  const v = velocity / 127
  return curve === 1 ? v : v * (1 - (curve - 1) * (1 - v))
}
