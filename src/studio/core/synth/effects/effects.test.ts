import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effectParameters, effectValues } from '../effect-parameters.ts'
import { type EffectType, effectTypes, type ScoreEffect, type Score } from '../score.ts'
import {
  bandShare,
  bandShares,
  hashOf,
  hasNotANumber,
  peakOf,
  renderAll,
  rmsDb,
  type Sound,
} from '../testing/measure.ts'
import { note, scoreOf, trackOf } from '../testing/scores.ts'

const chord = [0, 1].flatMap((beat) => [48, 60, 64, 67].map((pitch) => note(beat, 0.6, pitch)))
const song = (effects: readonly ScoreEffect[], over: Partial<Score> = {}): Score =>
  scoreOf([trackOf({ program: 81, notes: chord, effects })], {
    endTick: 2 * 960,
    master: { effects: [], trimDb: -6 },
    ...over,
  })
const withEffect = (type: ScoreEffect['type'], params: Record<string, number> = {}, bypass = false): Sound =>
  renderAll(song([{ type, params, bypass }]), { tailSec: 0.6 })
const dry = renderAll(song([]), { tailSec: 0.6 })

const edges = [60, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000]
/** Largest difference in dB of the levels of 20 ms, change of the energies of bands and of one line in percent, of the width in dB. */
function change(a: Sound, b: Sound): { levelDb: number; spectrum: number; line: number; stereo: number } {
  const frames = 882
  const count = Math.floor(a.left.length / frames)
  const levels = (x: Float32Array): number[] =>
    [...Array(count).keys()].map((i) => Math.max(-50, rmsDb(x, i * frames, (i + 1) * frames)))
  const [la, lb] = [levels(a.left), levels(b.left)]
  const shares = bandShares(b, edges)
  const line = bandShare(a, 255, 268) - bandShare(b, 255, 268)
  return {
    levelDb: Math.max(...la.map((level, i) => Math.abs(level - lb[i]!))),
    spectrum: 100 * bandShares(a, edges).reduce((sum, share, i) => sum + Math.abs(share - shares[i]!), 0),
    line: 100 * Math.abs(line),
    stereo: Math.abs(rmsDb(side(a)) - rmsDb(side(b))),
  }
}
const side = ({ left, right }: Sound): Float32Array => left.map((value, i) => value - right[i]! + 1e-6)

for (const type of effectTypes) {
  test(`${type} changes the sound, stays finite and bypassed leaves every bit`, () => {
    const strong: Partial<Record<EffectType, Record<string, number>>> = {
      eq: { low: 6, mid: -6, high: 6 },
      modulation: { depth: 1 },
    }
    const wet = withEffect(type, strong[type] ?? {})
    assert.ok(!hasNotANumber(wet.left) && !hasNotANumber(wet.right))
    const seen = change(dry, wet)
    assert.ok(seen.levelDb > 2 || seen.spectrum > 4 || seen.line > 3 || seen.stereo > 6, JSON.stringify(seen))
    assert.equal(hashOf(withEffect(type, {}, true)), hashOf(dry))
  })

  test(`${type} is stable at both ends of every parameter`, () => {
    for (const [name, { low, high }] of Object.entries(effectParameters[type]))
      for (const value of [low, high]) {
        const { left, right } = withEffect(type, { [name]: value })
        assert.ok(!hasNotANumber(left) && !hasNotANumber(right), `${name} ${value}`)
        assert.ok(peakOf(left) <= 0.9, `${name} ${value} peaks at ${peakOf(left)}`)
      }
  })
}

test('values outside a range are limited to it and what is missing takes its default', () => {
  const values = effectValues('delay', { feedback: 7, beats: Number.NaN, nonsense: 3 })
  assert.deepEqual(values, { beats: 0.75, feedback: 0.95, tone: 0.55, spread: 0.7, mix: 0.25 })
})

test('echoes come when the tempo says, also after it changed', () => {
  const click = (beat: number) =>
    trackOf({
      kind: 'drums',
      drumKit: 'TR-808',
      notes: [note(beat, 0.1, 37)],
      effects: [{ type: 'delay', params: { beats: 0.5, feedback: 0, spread: 0, mix: 0.5 }, bypass: false }],
    })
  const at = (bpm: number): number => {
    const { left, sampleRate } = renderAll(scoreOf([click(0)], { tempoMap: [{ tick: 0, bpm }], endTick: 1_920 }))
    const highest = (from: number, to: number): number => {
      let best = from
      for (let i = from; i < to; i++) if (Math.abs(left[i]!) > Math.abs(left[best]!)) best = i
      return best
    }
    const split = Math.round(0.15 * sampleRate)
    return (highest(split, 2 * sampleRate) - highest(0, split)) / sampleRate
  }
  assert.ok(Math.abs(at(120) - 0.25) < 0.003, `${at(120)}`)
  assert.ok(Math.abs(at(75) - 0.4) < 0.003, `${at(75)}`)
})

test('the equaliser lifts and cuts by the decibels asked', () => {
  const band = (sound: Sound, low: number, high: number): number => {
    let power = 0
    for (const value of sound.left) power += value * value
    return 10 * Math.log10(power * bandShare(sound, low, high))
  }
  const lifted = withEffect('eq', { low: 9, lowFrequency: 500, high: -12, highFrequency: 3_000 })
  assert.ok(Math.abs(band(lifted, 100, 160) - band(dry, 100, 160) - 9) < 1)
  assert.ok(Math.abs(band(lifted, 9_000, 14_000) - band(dry, 9_000, 14_000) + 12) < 1.5)
})

test('a reverb rings out in the asked time', () => {
  const burst = trackOf({
    kind: 'drums',
    notes: [note(0, 0.1, 38)],
    effects: [{ type: 'reverb', params: { decay: 2, mix: 1 }, bypass: false }],
  })
  const { left, sampleRate } = renderAll(scoreOf([burst], { endTick: 960, master: { effects: [], trimDb: 0 } }), {
    tailSec: 4,
  })
  const level = (sec: number): number => rmsDb(left, Math.round(sec * sampleRate), Math.round((sec + 0.1) * sampleRate))
  const perSecond = (level(0.4) - level(1.6)) / 1.2
  // Highs die sooner than the whole, so the whole may fall a little faster than 30 dB a second.
  assert.ok(perSecond > 24 && perSecond < 48, `${perSecond} dB a second`)
})
