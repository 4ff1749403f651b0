import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MusicError } from '../error.ts'
import { fifthsOf, parseKey, scaleNotes, scalePitchClasses, spellIn } from './key.ts'
import { nameOf, parseNoteName, pitchClassOf } from './pitch.ts'
import { parseProgression, romanChord } from './roman.ts'

const symbols = (key: string, progression: string): string =>
  parseProgression(parseKey(key), progression)
    .map((chord) => chord?.symbol ?? 'N.C.')
    .join(' ')

test('keys are read as people write them', () => {
  const cases: [string, string, string][] = [
    ['C', 'C', 'major'],
    ['Cm', 'C', 'minor'],
    ['C minor', 'C', 'minor'],
    ['C major', 'C', 'major'],
    ['F# minor', 'F#', 'minor'],
    ['f#m', 'F#', 'minor'],
    ['Eb major', 'Eb', 'major'],
    ['D dorian', 'D', 'dorian'],
    ['Bb', 'Bb', 'major'],
    ['B♭ moll', 'Bb', 'minor'],
    ['C# harmonic minor', 'C#', 'harmonic_minor'],
    ['A minor pentatonic', 'A', 'minor_pentatonic'],
    ['E blues', 'E', 'blues'],
    ['CM', 'C', 'major'],
    ['G Mixolydian', 'G', 'mixolydian'],
  ]
  for (const [text, tonic, mode] of cases) assert.deepEqual(parseKey(text), { tonic, mode }, text)
  for (const text of ['', 'H', 'C majorish', 'Cmm', 'major', 'X dorian'])
    assert.throws(() => parseKey(text), MusicError, text)
})

test('all thirty keys are spelled with seven letters and the right signature', () => {
  const majors = ['Cb', 'Gb', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#']
  const minors = ['Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#', 'G#', 'D#', 'A#']
  for (const [mode, tonics] of [
    ['major', majors],
    ['minor', minors],
  ] as const) {
    tonics.forEach((tonic, index) => {
      const key = parseKey(`${tonic} ${mode}`)
      const notes = scaleNotes(key)
      assert.equal(new Set(notes.map((note) => note[0])).size, 7, `${tonic} ${mode}: ${notes.join(' ')}`)
      assert.equal(fifthsOf(key), index - 7, `${tonic} ${mode}`)
      const signs = notes.reduce((total, note) => total + parseNoteName(note).accidental, 0)
      assert.equal(signs, index - 7)
    })
  }
  assert.deepEqual(scaleNotes(parseKey('E major')), ['E', 'F#', 'G#', 'A', 'B', 'C#', 'D#'])
})

test('pitches are spelled in their key and sound the same', () => {
  for (const text of ['C', 'F# minor', 'Db', 'Eb minor', 'D dorian', 'A blues', 'B major', 'C# major', 'Ab minor']) {
    const key = parseKey(text)
    for (let midi = 60; midi < 72; midi += 1)
      assert.equal(pitchClassOf(spellIn(key, midi)), midi % 12, `${text} ${midi}`)
  }
  assert.equal(nameOf(spellIn(parseKey('F# minor'), 68)), 'G#')
  assert.equal(nameOf(spellIn(parseKey('Eb major'), 68)), 'Ab')
})

test('roman numerals give the chords of the key, for sharps and flats as for C', () => {
  assert.equal(symbols('C', 'I V vi IV'), 'C G Am F')
  assert.equal(symbols('F# minor', 'i bVI bIII bVII'), 'F#m D A E')
  assert.equal(symbols('F# minor', 'i VI III VII'), 'F#m D A E')
  assert.equal(symbols('Bb', 'ii7 V7 Imaj7 vi7'), 'Cm7 F7 Bbmaj7 Gm7')
  assert.equal(symbols('Eb', 'IV #IVdim7 I/5 VI7 ii7 V7'), 'Ab Adim7 Eb/Bb C7 Fm7 Bb7')
  assert.equal(symbols('C', 'V7/ii V7/V iiø7 bVII7 I/3 III7 iv'), 'A7 D7 Dm7b5 Bb7 C/E E7 Fm')
  assert.equal(symbols('G', 'I V/7 vi I/5 IV I/3'), 'G D/F# Em G/D C G/B')
  assert.equal(symbols('A minor', 'iiø7-V7b9-i6/9'), 'Bm7b5 E7b9 Am6/9')
  assert.equal(symbols('C#', 'I iii7 IV V'), 'C# E#m7 F# G#')
  assert.equal(symbols('G', 'Am F | C N.C.'), 'Am F C N.C.')
})

test('diatonic progressions stay in all thirty keys', () => {
  for (const tonic of ['Cb', 'Gb', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#']) {
    for (const [mode, progression] of [
      ['major', 'I ii7 iii7 IVmaj7 V7 vi7'],
      ['minor', 'i7 bIIImaj7 iv7 v7 bVImaj7 bVII7'],
    ] as const) {
      const key = parseKey(`${tonic} ${mode}`)
      const scale = new Set(scalePitchClasses(key))
      for (const numeral of progression.split(' ')) {
        const chord = romanChord(key, numeral)
        for (const step of chord.intervals)
          assert.ok(scale.has((chord.root + step) % 12), `${tonic} ${mode} ${numeral}`)
      }
    }
  }
})

test('a progression that cannot be read names every wrong chord', () => {
  assert.throws(
    () => parseProgression(parseKey('C'), 'I Cfoo V IX'),
    (thrown: unknown) =>
      thrown instanceof MusicError && thrown.issues.length === 2 && thrown.issues[0]?.path === 'chord 2',
  )
  assert.throws(() => parseProgression(parseKey('C'), ' '), /empty/)
})
