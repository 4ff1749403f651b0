// Exponentials and logarithms made only of + - * /, floor and the bits of a number, so that every engine
// computes the same bits (Math.pow differs even between Node versions).

const LN_2 = Math.LN2
const LOG2_E = Math.LOG2E
/** ln 2 with its low bits zero, so that `k * LN_2_HIGH` is exact for every exponent k; and what is missing. */
const LN_2_HIGH = 0.6931471803691238
const LN_2_LOW = 1.9082149292705877e-10

const LOWEST_EXPONENT = -1_074
const HIGHEST_EXPONENT = 1_023

/** 2^k for every k that a double can hold, by exact doubling. */
const powersOfTwo = ((): Float64Array => {
  const table = new Float64Array(HIGHEST_EXPONENT - LOWEST_EXPONENT + 1)
  let value = 1
  for (let k = 0; k <= HIGHEST_EXPONENT; k++, value *= 2) table[k - LOWEST_EXPONENT] = value
  value = 1
  for (let k = 0; k >= LOWEST_EXPONENT; k--, value /= 2) table[k - LOWEST_EXPONENT] = value
  return table
})()

/** e^r for |r| <= 0.35, by its Taylor series; the compiler folds the constants. */
const expNear = (r: number): number =>
  1 +
  r *
    (1 +
      r *
        (0.5 +
          r *
            (1 / 6 +
              r *
                (1 / 24 +
                  r *
                    (1 / 120 +
                      r *
                        (1 / 720 +
                          r *
                            (1 / 5_040 +
                              r *
                                (1 / 40_320 +
                                  r *
                                    (1 / 362_880 +
                                      r *
                                        (1 / 3_628_800 +
                                          r *
                                            (1 / 39_916_800 + r * (1 / 479_001_600 + r * (1 / 6_227_020_800)))))))))))))

/** `mantissa * 2^k` for any k, in two steps where one would leave the range of exponents. */
function scale(mantissa: number, k: number): number {
  if (k >= LOWEST_EXPONENT && k <= HIGHEST_EXPONENT) return mantissa * (powersOfTwo[k - LOWEST_EXPONENT] ?? 0)
  if (k > HIGHEST_EXPONENT + 1) return mantissa * Infinity
  if (k < LOWEST_EXPONENT) return 0
  return mantissa * 2 * (powersOfTwo[HIGHEST_EXPONENT - LOWEST_EXPONENT] ?? 0)
}

/** 2^x. Relative error below 4e-16; 0 below -1075, Infinity from 1024 on. */
export function exp2(x: number): number {
  if (!(x > LOWEST_EXPONENT - 1)) return Number.isNaN(x) ? x : 0
  if (x >= HIGHEST_EXPONENT + 1) return Infinity
  const k = Math.floor(x + 0.5)
  return scale(expNear((x - k) * LN_2), k)
}

/** e^x. Relative error below 5e-16. */
export function exp(x: number): number {
  if (!(x > -746)) return Number.isNaN(x) ? x : 0
  if (x > 709.782712893384) return Infinity
  const k = Math.floor(x * LOG2_E + 0.5)
  return scale(expNear(x - k * LN_2_HIGH - k * LN_2_LOW), k)
}

const bits = new DataView(new ArrayBuffer(8))

/** ln(x) = exponent * ln 2 + ln(mantissa): the second part, and the exponent by `exponentOf`. */
function lnMantissa(mantissa: number): number {
  // atanh series: |s| <= 0.172, so the term after s^23 is below 1e-19.
  const s = (mantissa - 1) / (mantissa + 1)
  const q = s * s
  const sum =
    q *
    (1 / 3 +
      q *
        (1 / 5 +
          q *
            (1 / 7 +
              q *
                (1 / 9 +
                  q *
                    (1 / 11 +
                      q * (1 / 13 + q * (1 / 15 + q * (1 / 17 + q * (1 / 19 + q * (1 / 21 + q * (1 / 23)))))))))))
  return 2 * s * (1 + sum)
}

/** Splits a positive finite x into a mantissa in [sqrt(1/2), sqrt(2)) and an exponent, given to `join`. */
function split<T>(x: number, join: (mantissa: number, exponent: number) => T): T {
  let shift = 0
  let value = x
  if (value < 2.2250738585072014e-308) {
    value *= 18_014_398_509_481_984
    shift = -54
  }
  bits.setFloat64(0, value)
  const high = bits.getUint32(0)
  let exponent = (high >>> 20) - 1_023 + shift
  bits.setUint32(0, (high & 0xf_ffff) | 0x3ff0_0000)
  let mantissa = bits.getFloat64(0)
  if (mantissa >= Math.SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  return join(mantissa, exponent)
}

/** What a logarithm of something that has none is; undefined for numbers that have one. */
function noLogarithm(x: number): number | undefined {
  if (x === 0) return -Infinity
  if (!(x > 0)) return NaN
  return x === Infinity ? x : undefined
}

/** Natural logarithm. Absolute error below 2e-16 near 1, relative error below 5e-16 elsewhere; NaN below 0. */
export const log = (x: number): number =>
  noLogarithm(x) ?? split(x, (mantissa, k) => k * LN_2_HIGH + (k * LN_2_LOW + lnMantissa(mantissa)))

/** Logarithm to base 2, exact for powers of two. Accuracy as `log`. */
export const log2 = (x: number): number =>
  noLogarithm(x) ?? split(x, (mantissa, k) => k + lnMantissa(mantissa) * LOG2_E)

/**
 * x^y for x >= 0. Relative error below 1e-15 times (1 + |y log2 x|). Whole y up to 64 are multiplied out.
 * A negative x gives NaN unless y is a whole number.
 */
export function pow(x: number, y: number): number {
  if (Number.isInteger(y) && y >= -64 && y <= 64) return wholePower(x, y)
  if (x < 0) return Number.isInteger(y) ? (y % 2 === 0 ? 1 : -1) * exp2(y * log2(-x)) : NaN
  if (x === 1) return 1
  return exp2(y * log2(x))
}

function wholePower(x: number, y: number): number {
  let result = 1
  let square = x
  for (let left = Math.abs(y); left > 0; left >>= 1) {
    if ((left & 1) === 1) result *= square
    square *= square
  }
  return y < 0 ? 1 / result : result
}

/** Hyperbolic tangent. Absolute error below 5e-16; odd and strictly within [-1, 1]. */
export function tanh(x: number): number {
  if (x > 20) return 1
  if (x < -20) return -1
  if (x > -0.3 && x < 0.3) {
    // Continued fraction: the exponential form would lose digits here.
    const s = x * x
    return (x * (135_135 + s * (17_325 + s * (378 + s)))) / (135_135 + s * (62_370 + s * (3_150 + s * 28)))
  }
  return 1 - 2 / (exp(2 * x) + 1)
}

/** Square root: exact by IEEE 754 on every engine, so the platform's is used. */
export const sqrt = (x: number): number => Math.sqrt(x)
