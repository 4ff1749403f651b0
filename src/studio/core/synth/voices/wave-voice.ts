// A note made of layers: each reads one or two tables (dark and bright), has its own tuning, place and fall,
// and all share one envelope, an optional filter and an optional breath of noise. Pianos, organs, strings,
// winds, pads, leads and bells are all lists of layers.

import { clamp, exp2, log2, pitchToHz, sin, TAU, tan } from '../../maths/index.ts'
import { Noise } from '../noise.ts'
import { TABLE_SIZE, type Wave } from '../tables.ts'
import { Envelope, type EnvelopeShape, fallPerStep } from './envelope.ts'
import { CONTROL_FRAMES, velocityGain, type Touch, type Voice, type VoiceStart } from './voice.ts'

export interface Layer {
  readonly wave: Wave
  /** Mixed in by the patch's brightness. Same phases as `wave`, so the two never cancel. */
  readonly bright?: Wave
  readonly level: number
  /** Frequency over the note's own; 1 by default. */
  readonly ratio?: number
  readonly cents?: number
  /** -1 left, 1 right. */
  readonly pan?: number
  /** Seconds to fall by 60 dB at middle C, halved per octave and a half upwards; never by default. */
  readonly fall?: number
  /** How much more a hard key brings this layer out: 0 not at all, 1 proportional. */
  readonly velocity?: number
  /** Copies, spread over `spreadCents` and over the stereo width `width` (0-1). */
  readonly voices?: number
  readonly spreadCents?: number
  readonly width?: number
}

export interface FilterShape {
  readonly mode: 'low' | 'band' | 'high'
  /** At middle C. */
  readonly hz: number
  /** Share of the keyboard that the cutoff follows. */
  readonly keyTrack: number
  /** 0-1. */
  readonly resonance: number
  /** Octaves that the filter's envelope opens, and how it moves. */
  readonly octaves?: number
  readonly envelope?: EnvelopeShape
  /** Octaves between the softest and the hardest key. */
  readonly velocityOctaves?: number
  /** Slow movement of the cutoff. */
  readonly lfo?: { readonly hz: number; readonly octaves: number }
}

export interface BreathShape {
  readonly level: number
  /** Middle of the noise band, and how it follows the keyboard. */
  readonly hz: number
  readonly keyTrack?: number
  readonly resonance?: number
  /** Seconds of the onset's fall by 60 dB, and the share that stays. */
  readonly fall: number
  readonly hold: number
}

export interface WavePatch {
  readonly kind: 'wave'
  readonly layers: readonly Layer[]
  readonly envelope: EnvelopeShape
  readonly filter?: FilterShape
  readonly breath?: BreathShape
  readonly vibrato?: { readonly hz: number; readonly cents: number; readonly delaySec: number }
  /** Share of the bright tables: at rest, what the hardest key adds, what the envelope's full level adds. */
  readonly brightness?: { readonly base: number; readonly velocity?: number; readonly envelope?: number }
  /** Cents that the pitch begins off, and seconds until it is there (to -60 dB). */
  readonly scoop?: { readonly cents: number; readonly fall: number }
  /** Seconds to slide from a held note; such instruments play one note at a time. */
  readonly glideSec?: number
  readonly velocityCurve?: number
  /** Semitones added to every note. */
  readonly transpose?: number
}

/** Middle C and above fall faster: seconds of `fall` at a pitch. */
const fallAt = (fall: number, pitch: number): number => fall * exp2((60 - pitch) / 18)

/** Room for one control period; nothing is kept in it from one call to the next. */
const scratchLeft = new Float32Array(CONTROL_FRAMES)
const scratchRight = new Float32Array(CONTROL_FRAMES)

interface Sounding {
  readonly dark: Float32Array
  readonly bright: Float32Array | undefined
  readonly ratio: number
  readonly panLeft: number
  readonly panRight: number
  readonly fall: number
  level: number
  phase: number
}

export class WaveVoice implements Voice {
  readonly pitch: number
  readonly #patch: WavePatch
  readonly #touch: Touch
  readonly #sampleRate: number
  readonly #layers: readonly Sounding[]
  readonly #isWide: boolean
  readonly #envelope: Envelope
  readonly #filterEnvelope: Envelope | undefined
  readonly #noise: Noise
  readonly #velocity: number
  readonly #hz: number
  #gain = 0
  #nextGain: number
  readonly #fullGain: number
  #increment = 0
  #bright = 0
  #age = 0
  /** Frames until the next look at the controls. */
  #left = 0
  #scoop: number
  readonly #scoopFall: number
  #glide: number
  readonly #glideFall: number
  // Filter state and coefficients, left and right.
  #a1 = 0
  #a2 = 0
  #a3 = 0
  #damping = 1
  #l1 = 0
  #l2 = 0
  #r1 = 0
  #r2 = 0
  // Breath: a band-pass over noise.
  #breath: number
  readonly #breathFall: number
  #b1 = 0
  #b2 = 0
  readonly #breathG: number

