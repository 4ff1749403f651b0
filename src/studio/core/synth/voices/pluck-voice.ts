// A plucked string: a burst of noise goes round a loop as long as the string's period and loses its highs on
// every round (Karplus and Strong's idea, with the pluck's place on the string, an all-pass for exact tuning
// and a body of two resonances).

import { clamp, exp, exp2, log2, pitchToHz, sin, TAU, tan } from '../../maths/index.ts'
import { Noise } from '../noise.ts'
import { Envelope, fallPerStep } from './envelope.ts'
import { CONTROL_FRAMES, velocityGain, type Touch, type Voice, type VoiceStart } from './voice.ts'

export interface Resonance {
  readonly hz: number
  /** 0-1. */
  readonly resonance: number
  readonly level: number
}

export interface PluckPatch {
  readonly kind: 'pluck'
  readonly level: number
  /** Seconds to fall by 60 dB at middle C. */
  readonly fall: number
  /** How fast highs die: 0 at once, 1 with the rest. */
  readonly sustainOfHighs: number
  /** Cutoff of the pluck at the softest and the hardest key. */
  readonly softHz: number
  readonly hardHz: number
  /** Where the string is plucked: 0.5 middle, 0.1 near the bridge. */
  readonly place: number
  /** Seconds to fall silent after the key is up. */
  readonly release: number
  readonly body: readonly Resonance[]
  /** Share of the string's own sound beside its body. */
  readonly direct: number
  /** Strings a note; more than one are tuned `spreadCents` apart. */
  readonly strings?: number
  readonly spreadCents?: number
  /** Buzz of a string that touches its bridge, 0-1. */
  readonly buzz?: number
  readonly glideSec?: number
  readonly velocityCurve?: number
  readonly transpose?: number
}

/** Share of noise in a pluck, against the string's own shape. */
const PICK_NOISE = 0.7

/** Strings keep this much of the middle while they bend down two semitones and glide an octave. */
const LOWEST_BEND = 0.44

class StringLoop {
  readonly #line: Float32Array
  readonly #damping: number
  readonly #buzz: number
  #write = 0
  #low = 0
  #passIn = 0
  #passOut = 0
  #offset = 0

  constructor(patch: PluckPatch, hz: number, velocity: number, sampleRate: number, noise: Noise) {
    const period = sampleRate / hz
    this.#line = new Float32Array(Math.ceil(period / LOWEST_BEND) + 8)
    // A low string goes round less often, so each round must take more.
    const damping = clamp(0.25 + 0.75 * patch.sustainOfHighs, 0.05, 0.995)
    this.#damping = 1 / (1 + ((1 - damping) / damping) * exp2(0.7 * log2(261.6255653 / hz)))
    this.#buzz = patch.buzz ?? 0
    this.#pluck(patch, hz, Math.ceil(period), velocity, sampleRate, noise)
  }

  /** Samples that the damping filter delays slow movements by. */
  get filterDelay(): number {
    return (1 - this.#damping) / this.#damping
  }

  #pluck(patch: PluckPatch, hz: number, length: number, velocity: number, sampleRate: number, noise: Noise): void {
    const line = this.#line
    const cutoff = patch.softHz * exp2(velocity * velocity * log2(patch.hardHz / patch.softHz))
    const share = 1 - exp((-TAU * Math.min(cutoff, 0.4 * sampleRate)) / sampleRate)
    const tilt = 1 - exp((-TAU * Math.min(2.5 * hz, 0.3 * sampleRate)) / sampleRate)
    // The string's own shape is a rounded kink, the same for every pluck; the finger or pick adds some noise.
    let low = 0
    let lower = 0
    let tilted = 0
    let power = 0
    for (let i = 0; i < 2 * length; i++) {
      low += share * ((i % length === 0 ? 1 : 0) - low)
      lower += share * (low - lower)
      tilted += tilt * (lower - tilted)
      if (i >= length) {
        line[i - length] = 0.35 * lower + 0.65 * tilted
        power += (line[i - length] as number) * (line[i - length] as number)
      }
    }
    const grain = PICK_NOISE * Math.sqrt(power / length)
    low = 0
    for (let i = 0; i < length; i++) {
      low += share * (noise.next() - low)
      line[i] = (line[i] as number) + grain * low
    }
    // The pluck's place silences the harmonics that have a knot there.
    const offset = Math.max(1, Math.round(patch.place * length))
    const shaped = new Float32Array(length)
    for (let i = 0; i < length; i++) shaped[i] = (line[i] as number) - 0.9 * (line[(i + offset) % length] as number)
    let mean = 0
    for (const value of shaped) mean += value / length
    power = 0
    for (const value of shaped) power += ((value - mean) * (value - mean)) / length
    const scale = power > 0 ? 0.3 / Math.sqrt(power) : 0
    for (let i = 0; i < length; i++) line[i] = ((shaped[i] as number) - mean) * scale
    this.#write = length
  }

