import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bandShare, hashOf, hasNotANumber, renderAll, rmsDb, type Sound, strongestHz } from '../testing/measure.ts'
import { note, scoreOf, smallSong, trackOf } from '../testing/scores.ts'
import { type AutomationParameter, automationParameters, type Score, type ScoreTrack } from '../score.ts'

/** One bar, so that rendering it often stays quick. */
const bar = smallSong(1)
const quiet = { effects: [], trimDb: -6 }
const play = (tracks: readonly ScoreTrack[], over: Partial<Score> = {}): Sound =>
  renderAll(scoreOf(tracks, { master: quiet, ...over }), { tailSec: 0.5 })
const energy = (samples: Float32Array): number => samples.reduce((sum, value) => sum + value * value, 0)
const held = (over: Partial<ScoreTrack> = {}): ScoreTrack =>
  trackOf({ program: 16, volume: 0.6, notes: [note(0, 8, 60)], ...over })
/** Without the program's own tremolo. */
const steady = (over: Partial<ScoreTrack> = {}): ScoreTrack =>
  trackOf({ program: 80, volume: 0.6, notes: [note(0, 8, 60)], ...over })

test('pan 0 is all left, 1 all right, 0.5 both alike', () => {
  const at = (pan: number): number => {
    const { left, right } = play([held({ program: 56, pan })])
    return energy(left) / (energy(left) + energy(right))
  }
  assert.ok(at(0) >= 0.95)
  assert.ok(at(1) <= 0.05)
  assert.ok(Math.abs(at(0.5) - 0.5) < 0.02)
})

test('half the volume is 6 dB less', () => {
  const song = bar
  for (const track of song.tracks) {
    const level = (volume: number): number =>
      rmsDb(renderAll({ ...song, tracks: [{ ...track, volume, automation: [], solo: true }], master: quiet }).left)
    assert.ok(Math.abs(level(0.8) - level(0.4) - 6.02) < 0.5, `${track.id}: ${level(0.8) - level(0.4)}`)
  }
})

test('every track is heard alone, a muted one is missed and mute wins over solo', () => {
  const song = bar
  const all = hashOf(renderAll(song))
  for (const one of song.tracks) {
    const change = (over: Partial<ScoreTrack>): Score => ({
      ...song,
      tracks: song.tracks.map((track) => (track === one ? { ...track, ...over } : track)),
    })
    const solo = renderAll(change({ solo: true }))
    assert.ok(rmsDb(solo.left) > -45, `${one.id} alone is at ${rmsDb(solo.left)}`)
    assert.notEqual(hashOf(solo), all)
    assert.notEqual(hashOf(renderAll(change({ muted: true }))), all)
    assert.equal(rmsDb(renderAll(change({ solo: true, muted: true })).left), -Infinity)
  }
})

test('volume automation follows its curve within half a decibel', () => {
  const flat = play([steady({ volume: 1 })])
  for (const curve of ['linear', 'smooth', 'step', 'exp', 'log'] as const) {
    const points = [
      { tick: 0, value: 0.2, curve },
      { tick: 4 * 960, value: 1, curve: 'linear' as const },
    ]
    const moved = play([steady({ automation: [{ parameter: 'Volume', points }] })])
    const shapes = {
      linear: (x: number) => x,
      smooth: (x: number) => x * x * (3 - 2 * x),
      step: () => 0,
      exp: (x: number) => (2 ** (5 * x) - 1) / 31,
      log: (x: number) => Math.log2(1 + 31 * x) / 5,
    }
    for (const share of [0.1, 0.35, 0.6, 0.9]) {
      const frame = Math.round(share * 2 * 44_100)
      const expected = 20 * Math.log10(0.2 + 0.8 * shapes[curve](share))
      const seen = rmsDb(moved.left, frame - 300, frame + 300) - rmsDb(flat.left, frame - 300, frame + 300)
      assert.ok(Math.abs(seen - expected) < 0.5, `${curve} at ${share}: ${seen.toFixed(2)}, not ${expected.toFixed(2)}`)
    }
  }
})

test('controllers do what their numbers say', () => {
  const plain = play([steady()])
  const cc = (controller: number, value: number): Sound => play([steady({ cc: [{ tick: 0, controller, value }] })])
  assert.ok(Math.abs(rmsDb(plain.left) - rmsDb(cc(7, 50).left) - 6.02) < 0.3)
  assert.ok(rmsDb(cc(11, 64).left) < rmsDb(plain.left) - 8)
  assert.ok(energy(cc(10, 0).right) < 0.01 * energy(cc(10, 0).left))
  assert.notEqual(hashOf(cc(1, 127)), hashOf(plain))
  assert.ok(bandShare(cc(74, 0), 1_500, 16_000) < 0.5 * bandShare(plain, 1_500, 16_000))
  assert.equal(hashOf(cc(20, 100)), hashOf(plain))
})