  constructor(patch: WavePatch, start: VoiceStart) {
    const { sampleRate, touch, tables, velocity } = start
    const pitch = clamp(start.pitch + (patch.transpose ?? 0), 0, 127)
    this.pitch = start.pitch
    this.#patch = patch
    this.#touch = touch
    this.#sampleRate = sampleRate
    this.#velocity = velocity / 127
    this.#hz = pitchToHz(pitch)
    this.#noise = new Noise(start.seed)
    this.#layers = patch.layers.flatMap((layer) => {
      const count = layer.voices ?? 1
      const level = (layer.level * (1 - (layer.velocity ?? 0) * (1 - this.#velocity))) / Math.sqrt(count)
      return Array.from({ length: count }, (_, i): Sounding => {
        const at = count === 1 ? 0 : (2 * i) / (count - 1) - 1
        const cents = (layer.cents ?? 0) + at * (layer.spreadCents ?? 0)
        const ratio = (layer.ratio ?? 1) * exp2(cents / 1_200)
        const pan = clamp((layer.pan ?? 0) + at * (layer.width ?? 0), -1, 1)
        const tablePitch = clamp(pitch + 12 * log2(layer.ratio ?? 1), 0, 135)
        return {
          dark: tables.table(layer.wave, tablePitch),
          bright: layer.bright === undefined ? undefined : tables.table(layer.bright, tablePitch),
          ratio,
          panLeft: Math.sqrt(1 - pan),
          panRight: Math.sqrt(1 + pan),
          fall: layer.fall === undefined ? 1 : fallPerStep(fallAt(layer.fall, pitch), sampleRate),
          level,
          phase: count === 1 ? 0 : this.#noise.between(0, TABLE_SIZE - 1),
        }
      })
    })
    this.#isWide = this.#layers.some((layer) => layer.panLeft !== layer.panRight)
    this.#envelope = new Envelope(patch.envelope, touch, sampleRate)
    this.#filterEnvelope =
      patch.filter?.envelope === undefined ? undefined : new Envelope(patch.filter.envelope, touch, sampleRate)
    this.#fullGain = velocityGain(velocity, patch.velocityCurve ?? 1.6)
    this.#nextGain = this.#envelope.value * this.#fullGain
    this.#scoop = patch.scoop?.cents ?? 0
    this.#scoopFall = fallPerStep(patch.scoop?.fall ?? 0, sampleRate)
    this.#glide = start.glideFrom === undefined ? 0 : 100 * (start.glideFrom - start.pitch)
    this.#glideFall = fallPerStep((patch.glideSec ?? 0) * 3, sampleRate)
    const { breath } = patch
    this.#breath = breath === undefined ? 0 : breath.level * (0.4 + 0.6 * this.#velocity)
    this.#breathFall = fallPerStep(breath?.fall ?? 0, sampleRate)
    const breathHz = breath === undefined ? 1_000 : breath.hz * exp2(((breath.keyTrack ?? 0) * (pitch - 60)) / 12)
    this.#breathG = tan((TAU / 2) * Math.min(0.45, breathHz / sampleRate))
  }

  get isReleased(): boolean {
    return this.#envelope.isReleased
  }

  get isDone(): boolean {
    return this.#envelope.isDone && this.#gain === 0 && this.#nextGain === 0
  }

  get loudness(): number {
    let level = 0
    for (const layer of this.#layers) level += layer.level
    return this.#nextGain * level
  }

  release(): void {
    this.#envelope.release()
    this.#filterEnvelope?.release()
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
      at += count
    }
  }

  /** Once per CONTROL_FRAMES: envelopes, vibrato, filter. */
  #control(): void {
    const { vibrato, brightness, filter } = this.#patch
    this.#left = CONTROL_FRAMES
    this.#gain = this.#nextGain
    this.#nextGain = this.#envelope.step() * this.#fullGain
    const seconds = this.#age / this.#sampleRate
    this.#age += CONTROL_FRAMES
    let cents = this.#scoop + this.#glide
    this.#scoop *= this.#scoopFall
    this.#glide *= this.#glideFall
    const ownVibrato = vibrato === undefined ? 0 : vibrato.cents * clamp((seconds - vibrato.delaySec) * 2.5, 0, 1)
    const width = ownVibrato + this.#touch.vibratoCents
    if (width !== 0) cents += width * sin(TAU * (vibrato?.hz ?? 5.3) * seconds)
    const hz = this.#hz * this.#touch.bend * (cents === 0 ? 1 : exp2(cents / 1_200))
    this.#increment = (hz * TABLE_SIZE) / this.#sampleRate
    if (brightness !== undefined) {
      const amount =
        brightness.base +
        (brightness.velocity ?? 0) * this.#velocity +
        (brightness.envelope ?? 0) * this.#envelope.value +
        0.25 * this.#touch.brightness +
        0.004 * this.#touch.vibratoCents
      this.#bright = clamp(amount, 0, 1)
    }
    if (filter !== undefined) this.#tuneFilter(filter, seconds)
  }