  /** Adds `count` samples of the string to `out`; the period may move from `period` by `periodStep` a sample. */
  run(out: Float32Array, count: number, period: number, periodStep: number, keep: number): void {
    const line = this.#line
    const size = line.length
    const damping = this.#damping
    const buzz = this.#buzz
    let write = this.#write
    let low = this.#low
    let passIn = this.#passIn
    let passOut = this.#passOut
    let offset = this.#offset
    let length = period
    for (let i = 0; i < count; i++) {
      length += periodStep
      // The all-pass delays between 0.3 and 1.3 samples, where it is flat enough.
      const whole = Math.floor(length - 0.3)
      const part = length - whole
      const pass = (1 - part) / (1 + part)
      let read = write - whole
      if (read < 0) read += size
      const x = line[read] as number
      low += damping * (x - low)
      let y = pass * (low - passOut) + passIn
      passIn = low
      passOut = y
      // A wave that reaches the bridge is bent there: new highs, always fewer than the loop loses.
      if (buzz > 0) {
        if (y > 0) y -= buzz * y * y
        // Bending one side only would push the string away from the middle.
        offset += 0.003 * (y - offset)
        y -= offset
      }
      line[write] = y * keep
      out[i] = (out[i] as number) + x
      write += 1
      if (write >= size) write = 0
    }
    this.#write = write
    this.#low = low
    this.#passIn = passIn
    this.#passOut = passOut
    this.#offset = offset
  }
}

interface BodyPart {
  readonly g: number
  readonly damping: number
  readonly level: number
  s1: number
  s2: number
}

const scratch = new Float32Array(CONTROL_FRAMES)

export class PluckVoice implements Voice {
  readonly pitch: number
  readonly #patch: PluckPatch
  readonly #touch: Touch
  readonly #sampleRate: number
  readonly #loops: readonly { readonly loop: StringLoop; readonly ratio: number; period: number; step: number }[]
  readonly #body: readonly BodyPart[]
  readonly #hz: number
  readonly #fall: number
  readonly #envelope: Envelope
  readonly #fullGain: number
  #gain = 0
  #nextGain = 0
  #age = 0
  #left = 0
  #glide: number
  readonly #glideFall: number
  #isFirst = true