test('the sustain pedal holds notes and lets them go', () => {
  const notes = [note(0, 0.5, 60)]
  const pedal = [
    { tick: 0, controller: 64, value: 127 },
    { tick: 3 * 960, controller: 64, value: 0 },
  ]
  const level = (cc: ScoreTrack['cc'], beat: number): number => {
    const { left } = play([trackOf({ program: 48, notes, cc })], { endTick: 8 * 960 })
    return rmsDb(left, beat * 22_050, beat * 22_050 + 10_000)
  }
  assert.ok(level(pedal, 2) > level([], 2) + 30)
  assert.ok(level(pedal, 6) < -60)
})

test('the pitch wheel reaches two semitones both ways', () => {
  const hz = (value: number): number =>
    strongestHz(play([trackOf({ program: 73, notes: [note(0, 8, 69)], bends: [{ tick: 0, value }] })]), 22_050)
  assert.ok(Math.abs(hz(0) - 440) < 4)
  assert.ok(Math.abs(hz(8_191) - 493.9) < 6, `${hz(8_191)}`)
  assert.ok(Math.abs(hz(-8_192) - 392) < 6, `${hz(-8_192)}`)
})

test('each of the sixteen parameters changes the sound when automated', () => {
  const plain = hashOf(play([steady({ program: 90 })]))
  for (const [parameter, { low, high }] of Object.entries(automationParameters)) {
    const automation = [
      {
        parameter: parameter as AutomationParameter,
        points: [
          { tick: 0, value: low, curve: 'linear' as const },
          { tick: 960, value: high, curve: 'linear' as const },
        ],
      },
    ]
    const { left, right, sampleRate } = play([
      steady({ program: 90, automation, notes: [note(0, 0.5, 60), note(2, 0.5, 60)] }),
    ])
    assert.ok(!hasNotANumber(left) && !hasNotANumber(right), parameter)
    assert.notEqual(hashOf({ left, right, sampleRate }), plain, parameter)
  }
})

test('a send reaches its bus and an unknown bus is ignored', () => {
  const dry = play([steady()])
  const sent = play([steady({ notes: [note(0, 1, 60)], sends: [{ busId: 'reverb', level: 0.5 }] })])
  assert.ok(rmsDb(sent.left, 30_000, 40_000) > -60)
  assert.equal(hashOf(play([steady({ sends: [{ busId: 'nowhere', level: 0.5 }] })])), hashOf(dry))
})

test('notes fall where the tempo map says', () => {
  const tempoMap = [
    { tick: 0, bpm: 60 },
    { tick: 1_920, bpm: 240 },
  ]
  const { left } = play([trackOf({ kind: 'drums', drumKit: 'TR-808', notes: [note(4, 0.1, 37)] })], {
    tempoMap,
    endTick: 5 * 960,
  })
  const first = left.findIndex((value) => value !== 0)
  assert.ok(Math.abs(first - 2.5 * 44_100) < 16, `${first}`)
})

test('two hundred notes at once are bounded, finite and end', () => {
  const notes = Array.from({ length: 200 }, (_, i) => note(i / 400, 4, 30 + (i % 70), 127))
  for (const program of [0, 24, 4, 89]) {
    const { left } = play([trackOf({ program, notes })], { endTick: 6 * 960 })
    assert.ok(!hasNotANumber(left))
  }
})

/** The largest jump of the slope between neighbouring samples, against the level around. */
function worstClick(samples: Float32Array, from: number, to: number): number {
  let worst = 0
  for (let i = Math.max(2, from); i < to; i++)
    worst = Math.max(worst, Math.abs(samples[i]! - 2 * samples[i - 1]! + samples[i - 2]!))
  return worst
}

test('ends of notes, stolen notes and steps of the fader do not click', () => {
  const tone = (over: Partial<ScoreTrack>): Float32Array =>
    play([trackOf({ program: 79, notes: [note(0, 4, 57)], ...over })], { endTick: 5 * 960 }).left
  const sustained = worstClick(tone({}), 20_000, 60_000)
  assert.ok(worstClick(tone({}), 80_000, 110_000) < 1.5 * sustained, 'note end')
  const jump = [
    { tick: 0, value: 0.1, curve: 'step' as const },
    { tick: 1_440, value: 0.8, curve: 'step' as const },
  ]
  assert.ok(
    worstClick(tone({ automation: [{ parameter: 'Volume', points: jump }] }), 20_000, 60_000) < 3 * sustained,
    'fader step',
  )
})
