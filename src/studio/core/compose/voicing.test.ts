import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { VoicingStyle } from '../genres/types.ts'
import { stream } from '../random/streams.ts'
import { type Chord, parseChord } from '../theory/chord.ts'
import { leadVoices, parallelsBetween, type Voicing } from './voicing.ts'

const kinds = [
  '',
  'm',
  '7',
  'm7',
  'maj7',
  'm7b5',
  'dim7',
  '6',
  'm6',
  '9',
  'maj9',
  'm9',
  '7b9',
  'sus4',
  '7sus4',
  'add9',
  '13',
]
const roots = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B']

function randomChords(seed: number): Chord[] {
  const random = stream('voicing', seed)
  return Array.from({ length: 32 }, () => parseChord(random.pick(roots) + random.pick(kinds)))
}

function measure(voicings: readonly Voicing[]): { motion: number; parallel: number; moving: number } {
  const moves = voicings
    .slice(1)
    .flatMap((to, index) => to.map((pitch, voice) => Math.abs(pitch - voicings[index]![voice]!)))
  const pairs = voicings.slice(1).map((to, index) => parallelsBetween(voicings[index]!, to))
  return {
    motion: moves.reduce((sum, move) => sum + move, 0) / moves.length,
    parallel: pairs.reduce((sum, pair) => sum + pair.parallel, 0),
    moving: pairs.reduce((sum, pair) => sum + pair.moving, 0),
  }
}

test('voices move two semitones at most on average, and hardly ever in parallel fifths, over a hundred random progressions', () => {
  for (const [style, most] of [
    ['close', 0.02],
    ['spread', 0.02],
  ] as const satisfies (readonly [VoicingStyle, number])[]) {
    let parallel = 0
    let moving = 0
    let motion = 0
    for (let seed = 0; seed < 100; seed += 1) {
      const chords = randomChords(seed)
      const voicings = leadVoices(chords, style)
      voicings.forEach((voicing, index) => {
        assert.ok(voicing !== null, chords[index]!.symbol)
        const span = voicing.at(-1)! - voicing[0]!
        assert.ok(span >= 5 && span <= 19, `${chords[index]!.symbol} ${voicing.join(' ')}`)
        for (const pitch of voicing)
          assert.ok(
            chords[index]!.intervals.some((step) => (chords[index]!.root + step) % 12 === pitch % 12),
            chords[index]!.symbol,
          )
        const third = [3, 4].find((step) => chords[index]!.intervals.includes(step))
        if (third !== undefined)
          assert.ok(
            voicing.some((pitch) => pitch % 12 === (chords[index]!.root + third) % 12),
            `${chords[index]!.symbol} has its third`,
          )
      })
      const figures = measure(voicings.filter((voicing) => voicing !== null))
      parallel += figures.parallel
      moving += figures.moving
      motion += figures.motion / 100
    }
    assert.ok(motion <= 2, `${style}: ${motion.toFixed(2)}`)
    assert.ok(parallel / moving <= most, `${style}: ${(parallel / moving).toFixed(4)}`)
  }
})

test('a loop comes round: the last chord leads back to the first', () => {
  const chords = ['C', 'G', 'Am', 'F'].map(parseChord)
  const [first, , , last] = leadVoices(chords, 'close') as [Voicing, Voicing, Voicing, Voicing]
  const moves = first.map((pitch, voice) => Math.abs(pitch - last[voice]!))
  assert.ok(Math.max(...moves) <= 5, moves.join(' '))
})

test('a rest stays a rest, and no chords at all are none', () => {
  assert.deepEqual(leadVoices([], 'close'), [])
  assert.deepEqual(leadVoices([null, null], 'close'), [null, null])
  const [a, rest, b] = leadVoices([parseChord('C'), null, parseChord('F')], 'close')
  assert.ok(a !== null && rest === null && b !== null)
})
