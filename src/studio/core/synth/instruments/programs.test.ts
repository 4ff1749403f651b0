import assert from 'node:assert/strict'
import { test } from 'node:test'
import { integratedLoudness } from '../loudness-meter.ts'
import {
  bandShare,
  bandShares,
  hasNotANumber,
  peakOf,
  renderAll,
  rmsDb,
  type Sound,
  strongestHz,
} from '../testing/measure.ts'
import { note, scoreOf, trackOf } from '../testing/scores.ts'
import { instrumentOf, programs } from './programs.ts'

/** Rain, wind, gunshots: their loudness is their own. */
const isSoundEffect = (program: number): boolean => program >= 119
const isBass = (program: number): boolean => program >= 32 && program < 40

function play(program: number, velocity = 100, pitch = isBass(program) ? 36 : 60): Sound {
  const track = trackOf({ program, volume: 1, notes: [note(0, 1, pitch, velocity), note(1, 0.5, pitch + 7, velocity)] })
  return renderAll(scoreOf([track], { endTick: 1_440, master: { effects: [], trimDb: 0 } }), { tailSec: 0.5 })
}

const sounds = programs.map((_, program) => play(program))
const families = Array.from({ length: 16 }, (_, family) => [...Array(8).keys()].map((i) => family * 8 + i))
const edges = [40, 120, 250, 400, 650, 1_000, 1_700, 2_800, 4_500, 7_500, 16_000]

/** Energy in ten bands at the onset and a third of a second later, and the level against the onset. */
function portrait(sound: Sound): number[] {
  const bands = (from: number, to: number): number[] => bandShares(sound, edges, from, to).map(Math.sqrt)
  const levels = [0, 2_000, 6_000, 16_000, 34_000].map((at) => rmsDb(sound.left, at, at + 2_000))
  return [
    ...bands(0, 4_096),
    ...bands(14_000, 18_096),
    ...levels.map((level) => Math.max(-40, level - Math.max(...levels)) / 40),
  ]
}

test('there are 128 programs and no more', () => {
  assert.equal(programs.length, 128)
  assert.throws(() => instrumentOf(128), /General MIDI has 0 to 127/)
})

test('every program is heard, without odd numbers and without full scale', () => {
  for (const [program, { left, right }] of sounds.entries()) {
    assert.ok(!hasNotANumber(left) && !hasNotANumber(right), `program ${program}`)
    assert.ok(rmsDb(left) > -50, `program ${program} is at ${rmsDb(left)} dB`)
    assert.ok(peakOf(left) < 0.95, `program ${program} peaks at ${peakOf(left)}`)
  }
})

test('programs are about equally loud', () => {
  for (const [program, { left, right, sampleRate }] of sounds.entries()) {
    if (isSoundEffect(program)) continue
    const lufs = integratedLoudness(left, right, sampleRate)
    assert.ok(lufs > -31 && lufs < -16, `program ${program} is at ${lufs.toFixed(1)} LUFS`)
  }
})

test('programs of one family differ in spectrum or in envelope', () => {
  const portraits = sounds.map(portrait)
  for (const family of families)
    for (const a of family)
      for (const b of family.filter((other) => other > a)) {
        const distance = portraits[a]!.reduce((sum, value, i) => sum + Math.abs(value - portraits[b]![i]!), 0)
        assert.ok(distance > 0.2, `programs ${a} and ${b} are ${distance.toFixed(2)} apart`)
      }
})

test('tuned programs sound at the pitch of their key', () => {
  for (const program of [0, 4, 11, 16, 24, 25, 33, 40, 48, 56, 65, 73, 80, 81, 104]) {
    const pitch = isBass(program) ? 40 : 64
    const hz = 440 * 2 ** ((pitch - 69) / 12)
    const found = strongestHz(play(program, 90, pitch), 6_000)
    const ratio = found / hz
    // A strong harmonic will do, and an organ's deepest pipes are an octave below.
    const nearest = Math.max(0.5, Math.round(ratio * 2) / 2)
    assert.ok(Math.abs(ratio / nearest - 1) < 0.035, `program ${program}: ${found.toFixed(1)} Hz for ${hz.toFixed(1)}`)
  }
})

test('a harder key is louder, and brighter where the instrument is', () => {
  const bright = (sound: Sound): number => bandShare(sound, 1_200, 16_000, 0, 20_000)
  for (const program of [0, 4, 24, 33, 38, 40, 56, 61, 65]) {
    const soft = play(program, 40)
    const hard = play(program, 120)
    // Basses pass a compressor.
    assert.ok(rmsDb(hard.left) > rmsDb(soft.left) + (isBass(program) ? 3 : 6), `program ${program} is hardly louder`)
    assert.ok(bright(hard) > bright(soft) * 1.15, `program ${program}: ${bright(soft)} to ${bright(hard)}`)
  }
})
