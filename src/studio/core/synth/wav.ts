// WAV files: PCM of 16 or 24 bits, with triangular dither that is the same for every rendering.

import { Noise } from './noise.ts'

export type BitDepth = 16 | 24

const CHANNELS = 2
const HEADER_BYTES = 44

/** Bytes of a whole file. */
export const wavBytes = (frames: number, bits: BitDepth): number => HEADER_BYTES + (frames * CHANNELS * bits) / 8

/**
 * The 44 bytes before the samples of a stereo file of `frames` frames.
 * @throws RangeError when the file would pass the format's 4 GiB.
 */
export function wavHeader(frames: number, sampleRate: number, bits: BitDepth): Uint8Array {
  const bytesPerFrame = (CHANNELS * bits) / 8
  const dataBytes = frames * bytesPerFrame
  if (dataBytes + HEADER_BYTES > 0xffff_ffff)
    throw new RangeError(`${frames} frames of ${bits} bits are more than a WAV file can hold (4 GiB)`)
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  const text = (at: number, value: string): void => {
    for (let i = 0; i < value.length; i++) view.setUint8(at + i, value.charCodeAt(i))
  }
  text(0, 'RIFF')
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true)
  text(8, 'WAVE')
  text(12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, CHANNELS, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * bytesPerFrame, true)
  view.setUint16(32, bytesPerFrame, true)
  view.setUint16(34, bits, true)
  text(36, 'data')
  view.setUint32(40, dataBytes, true)
  return header
}

/** Turns blocks into the bytes of samples. One encoder a file: its dither goes on from block to block. */
export class WavEncoder {
  readonly #bits: BitDepth
  readonly #noise = new Noise(0x5eed)

  constructor(bits: BitDepth) {
    this.#bits = bits
  }

  encode(left: Float32Array, right: Float32Array): Uint8Array {
    const bytesPerSample = this.#bits / 8
    const bytes = new Uint8Array(left.length * CHANNELS * bytesPerSample)
    let at = 0
    for (let i = 0; i < left.length; i++) {
      this.#put(bytes, at, left[i] as number)
      this.#put(bytes, at + bytesPerSample, right[i] as number)
      at += CHANNELS * bytesPerSample
    }
    return bytes
  }

  /** Silence stays silence: exact zeros get no dither. */
  #put(bytes: Uint8Array, at: number, value: number): void {
    const top = this.#bits === 16 ? 32_767 : 8_388_607
    const dither = value === 0 ? 0 : 0.5 * (this.#noise.next() + this.#noise.next())
    const sample = Math.max(-top - 1, Math.min(top, Math.floor(value * top + dither + 0.5)))
    bytes[at] = sample & 0xff
    bytes[at + 1] = (sample >> 8) & 0xff
    if (this.#bits === 24) bytes[at + 2] = (sample >> 16) & 0xff
  }
}
