// Makes the samples of a kit when they are first played, keeps them, and turns notes into hits.

import { dbToGain } from '../../maths/index.ts'
import { Noise, seedOf } from '../noise.ts'
import { drumKits, type DrumKit } from '../score.ts'
import { HitVoice, type Sample } from '../voices/hit-voice.ts'
import { velocityGain } from '../voices/voice.ts'
import { pieceOf } from './kits.ts'

/** Timbres between the softest and the hardest hit. */
const FORCES = 5

export class KitPlayer {
  readonly #kit: DrumKit
  readonly #sampleRate: number
  readonly #samples = new Map<number, Sample>()

  constructor(kit: DrumKit, sampleRate: number) {
    this.#kit = kit
    this.#sampleRate = sampleRate
  }

  /** `count` is the number of hits of the track so far: it chooses the take. */
  hit(key: number, velocity: number, count: number): HitVoice {
    const { piece, key: known } = pieceOf(this.#kit, key)
    const force = Math.min(FORCES - 1, Math.floor((velocity * FORCES) / 128))
    const take = piece.takes === 1 ? 0 : (seedOf(known, count) >>> 8) % piece.takes
    const gain = velocityGain(velocity, 1.7) * dbToGain(piece.gainDb)
    return new HitVoice(known, this.#sample(known, force, take), gain, piece.pan, this.#sampleRate)
  }

  /** Keys that this one silences, itself included. */
  chokes(key: number, other: number): boolean {
    const group = pieceOf(this.#kit, key).piece.choke
    return group !== undefined && pieceOf(this.#kit, other).piece.choke === group
  }

  #sample(key: number, force: number, take: number): Sample {
    const id = (key * FORCES + force) * 8 + take
    let sample = this.#samples.get(id)
    if (sample === undefined) {
      const { piece } = pieceOf(this.#kit, key)
      const noise = new Noise(seedOf(drumKits.indexOf(this.#kit), key, take))
      sample = piece.make(this.#sampleRate, (force + 0.5) / FORCES, noise)
      this.#samples.set(id, sample)
    }
    return sample
  }
}
