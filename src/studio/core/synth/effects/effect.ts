// What an effect is to the mixer.

/** Frames that the whole synthesiser works through at once; also the quantum of an AudioWorklet. */
export const CHUNK = 128

/** What an effect may know of its surroundings. */
export interface EffectSite {
  readonly sampleRate: number
  /** Frames of one quarter note at the start of the chunk; effects in time with the music follow it. */
  framesPerQuarter(): number
}

export interface Effect {
  /** Changes one chunk of both channels in place. */
  process(left: Float32Array, right: Float32Array): void
  /** Frames after which nothing is left of a sound that went in. */
  readonly tailFrames: number
}

/**
 * Zero for what is far below hearing. Sums that come down to a few 1e-34 cannot survive this, so feedback never
 * runs on denormal numbers, which are many times slower.
 */
export const undenormal = (x: number): number => x + 1e-18 - 1e-18
