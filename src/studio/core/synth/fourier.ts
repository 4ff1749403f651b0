// A fast Fourier transform, used to turn a list of harmonics into one period of a wave.

import { cos, sin, TAU } from '../maths/index.ts'

/** In place, without scaling: x[k] = sum over n of X[n] e^(+2 pi i n k / N). Lengths must be an equal power of two. */
export function inverseTransform(re: Float64Array, im: Float64Array): void {
  const size = re.length
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      swap(re, i, j)
      swap(im, i, j)
    }
  }
  for (let length = 2; length <= size; length *= 2) {
    const half = length / 2
    for (let k = 0; k < half; k++) {
      const wr = cos((TAU * k) / length)
      const wi = sin((TAU * k) / length)
      for (let i = k; i < size; i += length) {
        const j = i + half
        const br = (re[j] as number) * wr - (im[j] as number) * wi
        const bi = (re[j] as number) * wi + (im[j] as number) * wr
        const ar = re[i] as number
        const ai = im[i] as number
        re[i] = ar + br
        im[i] = ai + bi
        re[j] = ar - br
        im[j] = ai - bi
      }
    }
  }
}

function swap(list: Float64Array, i: number, j: number): void {
  const kept = list[i] as number
  list[i] = list[j] as number
  list[j] = kept
}
