// The whole synthesiser: a score in, blocks of stereo samples out. Works through the song in chunks of 128
// frames counted from its start, whatever block size is asked for, so the samples do not depend on it.

import { dbToGain } from '../maths/index.ts'
import { CHUNK, type EffectSite } from './effects/effect.ts'
import { EffectChain } from './effects/chain.ts'
import { trimDbOf } from './loudness.ts'
import { Limiter } from './mix/limiter.ts'
import { clearBus, createMixBus, type MixBus, Strip, type StripSite } from './mix/strip.ts'
import type { Score } from './score.ts'
import { Tables } from './tables.ts'
import { createTempoClock } from './tempo-clock.ts'

export interface RenderOptions {
  /** Hz; 44,100 by default. */
  readonly sampleRate?: number
  /** Frames of the blocks that `next` gives; 4,096 by default. */
  readonly blockSize?: number
  /** Seconds after the end for sounds to ring out; 3 by default. The last half second fades. */
  readonly tailSec?: number
  /** Begin here: notes that started earlier are left out, controllers stand as they would. */
  readonly startTick?: number
}

export interface Renderer {
  readonly sampleRate: number
  /** Frames of the whole rendering, tail included. */
  readonly totalFrames: number
  /** Frames given out so far. */
  readonly framesDone: number
  /** The next block, the last one shorter, then undefined. The arrays are the caller's to keep. */
  next(): { readonly left: Float32Array; readonly right: Float32Array } | undefined
  /** Fills both arrays, which are equally long, as far as the song goes; gives the frames written. */
  render(left: Float32Array, right: Float32Array): number
}

/** What plays a score. `createRenderer` is ours; a SoundFont player takes its place with the same answer. */
export type Synth = (score: Score, options?: RenderOptions) => Renderer

const FADE_SEC = 0.5
const DEFAULT_TAIL_SEC = 3

interface Bus {
  readonly mix: MixBus
  readonly effects: EffectChain
}

/** @throws RangeError for a sample rate outside 8,000 to 192,000, a block size below 1 or a program that does not exist. */
export function createRenderer(score: Score, options: RenderOptions = {}): Renderer {
  const { sampleRate = 44_100, blockSize = 4_096, tailSec = DEFAULT_TAIL_SEC, startTick = 0 } = options
  if (!(sampleRate >= 8_000 && sampleRate <= 192_000))
    throw new RangeError(`sample rate ${sampleRate} is not between 8000 and 192000`)
  if (!Number.isInteger(blockSize) || blockSize < 1)
    throw new RangeError(`block size ${blockSize} is not a whole number above 0`)
  const song = new Song(score, sampleRate, tailSec, startTick)
  return {
    sampleRate,
    totalFrames: song.totalFrames,
    get framesDone() {
      return song.framesDone
    },
    next() {
      const frames = Math.min(blockSize, song.totalFrames - song.framesDone)
      if (frames <= 0) return undefined
      const left = new Float32Array(frames)
      const right = new Float32Array(frames)
      song.render(left, right)
      return { left, right }
    },
    render: (left, right) => song.render(left, right),
  }
}

class Song {
  readonly totalFrames: number
  framesDone = 0
  readonly #firstFrame: number
  /** Frame of the song at which the next chunk begins. */
  #frame: number
  readonly #strips: readonly Strip[]
  readonly #buses: readonly Bus[]
  readonly #mix = createMixBus()
  readonly #master: EffectChain
  readonly #limiter: Limiter
  readonly #trim: number
  readonly #fadeFrames: number
  /** Frames of `#mix` that were given out already. */
  #taken = CHUNK

  constructor(score: Score, sampleRate: number, tailSec: number, startTick: number) {
    const clock = createTempoClock(score.tempoMap, sampleRate)
    this.#firstFrame = Math.round(clock.frameOf(startTick))
    this.#frame = this.#firstFrame
    const end = Math.round(clock.frameOf(Math.max(startTick, score.endTick)))
    this.totalFrames = end - this.#firstFrame + Math.round(tailSec * sampleRate)
    this.#fadeFrames = Math.round(Math.min(FADE_SEC, tailSec) * sampleRate)
    const framesPerQuarter = (): number => clock.framesPerQuarter(this.#frame)
    const effectSite: EffectSite = { sampleRate, framesPerQuarter }
    const site: StripSite = { ...effectSite, tables: new Tables(sampleRate), clock, startTick }
    const buses = new Map(
      score.buses.map(({ id, effects }): [string, Bus] => [
        id,
        { mix: createMixBus(), effects: new EffectChain(effectSite, effects) },
      ]),
    )
    this.#buses = [...buses.values()]
    const mixes = new Map([...buses].map(([id, bus]) => [id, bus.mix]))
    const isAnySolo = score.tracks.some((track) => track.solo)
    this.#strips = score.tracks
      .filter((track) => !track.muted && (!isAnySolo || track.solo))
      .map((track) => new Strip(track, site, mixes))
    this.#master = new EffectChain(effectSite, score.master.effects)
    this.#limiter = new Limiter(sampleRate)
    this.#trim = dbToGain(score.master.trimDb ?? trimDbOf(score))
    // What the limiter gives first is the silence before the song.
    this.#renderChunk()
    this.#taken = CHUNK
  }

  render(left: Float32Array, right: Float32Array): number {
    const frames = Math.min(left.length, right.length, this.totalFrames - this.framesDone)
    for (let at = 0; at < frames;) {
      if (this.#taken === CHUNK) this.#renderChunk()
      const count = Math.min(CHUNK - this.#taken, frames - at)
      left.set(this.#mix.left.subarray(this.#taken, this.#taken + count), at)
      right.set(this.#mix.right.subarray(this.#taken, this.#taken + count), at)
      this.#fade(left, right, at, count)
      this.#taken += count
      this.framesDone += count
      at += count
    }
    return Math.max(0, frames)
  }

  #renderChunk(): void {
    const { left, right } = this.#mix
    clearBus(this.#mix)
    for (const bus of this.#buses) clearBus(bus.mix)
    for (const strip of this.#strips) strip.render(this.#frame, this.#mix)
    for (const { mix, effects } of this.#buses) {
      if (effects.process(mix.left, mix.right, mix.isSilent)) continue
      for (let i = 0; i < CHUNK; i++) {
        left[i] = (left[i] as number) + (mix.left[i] as number)
        right[i] = (right[i] as number) + (mix.right[i] as number)
      }
      this.#mix.isSilent = false
    }
    this.#master.process(left, right, this.#mix.isSilent)
    const trim = this.#trim
    for (let i = 0; i < CHUNK; i++) {
      left[i] = trim * (left[i] as number)
      right[i] = trim * (right[i] as number)
    }
    this.#limiter.process(left, right)
    this.#frame += CHUNK
    this.#taken = 0
  }

  /** The end of the tail fades to nothing. */
  #fade(left: Float32Array, right: Float32Array, at: number, count: number): void {
    const fadeFrom = this.totalFrames - this.#fadeFrames
    if (this.framesDone + count <= fadeFrom) return
    for (let i = 0; i < count; i++) {
      const into = this.framesDone + i - fadeFrom
      if (into < 0) continue
      const gain = 1 - (into + 1) / this.#fadeFrames
      left[at + i] = (left[at + i] as number) * gain
      right[at + i] = (right[at + i] as number) * gain
    }
  }
}