  constructor(patch: PluckPatch, start: VoiceStart) {
    const { sampleRate, touch, velocity } = start
    const pitch = clamp(start.pitch + (patch.transpose ?? 0), 12, 120)
    this.pitch = start.pitch
    this.#patch = patch
    this.#touch = touch
    this.#sampleRate = sampleRate
    this.#hz = pitchToHz(pitch)
    const noise = new Noise(start.seed)
    const strings = patch.strings ?? 1
    this.#loops = Array.from({ length: strings }, (_, i) => {
      const at = strings === 1 ? 0 : (2 * i) / (strings - 1) - 1
      return {
        loop: new StringLoop(patch, this.#hz, velocity / 127, sampleRate, noise),
        ratio: exp2((at * (patch.spreadCents ?? 0)) / 1_200),
        period: 0,
        step: 0,
      }
    })
    this.#body = patch.body.map(({ hz, resonance, level }) => ({
      g: tan(((TAU / 2) * hz) / sampleRate),
      damping: 1.9 * (1 - resonance) + 0.04,
      level,
      s1: 0,
      s2: 0,
    }))
    // Short strings die faster.
    this.#fall = patch.fall * exp2((60 - pitch) / 22)
    this.#envelope = new Envelope({ attack: 0.0015, decay: 0.1, sustain: 1, release: patch.release }, touch, sampleRate)
    this.#fullGain = (velocityGain(velocity, patch.velocityCurve ?? 1.5) * patch.level) / Math.sqrt(strings)
    this.#glide = start.glideFrom === undefined ? 0 : 100 * (start.glideFrom - start.pitch)
    this.#glideFall = fallPerStep((patch.glideSec ?? 0) * 3, sampleRate)
  }

  get isReleased(): boolean {
    return this.#envelope.isReleased
  }

  get isDone(): boolean {
    return this.#envelope.isDone && this.#gain === 0 && this.#nextGain === 0
  }

  /** From its age: strings die away by themselves. */
  get loudness(): number {
    return 0.3 * this.#nextGain * exp((-6.9 * this.#age) / (this.#fall * this.#sampleRate))
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
      this.#renderSome(left, right, at, count)
      this.#left -= count
      if (this.#left === 0 && this.#nextGain === 0) this.#gain = 0
      at += count
    }
  }

  #control(): void {
    this.#left = CONTROL_FRAMES
    this.#gain = this.#nextGain
    this.#nextGain = this.#envelope.step() * this.#fullGain
    const seconds = this.#age / this.#sampleRate
    this.#age += CONTROL_FRAMES
    // A string that has died away needs no key to go up.
    if (seconds > this.#fall * 1.3) this.#envelope.release()
    let cents = this.#glide
    this.#glide *= this.#glideFall
    if (this.#touch.vibratoCents !== 0) cents += this.#touch.vibratoCents * sin(TAU * 5.3 * seconds)
    const hz = this.#hz * this.#touch.bend * (cents === 0 ? 1 : exp2(cents / 1_200))
    for (const one of this.#loops) {
      const period = Math.max(3, this.#sampleRate / (hz * one.ratio) - one.loop.filterDelay)
      if (this.#isFirst) one.period = period
      one.step = (period - one.period) / CONTROL_FRAMES
    }
    this.#isFirst = false
  }

  #renderSome(left: Float32Array, right: Float32Array, at: number, count: number): void {
    scratch.fill(0, 0, count)
    for (const one of this.#loops) {
      const keep = exp((-6.907755 * one.period) / (this.#fall * this.#sampleRate))
      one.loop.run(scratch, count, one.period, one.step, keep)
      one.period += one.step * count
    }
    const direct = this.#patch.direct
    const step = (this.#nextGain - this.#gain) / CONTROL_FRAMES
    let gain = this.#gain + step * (CONTROL_FRAMES - this.#left)
    for (const part of this.#body) this.#resonate(part, left, right, at, count, gain, step)
    for (let i = 0; i < count; i++) {
      gain += step
      const y = gain * direct * (scratch[i] as number)
      left[at + i] = (left[at + i] as number) + y
      right[at + i] = (right[at + i] as number) + y
    }
  }

  #resonate(
    part: BodyPart,
    left: Float32Array,
    right: Float32Array,
    at: number,
    count: number,
    from: number,
    step: number,
  ): void {
    const { g, damping, level } = part
    const a1 = 1 / (1 + g * (g + damping))
    const a2 = g * a1
    let { s1, s2 } = part
    let gain = from
    for (let i = 0; i < count; i++) {
      gain += step
      const v3 = (scratch[i] as number) - s2
      const v1 = a1 * s1 + a2 * v3
      const v2 = s2 + g * v1
      s1 = 2 * v1 - s1
      s2 = 2 * v2 - s2
      const y = gain * level * damping * v1
      left[at + i] = (left[at + i] as number) + y
      right[at + i] = (right[at + i] as number) + y
    }
    part.s1 = s1
    part.s2 = s2
  }
}
