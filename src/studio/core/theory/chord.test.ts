import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MusicError } from '../error.ts'
import { parseChord, pitchClassesOf } from './chord.ts'
import { mod12, parseNoteName, pitchClassOf } from './pitch.ts'

// What tonal 6.4.3 answers for each symbol, root first. One difference is on purpose and not here: tonal drops
// the fifth of a lone b13.
const facts = `
C: C E G | Cm: C Eb G | C-: C Eb G | Cmaj7: C E G B | CM7: C E G B | C7: C E G Bb | G7: G B D F | Cm7: C Eb G Bb
CmMaj7: C Eb G B | Cm(maj7): C Eb G B | Cdim: C Eb Gb | Cdim7: C Eb Gb A | Bdim: B D F | Cm7b5: C Eb Gb Bb | Cø: C Eb Gb Bb
Caug: C E G# | C+: C E G# | C7#5: C E G# Bb | Csus2: C D G | Csus4: C F G | Dsus4: D G A | C7sus4: C F G Bb | C9sus4: C F G Bb D
C6: C E G A | Cm6: C Eb G A | C6/9: C E G A D | C9: C E G Bb D | Cmaj9: C E G B D | Cm9: C Eb G Bb D | C11: C G Bb D F
Cm11: C Eb G Bb D F | C13: C E G Bb D A | Cmaj13: C E G B D A | Cm13: C Eb G Bb D A | C7b9: C E G Bb Db | C7#9: C E G Bb D#
C7#11: C E G Bb F# | C7b5: C E Gb Bb | Cadd9: C E G D | Cmadd9: C Eb G D | Cmaj7#11: C E G B F# | Cmaj9#11: C E G B D F#
C9#11: C E G Bb D F# | C13b9: C E G Bb Db A | C13#9: C E G Bb D# A | F#m7b5: F# A C E | Bbmaj7: Bb D F A | Ebm7: Eb Gb Bb Db
G#dim7: G# B D F | Abaug: Ab C E | Db9: Db F Ab B Eb | E7#9: E G# B D G | A13: A C# E G B F# | Gm11: G Bb D F A C
B7b9: B D# F# A C | F#7b9: F# A# C# E G | C5: C G | F#5: F# C# | Bbm6: Bb Db F G | Ab6: Ab C Eb F | DbmMaj7: Db E Ab C
Gbmaj7: Gb Bb Db F | Cbmaj7: B Eb Gb Bb | E#m7: F G# C D# | Bb7sus4: Bb Eb F Ab | C7b9b13: C E G Bb Db Ab | C9b5: C E Gb Bb D
C9#5: C E G# Bb D | Cmaj7#5: C E G# B | C7b9#11: C E G Bb Db F# | Am7: A C E G | Dm7b5: D F Ab C | CΔ: C E G B | C°7: C Eb Gb A`

const table = facts.split(/[|\n]/).flatMap((line) => {
  const [symbol, notes] = line.split(': ')
  return symbol === undefined || notes === undefined ? [] : [[symbol.trim(), notes.trim().split(' ')] as const]
})
const pitch = (name: string): number => pitchClassOf(parseNoteName(name))

test('chord symbols mean what an independent theory library says', () => {
  assert.ok(table.length >= 70, `${table.length} symbols`)
  for (const [symbol, notes] of table) {
    const chord = parseChord(symbol)
    assert.equal(chord.root, pitch(notes[0] ?? ''), symbol)
    assert.deepEqual(
      pitchClassesOf(chord).sort((a, b) => a - b),
      notes.map(pitch).sort((a, b) => a - b),
      symbol,
    )
  }
})

test('a slash gives the bass and leaves the chord alone', () => {
  const chord = parseChord('D/F#')
  assert.deepEqual([chord.root, chord.bass, chord.intervals], [2, 6, [0, 4, 7]])
  assert.equal(parseChord('Am7/G').bass, 7)
  assert.equal(parseChord('C6/9').bass, 0)
})

test('every chord keeps its tones in every key', () => {
  for (const [symbol] of table.filter(([symbol]) => /^C(?![b#])/.test(symbol))) {
    const inC = parseChord(symbol)
    for (const root of ['C#', 'Db', 'F', 'Bb', 'B']) {
      const moved = parseChord(root + symbol.slice(1))
      assert.deepEqual(moved.intervals, inC.intervals)
      assert.equal(moved.root, mod12(pitch(root)))
    }
  }
})

test('what is no chord is refused by name', () => {
  for (const text of ['', 'H', 'Cfoo', 'C7b8', 'Cmaj77', 'major', 'C/', 'C/H', 'c7', 'Cadd', '7', 'C'.repeat(5_000)]) {
    assert.throws(
      () => parseChord(text),
      (thrown: unknown) => thrown instanceof MusicError && thrown.message.includes('is not a chord'),
      text,
    )
  }
})
