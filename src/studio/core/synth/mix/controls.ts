// The controllers of a track over time: what its voices are asked (touch) and what its fader does.

import { clamp, cos, exp2, sin, TAU } from '../../maths/index.ts'
import { type Lane, laneOf } from '../lanes.ts'
import type { ScoreTrack } from '../score.ts'
import { restingTouch, type Touch } from '../voices/voice.ts'

const BEND_SEMITONES = 2
const WHEEL_CENTS = 38
const EQ_RANGE_DB = 24

export class TrackControls {
  readonly touch: Touch = restingTouch()
  gainLeft = 0
  gainRight = 0
  isPedalDown = false
  /** Gains of the automated equaliser in dB. */
  eqLow = 0
  eqMid = 0
  eqHigh = 0
  readonly isEqualised: boolean
  readonly isToned: boolean
  readonly #track: ScoreTrack
  readonly #volume: Lane | undefined
  readonly #pan: Lane | undefined
  readonly #low: Lane | undefined
  readonly #mid: Lane | undefined
  readonly #high: Lane | undefined
  readonly #wheel: Lane | undefined
  readonly #channelVolume: Lane | undefined
  readonly #channelPan: Lane | undefined
  readonly #expression: Lane | undefined
  readonly #sustain: Lane | undefined
  readonly #cutoff: Lane | undefined
  readonly #bend: Lane | undefined
  readonly #synthCutoff: Lane | undefined
  readonly #resonance: Lane | undefined
  readonly #attack: Lane | undefined
  readonly #release: Lane | undefined

  constructor(track: ScoreTrack) {
    this.#track = track
    this.#volume = laneOf(track, 'Volume')
    this.#pan = laneOf(track, 'Pan')
    this.#low = laneOf(track, 'EQ Low')
    this.#mid = laneOf(track, 'EQ Mid')
    this.#high = laneOf(track, 'EQ High')
    this.#wheel = laneOf(track, 'Mod Wheel (CC1)')
    this.#channelVolume = laneOf(track, 'Volume (CC7)')
    this.#channelPan = laneOf(track, 'Pan (CC10)')
    this.#expression = laneOf(track, 'Expression (CC11)')
    this.#sustain = laneOf(track, 'Sustain (CC64)')
    this.#cutoff = laneOf(track, 'Filter Cutoff (CC74)')
    this.#bend = laneOf(track, 'Pitch Bend')
    this.#synthCutoff = laneOf(track, 'Synth Cutoff')
    this.#resonance = laneOf(track, 'Synth Resonance')
    this.#attack = laneOf(track, 'Synth Attack')
    this.#release = laneOf(track, 'Synth Release')
    this.isEqualised = this.#low !== undefined || this.#mid !== undefined || this.#high !== undefined
    this.isToned = this.#cutoff !== undefined || this.#synthCutoff !== undefined || this.#resonance !== undefined
  }

  /** Reads every lane at `tick`, which must not go back. */
  moveTo(tick: number): void {
    this.#moveFader(tick)
    this.#moveTouch(tick)
    if (this.#sustain !== undefined) this.isPedalDown = this.#sustain.at(tick) >= 64
    if (this.#low !== undefined) this.eqLow = EQ_RANGE_DB * (this.#low.at(tick) - 0.5)
    if (this.#mid !== undefined) this.eqMid = EQ_RANGE_DB * (this.#mid.at(tick) - 0.5)
    if (this.#high !== undefined) this.eqHigh = EQ_RANGE_DB * (this.#high.at(tick) - 0.5)
  }

  #moveFader(tick: number): void {
    const volume = this.#volume?.at(tick) ?? this.#track.volume
    // Files carry faders as controller 7 with 100 for a fader at 1, so that is where it is neutral.
    const channel = (this.#channelVolume?.at(tick) ?? 100) / 100
    const expression = (this.#expression?.at(tick) ?? 127) / 127
    const gain = volume * channel * expression * expression
    const offset = this.#channelPan === undefined ? 0 : (this.#channelPan.at(tick) - 64) / 127
    const pan = clamp((this.#pan?.at(tick) ?? this.#track.pan) + offset, 0, 1)
    // Equal power, 1 on both sides in the middle.
    this.gainLeft = gain * Math.SQRT2 * cos((TAU / 4) * pan)
    this.gainRight = gain * Math.SQRT2 * sin((TAU / 4) * pan)
  }

  #moveTouch(tick: number): void {
    const { touch } = this
    if (this.#bend !== undefined) touch.bend = exp2((this.#bend.at(tick) * BEND_SEMITONES) / (8_192 * 12))
    if (this.#wheel !== undefined) touch.vibratoCents = (WHEEL_CENTS * this.#wheel.at(tick)) / 127
    if (this.isToned) {
      const byController = this.#cutoff === undefined ? 0 : (this.#cutoff.at(tick) - 64) / 32
      const bySynth = this.#synthCutoff === undefined ? 0 : 4 * (this.#synthCutoff.at(tick) - 0.5)
      touch.brightness = byController + bySynth
      touch.resonance = this.#resonance?.at(tick) ?? 0
    }
    if (this.#attack !== undefined) touch.attack = exp2(8 * (this.#attack.at(tick) - 0.5))
    if (this.#release !== undefined) touch.release = exp2(8 * (this.#release.at(tick) - 0.5))
  }
}
