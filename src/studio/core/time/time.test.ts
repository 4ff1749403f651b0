import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf, tickOfBar } from './meter.ts'
import { amountOfRatio, rideRatio, swung } from './swing.ts'
import { secondsAt, tickAt } from './tempo.ts'
import { beatsFromTicks, ticksFromBeats } from './ticks.ts'

test('beats printed with six digits come back as the same tick', () => {
  for (let tick = 0; tick < 5_000; tick += 1) assert.equal(ticksFromBeats(beatsFromTicks(tick)), tick)
  for (const wrong of [-1, Number.NaN, Infinity, 1e9]) assert.throws(() => ticksFromBeats(wrong), /is not a place/)
})

test('a tempo map gives seconds, and ticks back', () => {
  const map = [
    { tick: 0, bpm: 120 },
    { tick: 3_840, bpm: 60 },
  ]
  assert.equal(secondsAt(map, 3_840), 2)
  assert.equal(secondsAt(map, 4_800), 3)
  for (let tick = 0; tick < 8_000; tick += 37) assert.equal(tickAt(map, secondsAt(map, tick)), tick)
})

test('bars are found across changes of meter', () => {
  const map = [
    { tick: 0, numerator: 4, denominator: 4 as const },
    { tick: 7_680, numerator: 6, denominator: 8 as const },
  ]
  assert.equal(tickOfBar(map, 2), 7_680)
  assert.equal(tickOfBar(map, 3), 7_680 + 2_880)
  assert.equal(placeOf(map, 7_680 + 2_881).bar, 3)
  assert.equal(placeOf(map, 7_680 + 2_881).offset, 1)
  for (let bar = 0; bar < 20; bar += 1) assert.equal(placeOf(map, tickOfBar(map, bar)).bar, bar)
})

test('the off-beat of a ride stands within 2 ms of the formula from 90 to 300 bpm', () => {
  for (const bpm of [90, 120, 150, 200, 240, 300]) {
    const ratio = Math.min(3.5, Math.max(1, 600 / bpm - 1))
    const place = swung(480, { amount: amountOfRatio(rideRatio(bpm)), grid: 'eighth' })
    const beatMs = 60_000 / bpm
    assert.ok(Math.abs((place / 960) * beatMs - (ratio / (1 + ratio)) * beatMs) < 2, `${bpm}`)
  }
})

test('swing keeps the order of notes and every beat, and amount 1 is a triplet', () => {
  const swing = { amount: 1, grid: 'sixteenth' as const }
  assert.equal(swung(240, swing), 320)
  assert.equal(swung(480, swing), 480)
  let last = -1
  for (let tick = 0; tick < 1_920; tick += 1) {
    const place = swung(tick, { amount: 1.6, grid: 'eighth' })
    assert.ok(place >= last)
    last = place
  }
})
