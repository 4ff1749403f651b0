import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groove } from './groove.ts'
import type { PartNote } from './part-note.ts'
import { type Plan, planOf } from './plan.ts'

/** Straight sixteenths on one voice: 2,048 hits. */
const hits: PartNote[] = Array.from({ length: 2_048 }, (_, index) => ({
  tick: index * 240,
  length: 100,
  pitch: 38,
  velocity: 90,
  voice: 'snare',
}))

const planWith = (humanize: number): Plan => planOf({ genre: 'pop', bars: 128, tempo: 120, humanize, seed: '11' })
const offsetsMs = (plan: Plan): number[] =>
  groove(plan, hits, 'drums', 'drums').map(
    (note, index) => ((note.tick - hits[index]!.tick) * 60_000) / (plan.bpm * 960),
  )
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const sd = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))

test('at 0 nothing moves', () => {
  assert.deepEqual(groove(planWith(0), hits, 'drums', 'drums'), hits)
})

test('at a half the timing has half of what people do, at 1 all of it, and beats drift together', () => {
  for (const [amount, low, high] of [
    [0.5, 4, 9],
    [1, 9, 17],
  ] as const) {
    const offsets = offsetsMs(planWith(amount))
    assert.ok(sd(offsets) >= low && sd(offsets) <= high, `SD ${sd(offsets).toFixed(1)} ms at ${amount}`)
    assert.ok(Math.max(...offsets.map(Math.abs)) <= 25.6)
    const beats = Array.from({ length: 512 }, (_, beat) => mean(offsets.slice(beat * 4, beat * 4 + 4)))
    const centre = mean(beats)
    const lag =
      beats.slice(1).reduce((sum, value, index) => sum + (value - centre) * (beats[index]! - centre), 0) /
      beats.reduce((sum, value) => sum + (value - centre) ** 2, 0)
    assert.ok(lag >= 0.3 && lag <= 0.65, `lag 1 is ${lag.toFixed(2)} at ${amount}`)
  }
})

test('nothing is before the beginning, notes keep their order, and other parts move with the same drift', () => {
  const plan = planWith(1)
  const moved = groove(plan, hits, 'drums', 'drums')
  moved.forEach((note, index) => {
    assert.ok(note.tick >= 0)
    if (index > 0) assert.ok(note.tick > moved[index - 1]!.tick)
  })
  assert.deepEqual(groove(plan, hits, 'drums', 'drums'), moved)
  const other = groove(plan, hits, 'drums', 'another')
  const both = moved.map(
    (note, index) => [note.tick - hits[index]!.tick, other[index]!.tick - hits[index]!.tick] as const,
  )
  const [a, b] = [both.map(([first]) => first), both.map(([, second]) => second)]
  const together = mean(both.map(([first, second]) => (first - mean(a)) * (second - mean(b)))) / (sd(a) * sd(b))
  assert.ok(together > 0.2 && together < 0.8, together.toFixed(2))
})
