import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bandShare, hasNotANumber, peakOf, renderAll, rmsDb, type Sound, strongestHz } from '../testing/measure.ts'
import { drumKits, type DrumKit, type ScoreNote } from '../score.ts'
import { note, scoreOf, trackOf } from '../testing/scores.ts'

function play(drumKit: DrumKit, notes: readonly ScoreNote[], tailSec = 1): Sound {
  const track = trackOf({ kind: 'drums', drumKit, volume: 1, notes })
  return renderAll(scoreOf([track], { master: { effects: [], trimDb: 0 } }), { tailSec })
}
const hit = (drumKit: DrumKit, key: number, velocity = 110): Sound => play(drumKit, [note(0, 0.1, key, velocity)])

for (const kit of drumKits) {
  test(`${kit}: every General MIDI drum key has a sound`, () => {
    for (let key = 35; key <= 81; key++) {
      const { left, right } = hit(kit, key)
      assert.ok(!hasNotANumber(left), `key ${key}`)
      assert.ok(peakOf(left) > 0.02 && peakOf(left) < 0.95, `key ${key} peaks at ${peakOf(left)}`)
      assert.ok(right.at(-1) === 0)
    }
  })

  test(`${kit}: kick, snare and hats lie where they belong`, () => {
    const kickHz = strongestHz(hit(kit, 36), 1_000)
    assert.ok(kickHz >= 43 && kickHz <= 64, `kick at ${kickHz} Hz`)
    const snare = hit(kit, 38)
    assert.ok(bandShare(snare, 150, 260) > 0.05, `snare body ${bandShare(snare, 150, 260)}`)
    assert.ok(bandShare(snare, 3_000, 8_000) > 0.12, `snare wires ${bandShare(snare, 3_000, 8_000)}`)
    for (const key of [42, 44, 46]) {
      const share = bandShare(hit(kit, key), 6_000, 20_000)
      assert.ok(share > 0.75, `hat ${key} has ${share} above 6 kHz`)
    }
    const toms = [41, 43, 45, 47, 48, 50].map((key) => strongestHz(hit(kit, key), 2_000))
    for (const [i, hz] of toms.entries()) assert.ok(i === 0 || hz >= toms[i - 1]!, `toms ${toms.join(' ')}`)
    assert.ok(toms[5]! > 1.5 * toms[0]!)
  })
}

test('a closed hat silences an open one', () => {
  const open = play('acoustic', [note(0, 0.1, 46)])
  const choked = play('acoustic', [note(0, 0.1, 46), note(0.5, 0.1, 42)])
  const later = [16_500, 22_000] as const
  assert.ok(rmsDb(choked.left, ...later) < rmsDb(open.left, ...later) - 10)
})

test('soft hits are softer and duller', () => {
  const soft = hit('acoustic', 38, 40)
  const hard = hit('acoustic', 38, 120)
  assert.ok(rmsDb(hard.left) > rmsDb(soft.left) + 8)
  assert.ok(bandShare(hard, 5_000, 16_000) > bandShare(soft, 5_000, 16_000) * 1.1)
})

test('repeats of an acoustic hit are not copies of each other, those of a machine are', () => {
  const repeats = (kit: DrumKit): Set<number> => {
    const { left } = play(
      kit,
      [0, 2, 4, 6].map((beat) => note(beat, 0.1, 38)),
    )
    return new Set([0, 2, 4, 6].map((beat) => Math.round(1e4 * rmsDb(left, beat * 22_050, beat * 22_050 + 9_000))))
  }
  assert.ok(repeats('acoustic').size > 1)
  assert.equal(repeats('TR-808').size, 1)
})
