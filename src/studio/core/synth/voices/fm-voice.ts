// A note of frequency modulation: up to three pairs, each a sine (the carrier) whose phase another sine (the
// modulator) bends. Electric pianos, bells, clavinets, hard basses: sounds whose harmonics die at their own pace.

import { clamp, exp2, pitchToHz, sin, TAU } from '../../maths/index.ts'
import { Noise } from '../noise.ts'
import { TABLE_SIZE } from '../tables.ts'
import { Envelope, type EnvelopeShape, fallPerStep } from './envelope.ts'
import { CONTROL_FRAMES, velocityGain, type Touch, type Voice, type VoiceStart } from './voice.ts'

export interface FmPair {
  /** Frequencies over the note's own. */
  readonly carrier: number
  readonly modulator: number
  readonly level: number
  /** Depth of the bending in turns at full velocity, and the share that stays when its fall is over. */
  readonly depth: number
  readonly depthHold: number
  /** Seconds of the depth's fall by 60 dB at middle C. */
  readonly depthFall: number
  /** How much a soft key lessens the depth: 0 not at all, 1 in proportion, 2 in square. */
  readonly depthVelocity: number
  /** Seconds of the carrier's own fall by 60 dB at middle C; never by default. */
  readonly fall?: number
  /** How much more a hard key brings this pair out, 0-1. */
  readonly velocity?: number
  /** Turns of the modulator's own output fed back into it. */
  readonly feedback?: number
  readonly cents?: number
  readonly pan?: number
}

export interface FmPatch {
  readonly kind: 'fm'
  readonly pairs: readonly FmPair[]
  readonly envelope: EnvelopeShape
  readonly vibrato?: { readonly hz: number; readonly cents: number; readonly delaySec: number }
  readonly glideSec?: number
  readonly velocityCurve?: number
  readonly transpose?: number
}

interface Sounding {
  readonly pair: FmPair
  readonly ratio: number
  readonly panLeft: number
  readonly panRight: number
  readonly fall: number
  readonly depthFall: number
  readonly depthFloor: number
  level: number
  depth: number
  carrierPhase: number
  modulatorPhase: number
  last: number
}

const fallAt = (fall: number, pitch: number): number => fall * exp2((60 - pitch) / 20)
/** High notes bend less, or they turn to noise and fold over. */
const depthAt = (pitch: number): number => clamp(exp2((64 - pitch) / 30), 0.25, 1.4)
/** Phases are kept this far from zero, in samples of the table, so that a modulator may pull them back. */
const AHEAD = 16 * TABLE_SIZE
const MASK = TABLE_SIZE - 1

export class FmVoice implements Voice {
  readonly pitch: number
  readonly #patch: FmPatch
  readonly #touch: Touch
  readonly #sampleRate: number
  readonly #sine: Float32Array
  readonly #pairs: readonly Sounding[]
  readonly #envelope: Envelope
  readonly #fullGain: number
  readonly #hz: number
  #gain = 0
  #nextGain: number
  #turns = 0
  #age = 0
  #left = 0
  #glide: number
  readonly #glideFall: number