  #tuneFilter(filter: FilterShape, seconds: number): void {
    const lfo = filter.lfo === undefined ? 0 : filter.lfo.octaves * sin(TAU * filter.lfo.hz * seconds)
    const octaves =
      (filter.octaves ?? 0) * (this.#filterEnvelope?.step() ?? 0) +
      (filter.velocityOctaves ?? 0) * (this.#velocity - 0.75) +
      filter.keyTrack * log2(this.#hz / 261.6255653) +
      this.#touch.brightness +
      lfo
    const cutoff = clamp(filter.hz * exp2(octaves), 20, 0.42 * this.#sampleRate)
    const g = tan(((TAU / 2) * cutoff) / this.#sampleRate)
    this.#damping = 1.9 * (1 - 0.94 * clamp(filter.resonance + this.#touch.resonance, 0, 1)) + 0.06
    this.#a1 = 1 / (1 + g * (g + this.#damping))
    this.#a2 = g * this.#a1
    this.#a3 = g * this.#a2
  }

  #renderSome(left: Float32Array, right: Float32Array, at: number, count: number): void {
    scratchLeft.fill(0, 0, count)
    if (this.#isWide) scratchRight.fill(0, 0, count)
    for (const layer of this.#layers) this.#addLayer(layer, count)
    if (this.#breath > 1e-5 && this.#patch.breath !== undefined) this.#addBreath(this.#patch.breath, count)
    if (this.#patch.filter !== undefined) {
      this.#filterLeft(this.#patch.filter.mode, count)
      if (this.#isWide) this.#filterRight(this.#patch.filter.mode, count)
    }
    // The gain moves in a straight line over the whole control period, wherever this part of it begins.
    const step = (this.#nextGain - this.#gain) / CONTROL_FRAMES
    let gain = this.#gain + step * (CONTROL_FRAMES - this.#left)
    const other = this.#isWide ? scratchRight : scratchLeft
    for (let i = 0; i < count; i++) {
      gain += step
      left[at + i] = (left[at + i] as number) + gain * (scratchLeft[i] as number)
      right[at + i] = (right[at + i] as number) + gain * (other[i] as number)
    }
    if (this.#left === count && this.#nextGain === 0) this.#gain = 0
  }

  /** One layer into the scratch. The four cases have loops of their own: this is where most of the time goes. */
  #addLayer(layer: Sounding, count: number): void {
    // Below -86 dB of full scale: not heard under anything, and not worth its time.
    if (layer.level * (this.#gain + this.#nextGain) < 1e-4) return
    const increment = this.#increment * layer.ratio
    // Falls are spread over the control period; a part of it gets its share.
    const step = (layer.level * (layer.fall - 1)) / CONTROL_FRAMES
    const isMixed = layer.bright !== undefined && this.#bright > 0
    if (this.#isWide) {
      if (isMixed) addWideMixed(layer, count, increment, step, this.#bright)
      else addWide(layer, count, increment, step)
    } else if (isMixed) addMixed(layer, count, increment, step, this.#bright)
    else addPlain(layer, count, increment, step)
  }

  #addBreath(breath: BreathShape, count: number): void {
    const damping = 1.6 * (1 - (breath.resonance ?? 0.3)) + 0.1
    const g = this.#breathG
    const a1 = 1 / (1 + g * (g + damping))
    const a2 = g * a1
    const hold = breath.level * breath.hold
    const step = ((this.#breath - hold) * (this.#breathFall - 1)) / CONTROL_FRAMES
    let level = this.#breath
    let b1 = this.#b1
    let b2 = this.#b2
    const noise = this.#noise
    for (let i = 0; i < count; i++) {
      const v3 = noise.next() - b2
      const v1 = a1 * b1 + a2 * v3
      const v2 = b2 + g * v1
      b1 = 2 * v1 - b1
      b2 = 2 * v2 - b2
      const y = level * damping * v1
      level += step
      scratchLeft[i] = (scratchLeft[i] as number) + y
      if (this.#isWide) scratchRight[i] = (scratchRight[i] as number) + y
    }
    this.#b1 = b1
    this.#b2 = b2
    this.#breath = level
  }

  #filterLeft(mode: FilterShape['mode'], count: number): void {
    const pair = runFilter(scratchLeft, count, mode, this.#a1, this.#a2, this.#a3, this.#damping, this.#l1, this.#l2)
    this.#l1 = pair[0] as number
    this.#l2 = pair[1] as number
  }

  #filterRight(mode: FilterShape['mode'], count: number): void {
    const pair = runFilter(scratchRight, count, mode, this.#a1, this.#a2, this.#a3, this.#damping, this.#r1, this.#r2)
    this.#r1 = pair[0] as number
    this.#r2 = pair[1] as number
  }
}

function addPlain(layer: Sounding, count: number, increment: number, step: number): void {
  const { dark } = layer
  let gain = layer.level
  let phase = layer.phase
  for (let i = 0; i < count; i++) {
    const index = phase | 0
    const part = phase - index
    const a = dark[index] as number
    const y = gain * (a + part * ((dark[index + 1] as number) - a))
    gain += step
    phase += increment
    if (phase >= TABLE_SIZE) phase -= TABLE_SIZE
    scratchLeft[i] = (scratchLeft[i] as number) + y
  }
  layer.phase = phase
  layer.level = gain
}

function addMixed(layer: Sounding, count: number, increment: number, step: number, mix: number): void {
  const { dark } = layer
  const bright = layer.bright as Float32Array
  let gain = layer.level
  let phase = layer.phase
  for (let i = 0; i < count; i++) {
    const index = phase | 0
    const part = phase - index
    const a = dark[index] as number
    const b = bright[index] as number
    const d = a + part * ((dark[index + 1] as number) - a)
    const y = gain * (d + mix * (b + part * ((bright[index + 1] as number) - b) - d))
    gain += step
    phase += increment
    if (phase >= TABLE_SIZE) phase -= TABLE_SIZE
    scratchLeft[i] = (scratchLeft[i] as number) + y
  }
  layer.phase = phase
  layer.level = gain
}

function addWide(layer: Sounding, count: number, increment: number, step: number): void {
  const { dark, panLeft, panRight } = layer
  let gain = layer.level
  let phase = layer.phase
  for (let i = 0; i < count; i++) {
    const index = phase | 0
    const part = phase - index
    const a = dark[index] as number
    const y = gain * (a + part * ((dark[index + 1] as number) - a))
    gain += step
    phase += increment
    if (phase >= TABLE_SIZE) phase -= TABLE_SIZE
    scratchLeft[i] = (scratchLeft[i] as number) + panLeft * y
    scratchRight[i] = (scratchRight[i] as number) + panRight * y
  }
  layer.phase = phase
  layer.level = gain
}

function addWideMixed(layer: Sounding, count: number, increment: number, step: number, mix: number): void {
  const { dark, panLeft, panRight } = layer
  const bright = layer.bright as Float32Array
  let gain = layer.level
  let phase = layer.phase
  for (let i = 0; i < count; i++) {
    const index = phase | 0
    const part = phase - index
    const a = dark[index] as number
    const b = bright[index] as number
    const d = a + part * ((dark[index + 1] as number) - a)
    const y = gain * (d + mix * (b + part * ((bright[index + 1] as number) - b) - d))
    gain += step
    phase += increment
    if (phase >= TABLE_SIZE) phase -= TABLE_SIZE
    scratchLeft[i] = (scratchLeft[i] as number) + panLeft * y
    scratchRight[i] = (scratchRight[i] as number) + panRight * y
  }
  layer.phase = phase
  layer.level = gain
}

const filterState = new Float64Array(2)

/** A state-variable filter in place; gives its two states, to be kept until the next part. */
function runFilter(
  x: Float32Array,
  count: number,
  mode: FilterShape['mode'],
  a1: number,
  a2: number,
  a3: number,
  damping: number,
  state1: number,
  state2: number,
): Float64Array {
  let s1 = state1
  let s2 = state2
  const takeLow = mode === 'low' ? 1 : 0
  const takeBand = mode === 'band' ? damping : mode === 'high' ? -damping : 0
  const takeInput = mode === 'high' ? 1 : 0
  const low = mode === 'high' ? -1 : takeLow
  for (let i = 0; i < count; i++) {
    const input = x[i] as number
    const v3 = input - s2
    const v1 = a1 * s1 + a2 * v3
    const v2 = s2 + a2 * s1 + a3 * v3
    s1 = 2 * v1 - s1
    s2 = 2 * v2 - s2
    x[i] = takeInput * input + takeBand * v1 + low * v2
  }
  filterState[0] = s1
  filterState[1] = s2
  return filterState
}
