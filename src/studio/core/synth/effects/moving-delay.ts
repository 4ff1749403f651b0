// Chorus, flanger and vibrato: short delays whose length moves like a sine, differently on each side.

import { sin, TAU } from '../../maths/index.ts'
import { effectValues } from '../effect-parameters.ts'
import { CHUNK, type Effect, type EffectSite, undenormal } from './effect.ts'

interface Movement {
  readonly rateHz: number
  /** Shortest delay, and how much longer it gets. */
  readonly baseSec: number
  readonly depthSec: number
  readonly feedback: number
  /** Turns between the sides. */
  readonly apart: number
  readonly mix: number
}

const LINE_SEC = 0.06

function movementOf(type: 'chorus' | 'flanger' | 'modulation', params: Readonly<Record<string, number>>): Movement {
  switch (type) {
    case 'chorus': {
      const { rate, depth, mix } = effectValues(type, params)
      return { rateHz: rate, baseSec: 0.011, depthSec: 0.0002 + 0.0055 * depth, feedback: 0, apart: 0.25, mix }
    }
    case 'flanger': {
      const { rate, depth, feedback, mix } = effectValues(type, params)
      return { rateHz: rate, baseSec: 0.0007, depthSec: 0.0045 * depth, feedback, apart: 0.25, mix }
    }
    case 'modulation': {
      const { rate, depth, mix } = effectValues(type, params)
      // A sine of delay bends the pitch by 2 pi rate depth: a semitone is a ratio of 0.0595.
      return {
        rateHz: rate,
        baseSec: 0.002,
        depthSec: Math.min(0.03, (0.0595 * depth * 2) / (TAU * rate)),
        feedback: 0,
        apart: 0,
        mix,
      }
    }
  }
}

export class MovingDelay implements Effect {
  readonly tailFrames: number
  readonly #sampleRate: number
  readonly #movement: Movement
  readonly #left: Float32Array
  readonly #right: Float32Array
  #write = 0
  #turn = 0

  constructor(site: EffectSite, type: 'chorus' | 'flanger' | 'modulation', params: Readonly<Record<string, number>>) {
    this.#sampleRate = site.sampleRate
    this.#movement = movementOf(type, params)
    const size = Math.ceil(LINE_SEC * site.sampleRate) + CHUNK
    this.#left = new Float32Array(size)
    this.#right = new Float32Array(size)
    this.tailFrames = LINE_SEC * site.sampleRate * (1 + 12 * this.#movement.feedback)
  }

  process(left: Float32Array, right: Float32Array): void {
    const { apart } = this.#movement
    const turnAfter = this.#turn + (this.#movement.rateHz * CHUNK) / this.#sampleRate
    this.#run(left, this.#left, this.#delayAt(this.#turn), this.#delayAt(turnAfter))
    this.#run(right, this.#right, this.#delayAt(this.#turn + apart), this.#delayAt(turnAfter + apart))
    this.#write = (this.#write + CHUNK) % this.#left.length
    this.#turn = turnAfter - Math.floor(turnAfter)
  }

  /** Frames of delay at a turn of the movement. */
  #delayAt(turn: number): number {
    const { baseSec, depthSec } = this.#movement
    return (baseSec + depthSec * 0.5 * (1 + sin(TAU * turn))) * this.#sampleRate
  }

  #run(x: Float32Array, line: Float32Array, from: number, to: number): void {
    const { feedback, mix } = this.#movement
    const dry = 1 - mix
    const size = line.length
    const step = (to - from) / CHUNK
    let delay = from
    let write = this.#write
    for (let i = 0; i < x.length; i++) {
      delay += step
      let position = write - delay
      if (position < 0) position += size
      const at = position | 0
      const a = line[at] as number
      const y = a + (position - at) * ((line[at + 1 === size ? 0 : at + 1] as number) - a)
      const input = x[i] as number
      line[write] = undenormal(input + feedback * y)
      write = write + 1 === size ? 0 : write + 1
      x[i] = dry * input + mix * y
    }
  }
}
