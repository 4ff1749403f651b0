import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cos, dbToGain, exp, exp2, gainToDb, log, log2, pitchToHz, pow, sin, tan, tanh } from './index.ts'

/** Evenly over [low, high], ends included, plus what lies just beside each. */
function* between(low: number, high: number, count = 20_001): Generator<number> {
  for (let i = 0; i < count; i++) yield low + ((high - low) * i) / (count - 1)
}

interface Bound {
  readonly ours: (x: number) => number
  readonly reference: (x: number) => number
  readonly range: readonly [number, number]
  /** Largest |ours - reference| / max(1, |reference|) when absolute, / |reference| when relative. */
  readonly absolute?: number
  readonly relative?: number
}

const bounds: Record<string, Bound> = {
  'sin, a few turns': { ours: sin, reference: Math.sin, range: [-10, 10], absolute: 5e-16 },
  'sin, a thousand radians': { ours: sin, reference: Math.sin, range: [-1_000, 1_000], absolute: 5e-16 },
  'sin, a million radians': { ours: sin, reference: Math.sin, range: [-1e6, 1e6], absolute: 1e-13 },
  cos: { ours: cos, reference: Math.cos, range: [-1_000, 1_000], absolute: 5e-16 },
  tan: { ours: tan, reference: Math.tan, range: [-1.5, 1.5], relative: 1e-15 },
  exp2: { ours: exp2, reference: (x) => 2 ** x, range: [-50, 50], relative: 4e-16 },
  exp: { ours: exp, reference: Math.exp, range: [-50, 50], relative: 5e-16 },
  'exp, the whole range': { ours: exp, reference: Math.exp, range: [-700, 700], relative: 6e-16 },
  'log, small': { ours: log, reference: Math.log, range: [0.5, 2], absolute: 3e-16 },
  'log, wide': { ours: log, reference: Math.log, range: [2, 1e9], relative: 5e-16 },
  log2: { ours: log2, reference: Math.log2, range: [1e-6, 1e6], absolute: 5e-16 },
  pow: { ours: (x) => pow(x, 1.37), reference: (x) => x ** 1.37, range: [1e-3, 1e3], relative: 3e-15 },
  tanh: { ours: tanh, reference: Math.tanh, range: [-25, 25], absolute: 5e-16 },
  'tanh, near zero': { ours: tanh, reference: Math.tanh, range: [-0.31, 0.31], relative: 1e-15 },
}

for (const [name, { ours, reference, range, absolute, relative }] of Object.entries(bounds)) {
  test(`${name} agrees with the platform within its bound`, () => {
    let worst = { x: 0, error: 0 }
    for (const x of between(...range)) {
      const expected = reference(x)
      const scale = relative === undefined ? Math.max(1, Math.abs(expected)) : Math.abs(expected)
      const error = scale === 0 ? Math.abs(ours(x)) : Math.abs(ours(x) - expected) / scale
      if (error > worst.error) worst = { x, error }
    }
    const limit = absolute ?? relative ?? 0
    assert.ok(worst.error <= limit, `error ${worst.error} at ${worst.x}, allowed ${limit}`)
  })
}

test('values at the edges of the range are those of IEEE arithmetic', () => {
  assert.equal(exp2(1_023), 8.98846567431158e307)
  assert.equal(exp2(1_024), Infinity)
  assert.equal(exp2(-1_074), 5e-324)
  assert.equal(exp2(-2_000), 0)
  assert.equal(exp(1_000), Infinity)
  assert.equal(exp(-1_000), 0)
  assert.equal(log(0), -Infinity)
  assert.ok(Number.isNaN(log(-1)))
  assert.equal(log2(5e-324), -1_074)
  assert.equal(log2(1_024), 10)
  assert.equal(pow(2, -3), 0.125)
  assert.equal(pow(-2, 3), -8)
  assert.ok(Number.isNaN(pow(-2, 0.5)))
  assert.equal(tanh(50), 1)
  assert.equal(sin(0), 0)
  assert.equal(cos(0), 1)
})

test('levels and pitches meet the values musicians know', () => {
  assert.equal(pitchToHz(69), 440)
  assert.equal(pitchToHz(57), 220)
  assert.ok(Math.abs(dbToGain(-6) - 0.501187) < 1e-6)
  assert.ok(Math.abs(gainToDb(dbToGain(-17.25)) + 17.25) < 1e-12)
})

test('one pass over every function gives the bits it has always given', () => {
  const hash = (value: number, seed: number): number => {
    const [low = 0, high = 0] = new Uint32Array(new Float64Array([value]).buffer)
    return Math.imul(Math.imul(seed ^ low, 0x01000193) ^ high, 0x01000193) >>> 0
  }
  let seed = 0x811c9dc5
  for (let i = 0; i < 20_000; i++) {
    const x = (i - 10_000) / 257
    for (const value of [sin(x), cos(x), tanh(x), exp2(x / 4), exp(x / 8), log(i + 0.5), log2(i + 0.25), pow(i, 0.73)])
      seed = hash(value, seed)
  }
  assert.equal(seed.toString(16), 'a1ca0ded')
})
