// The sounding notes of one track: starts and releases them, holds them under the pedal, and keeps their number
// bounded by fading the quietest ones out.

import { KitPlayer } from '../drums/kit-player.ts'
import { instrumentOf } from '../instruments/programs.ts'
import { seedOf } from '../noise.ts'
import type { ScoreNote, ScoreTrack } from '../score.ts'
import type { Tables } from '../tables.ts'
import { FmVoice } from '../voices/fm-voice.ts'
import { HitVoice } from '../voices/hit-voice.ts'
import { PluckVoice } from '../voices/pluck-voice.ts'
import type { Touch, Voice, VoiceStart } from '../voices/voice.ts'
import { WaveVoice } from '../voices/wave-voice.ts'
import type { Patch } from '../instruments/patch.ts'

/** Notes of a track that may sound at once; older and quieter ones give way. */
const MOST_VOICES = 32
/** Those that are fading out to give way count on top; beyond this the oldest is dropped. */
const MOST_WITH_FADING = 48

function createVoice(patch: Patch, start: VoiceStart): Voice {
  switch (patch.kind) {
    case 'wave':
      return new WaveVoice(patch, start)
    case 'fm':
      return new FmVoice(patch, start)
    case 'pluck':
      return new PluckVoice(patch, start)
  }
}

interface Sounding {
  readonly note: number
  readonly voice: Voice
  isHeld: boolean
  isCut: boolean
}

export class TrackVoices {
  readonly #sampleRate: number
  readonly #tables: Tables
  readonly #touch: Touch
  readonly #kit: KitPlayer | undefined
  readonly #patch: Patch | undefined
  readonly #seed: number
  #sounding: Sounding[] = []
  #count = 0
  #isPedalDown = false

  constructor(track: ScoreTrack, touch: Touch, tables: Tables, sampleRate: number) {
    this.#sampleRate = sampleRate
    this.#tables = tables
    this.#touch = touch
    const isDrums = track.kind === 'drums'
    this.#kit = isDrums ? new KitPlayer(track.drumKit, sampleRate) : undefined
    this.#patch = isDrums ? undefined : instrumentOf(track.program).patch
    this.#seed = seedOf(track.program, isDrums ? 1 : 0)
  }

  get isSilent(): boolean {
    return this.#sounding.length === 0
  }

  press(index: number, { pitch, velocity, tick }: ScoreNote): void {
    this.#makeRoom()
    const voice = this.#kit === undefined ? this.#tone(pitch, velocity, tick) : this.#hit(this.#kit, pitch, velocity)
    this.#sounding.push({ note: index, voice, isHeld: true, isCut: false })
    this.#count += 1
  }

  release(index: number): void {
    for (const one of this.#sounding) {
      if (one.note !== index || !one.isHeld) continue
      one.isHeld = false
      if (!this.#isPedalDown) one.voice.release()
    }
  }

  pedal(isDown: boolean): void {
    if (isDown === this.#isPedalDown) return
    this.#isPedalDown = isDown
    if (isDown) return
    for (const one of this.#sounding) if (!one.isHeld) one.voice.release()
  }

  render(left: Float32Array, right: Float32Array, from: number, to: number): void {
    if (from === to) return
    for (const { voice } of this.#sounding) voice.render(left, right, from, to)
  }

  /** Forgets what has ended. */
  sweep(): void {
    if (this.#sounding.some(({ voice }) => voice.isDone))
      this.#sounding = this.#sounding.filter(({ voice }) => !voice.isDone)
  }

  #hit(kit: KitPlayer, key: number, velocity: number): Voice {
    for (const { voice } of this.#sounding) if (voice instanceof HitVoice && kit.chokes(key, voice.pitch)) voice.choke()
    return kit.hit(key, velocity, this.#count)
  }

  #tone(pitch: number, velocity: number, tick: number): Voice {
    const patch = this.#patch as Patch
    const glides = patch.glideSec !== undefined
    let glideFrom: number | undefined
    for (const one of this.#sounding) {
      const isAgain = one.voice.pitch === pitch
      if (glides && one.isHeld) glideFrom = one.voice.pitch
      // A string that is struck again, and an instrument of one voice, leave the old note.
      if ((isAgain || (glides && one.isHeld)) && !one.isCut) {
        one.isHeld = false
        if (glides) this.#cut(one)
        else one.voice.release()
      }
    }
    return createVoice(patch, {
      sampleRate: this.#sampleRate,
      tables: this.#tables,
      touch: this.#touch,
      pitch,
      velocity,
      seed: seedOf(this.#seed, pitch, velocity, tick),
      ...(glideFrom === undefined || glideFrom === pitch ? {} : { glideFrom }),
    })
  }

  #cut(one: Sounding): void {
    one.isCut = true
    one.voice.cut()
  }

  #makeRoom(): void {
    const alive = this.#sounding.filter((one) => !one.isCut)
    if (alive.length >= MOST_VOICES) {
      let weakest: Sounding | undefined
      let least = Infinity
      for (const one of alive) {
        const loudness = one.voice.loudness * (one.isHeld ? 1 : 0.25)
        if (loudness < least) {
          least = loudness
          weakest = one
        }
      }
      if (weakest !== undefined) this.#cut(weakest)
    }
    if (this.#sounding.length >= MOST_WITH_FADING) this.#sounding.shift()
  }
}
