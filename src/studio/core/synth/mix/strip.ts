// The channel strip of a track: its voices, the amplifier that belongs to the instrument, its effects, its fader
// and its sends.

import { clamp, dbToGain, exp2 } from '../../maths/index.ts'
import { Biquad } from '../effects/biquad.ts'
import { EffectChain } from '../effects/chain.ts'
import { CHUNK, type EffectSite } from '../effects/effect.ts'
import { Equaliser } from '../effects/eq.ts'
import { levelDbOf } from '../instruments/levels.ts'
import { instrumentOf } from '../instruments/programs.ts'
import type { ScoreNote, ScoreTrack } from '../score.ts'
import type { Tables } from '../tables.ts'
import type { TempoClock } from '../tempo-clock.ts'
import { TrackControls } from './controls.ts'
import { type KeyEvent, keyEvents } from './track-events.ts'
import { TrackVoices } from './voices.ts'

/** Where a strip sends its sound. */
export interface MixBus {
  readonly left: Float32Array
  readonly right: Float32Array
  /** False once anything was added in this chunk. */
  isSilent: boolean
}

export const createMixBus = (): MixBus => ({
  left: new Float32Array(CHUNK),
  right: new Float32Array(CHUNK),
  isSilent: true,
})

export function clearBus(bus: MixBus): void {
  bus.left.fill(0)
  bus.right.fill(0)
  bus.isSilent = true
}

export interface StripSite extends EffectSite {
  readonly tables: Tables
  readonly clock: TempoClock
  readonly startTick: number
}

export class Strip {
  readonly #track: ScoreTrack
  readonly #site: StripSite
  readonly #controls: TrackControls
  readonly #voices: TrackVoices
  readonly #events: readonly KeyEvent[]
  readonly #amplifier: EffectChain
  readonly #effects: EffectChain
  readonly #equaliser: Equaliser | undefined
  readonly #tone: Biquad | undefined
  readonly #sends: readonly { readonly bus: MixBus; readonly level: number }[]
  readonly #left = new Float32Array(CHUNK)
  readonly #right = new Float32Array(CHUNK)
  readonly #level: number
  #next = 0
  #gainLeft: number
  #gainRight: number
  #quietChunks = 0

  constructor(track: ScoreTrack, site: StripSite, buses: ReadonlyMap<string, MixBus>) {
    this.#track = track
    this.#site = site
    this.#controls = new TrackControls(track)
    this.#voices = new TrackVoices(track, this.#controls.touch, site.tables, site.sampleRate)
    this.#events = keyEvents(track.notes, site.clock, site.startTick)
    const instrument = track.kind === 'drums' ? undefined : instrumentOf(track.program)
    this.#amplifier = new EffectChain(site, instrument?.amplifier ?? [])
    this.#effects = new EffectChain(site, track.effects)
    this.#equaliser = this.#controls.isEqualised ? new Equaliser(site, {}) : undefined
    const hasOwnFilter = instrument?.patch.kind === 'wave' && instrument.patch.filter !== undefined
    this.#tone = this.#controls.isToned && !hasOwnFilter ? new Biquad() : undefined
    this.#sends = track.sends.flatMap(({ busId, level }) => {
      const bus = buses.get(busId)
      return bus === undefined || level === 0 ? [] : [{ bus, level }]
    })
    this.#level = dbToGain(levelDbOf(track))
    this.#controls.moveTo(site.startTick)
    this.#gainLeft = this.#level * this.#controls.gainLeft
    this.#gainRight = this.#level * this.#controls.gainRight
  }

  /** Adds the chunk that begins at `frame` to the mix and the buses. */
  render(frame: number, mix: MixBus): void {
    const left = this.#left.fill(0)
    const right = this.#right.fill(0)
    this.#controls.moveTo(this.#site.clock.tickAt(frame + CHUNK))
    this.#voices.pedal(this.#controls.isPedalDown)
    const wasSilent = this.#voices.isSilent
    this.#play(frame, left, right)
    const isSilent = wasSilent && this.#voices.isSilent
    this.#voices.sweep()
    this.#shape(left, right, isSilent)
    this.#output(left, right, mix)
  }

  #play(frame: number, left: Float32Array, right: Float32Array): void {
    const events = this.#events
    let at = 0
    for (let event = events[this.#next]; event !== undefined && event.frame < frame + CHUNK;) {
      const offset = Math.max(at, event.frame - frame)
      this.#voices.render(left, right, at, offset)
      at = offset
      if (event.isPress) this.#voices.press(event.note, this.#track.notes[event.note] as ScoreNote)
      else this.#voices.release(event.note)
      this.#next += 1
      event = events[this.#next]
    }
    this.#voices.render(left, right, at, CHUNK)
  }

  #shape(left: Float32Array, right: Float32Array, isSilent: boolean): void {
    this.#quietChunks = isSilent ? this.#quietChunks + 1 : 0
    let isQuiet = this.#amplifier.process(left, right, isSilent)
    const { touch, eqLow, eqMid, eqHigh } = this.#controls
    if (this.#tone !== undefined) {
      const hz = clamp(16_000 * exp2(2.4 * touch.brightness), 60, 18_000)
      this.#tone.low(hz / this.#site.sampleRate, Math.SQRT1_2 * exp2(3.2 * touch.resonance))
      this.#tone.process(left, right)
      isQuiet &&= this.#quietChunks > 64
    }
    if (this.#equaliser !== undefined) {
      this.#equaliser.setGains(eqLow, eqMid, eqHigh)
      this.#equaliser.process(left, right)
      isQuiet &&= this.#quietChunks > 64
    }
    this.#isSilent = this.#effects.process(left, right, isQuiet)
  }

  #isSilent = true

  #output(left: Float32Array, right: Float32Array, mix: MixBus): void {
    const toLeft = this.#level * this.#controls.gainLeft
    const toRight = this.#level * this.#controls.gainRight
    if (this.#isSilent) {
      this.#gainLeft = toLeft
      this.#gainRight = toRight
      return
    }
    const stepLeft = (toLeft - this.#gainLeft) / CHUNK
    const stepRight = (toRight - this.#gainRight) / CHUNK
    let gainLeft = this.#gainLeft
    let gainRight = this.#gainRight
    for (let i = 0; i < CHUNK; i++) {
      gainLeft += stepLeft
      gainRight += stepRight
      left[i] = gainLeft * (left[i] as number)
      right[i] = gainRight * (right[i] as number)
    }
    this.#gainLeft = toLeft
    this.#gainRight = toRight
    addTo(mix, left, right, 1)
    for (const { bus, level } of this.#sends) addTo(bus, left, right, level)
  }
}

function addTo(bus: MixBus, left: Float32Array, right: Float32Array, level: number): void {
  bus.isSilent = false
  const { left: toLeft, right: toRight } = bus
  for (let i = 0; i < CHUNK; i++) {
    toLeft[i] = (toLeft[i] as number) + level * (left[i] as number)
    toRight[i] = (toRight[i] as number) + level * (right[i] as number)
  }
}
