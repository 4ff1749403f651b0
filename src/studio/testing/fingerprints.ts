// Fingerprints of the sound that the pure core of the studio makes: bundled and run by other engines than this one, whose
// bytes must be equal. Uses no platform but what every engine has.

import { compose, createRenderer, toScore, WavEncoder } from '../core/index.ts'
import { cos, exp, exp2, log, log2, pow, sin, tanh } from '../core/maths/index.ts'
import { smallSong } from '../core/synth/testing/scores.ts'

/** FNV-1a. */
function hashOf(bytes: Uint8Array, seed = 0x811c9dc5): number {
  let hash = seed
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

function wav(score: ReturnType<typeof toScore>): string {
  const renderer = createRenderer(score, { tailSec: 1 })
  const encoder = new WavEncoder(16)
  let hash: number | undefined
  for (let block = renderer.next(); block !== undefined; block = renderer.next())
    hash = hashOf(encoder.encode(block.left, block.right), hash)
  return String(hash)
}

function maths(): string {
  const values = Array.from({ length: 5_000 }, (_, i) => {
    const x = (i - 2_500) / 97
    return [sin(x), cos(x), tanh(x), exp(x / 4), exp2(x / 3), log(i + 0.3), log2(i + 0.7), pow(i, 0.37)]
  })
  return String(hashOf(new Uint8Array(new Float64Array(values.flat()).buffer)))
}

/** Name of each thing made, and its fingerprint. */
export function fingerprints(): Record<string, string> {
  const piece = (genre: string, bars: number) => compose({ genre, bars, seed: '11' })
  return {
    maths: maths(),
    'wav of a song that uses every part of the mixer': wav(smallSong(2)),
    ...Object.fromEntries(
      ['lofi', 'trap', 'rock', 'jazz', 'ambient', 'house'].map((genre) => [
        `wav ${genre}`,
        wav(toScore(piece(genre, 4))),
      ]),
    ),
  }
}
