import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRenderer } from './renderer.ts'
import { hashOf, hasNotANumber, peakOf, renderAll, rmsDb, type Sound, truePeakDb } from './testing/measure.ts'
import { note, scoreOf, smallSong, trackOf } from './testing/scores.ts'

/** Renders in blocks and joins them. */
function inBlocks(blockSize: number): Sound {
  const renderer = createRenderer(smallSong(2), { blockSize, tailSec: 1 })
  const left = new Float32Array(renderer.totalFrames)
  const right = new Float32Array(renderer.totalFrames)
  let at = 0
  for (let block = renderer.next(); block !== undefined; block = renderer.next()) {
    left.set(block.left, at)
    right.set(block.right, at)
    at += block.left.length
  }
  assert.equal(at, renderer.totalFrames)
  return { left, right, sampleRate: renderer.sampleRate }
}

test('the samples do not depend on the block size', () => {
  const whole = hashOf(renderAll(smallSong(2), { tailSec: 1 }))
  for (const blockSize of [1, 100, 128, 441, 4_096, 100_000]) assert.equal(hashOf(inBlocks(blockSize)), whole)
})

test('a song is as long as its bars and its tail, ends in silence and has no odd numbers', () => {
  const sound = renderAll(scoreOf([trackOf({ notes: [note(0, 4, 60)] })], { endTick: 4 * 960 }), { tailSec: 2 })
  assert.equal(sound.left.length, (2 + 2) * 44_100)
  assert.ok(!hasNotANumber(sound.left) && !hasNotANumber(sound.right))
  assert.ok(sound.left.at(-1) === 0)
})

test('true peaks stay below -1 dB however loud the tracks are', () => {
  const song = smallSong(2)
  const loud = {
    ...song,
    tracks: song.tracks.map((track) => ({ ...track, volume: 1.5 })),
    master: { effects: [], trimDb: 24 },
  }
  const { left, right } = renderAll(loud, { tailSec: 1 })
  assert.ok(peakOf(left) > 0.7)
  for (const channel of [left, right]) assert.ok(truePeakDb(channel) <= -1, `${truePeakDb(channel)} dBTP`)
})

test('a rest is silent and a note is not', () => {
  const score = scoreOf([trackOf({ notes: [note(0, 0.5, 60), note(20, 1, 60)] })], { endTick: 22 * 960 })
  const { left } = renderAll(score)
  assert.ok(rmsDb(left, 0, 10_000) > -50)
  assert.equal(rmsDb(left, 6 * 44_100, 9 * 44_100), -Infinity)
  assert.ok(rmsDb(left, 10 * 44_100, 10.4 * 44_100) > -50)
})

test('a rendering may begin inside the song, with faders and pedals as they stand there', () => {
  const track = trackOf({
    program: 80,
    notes: [note(0, 1, 60), note(8, 1, 60)],
    cc: [{ tick: 960, controller: 7, value: 50 }],
  })
  const score = scoreOf([track], { master: { effects: [], trimDb: 0 } })
  const whole = renderAll(score, { tailSec: 1 })
  const part = renderAll(score, { tailSec: 1, startTick: 8 * 960 })
  assert.equal(part.left.length, whole.left.length - 4 * 44_100)
  const level = rmsDb(part.left, 2_000, 18_000)
  assert.ok(Math.abs(level - rmsDb(whole.left, 4 * 44_100 + 2_000, 4 * 44_100 + 18_000)) < 0.1)
  assert.ok(Math.abs(rmsDb(whole.left, 2_000, 18_000) - level - 6.02) < 0.3)
})

test('sizes and rates that make no sense are refused by name', () => {
  assert.throws(() => createRenderer(smallSong(1), { sampleRate: 1 }), /sample rate 1 is not between 8000 and 192000/)
  assert.throws(() => createRenderer(smallSong(1), { blockSize: 0.5 }), /block size 0.5/)
})

test('a song and each kind of voice have the samples they always had', () => {
  const short = (program: number) =>
    hashOf(renderAll(scoreOf([trackOf({ program, notes: [note(0, 0.5, 60)] })], { endTick: 480 }), { tailSec: 0.2 }))
  assert.deepEqual(
    {
      song: hashOf(renderAll(smallSong(2), { tailSec: 1 })),
      layers: short(0),
      fm: short(4),
      string: short(25),
      filtered: short(81),
    },
    {
      song: '2c544764',
      layers: '1da28da2',
      fm: '9c6c9481',
      string: 'daa32405',
      filtered: 'ba146e92',
    },
  )
})