  constructor(patch: FmPatch, start: VoiceStart) {
    const { sampleRate, touch, velocity } = start
    const pitch = clamp(start.pitch + (patch.transpose ?? 0), 0, 127)
    const v = velocity / 127
    this.pitch = start.pitch
    this.#patch = patch
    this.#touch = touch
    this.#sampleRate = sampleRate
    this.#sine = start.tables.sine
    this.#hz = pitchToHz(pitch)
    const noise = new Noise(start.seed)
    this.#pairs = patch.pairs.map((pair): Sounding => {
      const softness = pair.depthVelocity === 0 ? 1 : pair.depthVelocity >= 2 ? v * v : 1 - pair.depthVelocity * (1 - v)
      const depth = pair.depth * softness * depthAt(pitch)
      const pan = pair.pan ?? 0
      return {
        pair,
        ratio: exp2((pair.cents ?? 0) / 1_200),
        panLeft: Math.sqrt(1 - pan),
        panRight: Math.sqrt(1 + pan),
        fall: pair.fall === undefined ? 1 : fallPerStep(fallAt(pair.fall, pitch), sampleRate),
        depthFall: fallPerStep(fallAt(pair.depthFall, pitch), sampleRate),
        depthFloor: depth * pair.depthHold,
        level: pair.level * (1 - (pair.velocity ?? 0) * (1 - v)),
        depth,
        carrierPhase: AHEAD,
        modulatorPhase: AHEAD + (pair.cents === undefined ? 0 : noise.between(0, TABLE_SIZE - 1)),
        last: 0,
      }
    })
    this.#envelope = new Envelope(patch.envelope, touch, sampleRate)
    this.#fullGain = velocityGain(velocity, patch.velocityCurve ?? 1.6)
    this.#nextGain = this.#envelope.value * this.#fullGain
    this.#glide = start.glideFrom === undefined ? 0 : 100 * (start.glideFrom - start.pitch)
    this.#glideFall = fallPerStep((patch.glideSec ?? 0) * 3, sampleRate)
  }

  get isReleased(): boolean {
    return this.#envelope.isReleased
  }

  get isDone(): boolean {
    return this.#envelope.isDone && this.#gain === 0 && this.#nextGain === 0
  }

  get loudness(): number {
    let level = 0
    for (const pair of this.#pairs) level += pair.level
    return this.#nextGain * level * 0.7
  }

  release(): void {
    this.#envelope.release()
  }

  cut(): void {
    this.#envelope.cut()
  }

  render(left: Float32Array, right: Float32Array, from: number, to: number): void {
    for (let at = from; at < to;) {
      if (this.#left === 0) this.#control()
      const count = Math.min(this.#left, to - at)
      for (const sounding of this.#pairs) this.#addPair(sounding, left, right, at, count)
      this.#left -= count
      if (this.#left === 0 && this.#nextGain === 0) this.#gain = 0
      at += count
    }
  }

  #control(): void {
    const { vibrato } = this.#patch
    this.#left = CONTROL_FRAMES
    this.#gain = this.#nextGain
    this.#nextGain = this.#envelope.step() * this.#fullGain
    const seconds = this.#age / this.#sampleRate
    this.#age += CONTROL_FRAMES
    let cents = this.#glide
    this.#glide *= this.#glideFall
    const own = vibrato === undefined ? 0 : vibrato.cents * clamp((seconds - vibrato.delaySec) * 2.5, 0, 1)
    const width = own + this.#touch.vibratoCents
    if (width !== 0) cents += width * sin(TAU * (vibrato?.hz ?? 5.3) * seconds)
    this.#turns = (this.#hz * this.#touch.bend * (cents === 0 ? 1 : exp2(cents / 1_200))) / this.#sampleRate
  }

  #addPair(sounding: Sounding, left: Float32Array, right: Float32Array, at: number, count: number): void {
    if (sounding.level < 4e-5) return
    const { pair, panLeft, panRight } = sounding
    const sine = this.#sine
    const turns = this.#turns * sounding.ratio
    const carrierStep = turns * pair.carrier * TABLE_SIZE
    const modulatorStep = turns * pair.modulator * TABLE_SIZE
    const feedback = (pair.feedback ?? 0) * TABLE_SIZE
    const opened = exp2(this.#touch.brightness * 0.5) * TABLE_SIZE
    const floor = sounding.depthFloor
    let depth = opened * sounding.depth
    const depthStep = (opened * (sounding.depth - floor) * (sounding.depthFall - 1)) / CONTROL_FRAMES
    const levelStep = (sounding.level * (sounding.fall - 1)) / CONTROL_FRAMES
    const gainStep = (this.#nextGain - this.#gain) / CONTROL_FRAMES
    let gain = this.#gain + gainStep * (CONTROL_FRAMES - this.#left)
    let { level, carrierPhase, modulatorPhase, last } = sounding
    for (let i = 0; i < count; i++) {
      const m = modulatorPhase + feedback * last
      const mIndex = m | 0
      const mA = sine[mIndex & MASK] as number
      last = mA + (m - mIndex) * ((sine[(mIndex & MASK) + 1] as number) - mA)
      const c = carrierPhase + depth * last
      const cIndex = c | 0
      const cA = sine[cIndex & MASK] as number
      const y = gain * level * (cA + (c - cIndex) * ((sine[(cIndex & MASK) + 1] as number) - cA))
      left[at + i] = (left[at + i] as number) + panLeft * y
      right[at + i] = (right[at + i] as number) + panRight * y
      carrierPhase += carrierStep
      if (carrierPhase >= AHEAD + TABLE_SIZE) carrierPhase -= TABLE_SIZE
      modulatorPhase += modulatorStep
      if (modulatorPhase >= AHEAD + TABLE_SIZE) modulatorPhase -= TABLE_SIZE
      gain += gainStep
      level += levelStep
      depth += depthStep
    }
    sounding.depth = depth / opened
    sounding.level = level
    sounding.carrierPhase = carrierPhase
    sounding.modulatorPhase = modulatorPhase
    sounding.last = last
  }
}
