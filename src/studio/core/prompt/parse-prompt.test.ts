import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComposeSpec } from '../../contract.ts'
import { parsePrompt } from './parse-prompt.ts'

type Expected = Partial<ComposeSpec> & { has?: string; lacks?: string }
const key = (
  tonic: string,
  mode: 'minor' | 'major' | 'dorian' | 'phrygian' | 'lydian' | 'mixolydian' | 'harmonic_minor',
): ComposeSpec['key'] => ({ tonic, mode })

/** Requests as people write them, and what each fixes. `has` and `lacks` name parts. */
const corpus: [string, Expected][] = [
  [
    'make a 16 bar lofi beat in D minor at 80 with piano and bass',
    { genre: 'lofi', bars: 16, key: key('D', 'minor'), tempo: 80, has: 'drums bass chords melody', lacks: 'pad arp' },
  ],
  [
    'make a boom bap beat at 90 bpm for 4 bars with drums bass and melody',
    { genre: 'boom_bap', tempo: 90, bars: 4, has: 'drums bass melody' },
  ],
  ['lofi', { genre: 'lofi' }],
  ['Give me a trap beat in F# minor, 140 BPM', { genre: 'trap', key: key('F#', 'minor'), tempo: 140 }],
  ['a dark drill instrumental in C# minor', { genre: 'drill', key: key('C#', 'minor') }],
  ['deep house, 122bpm, Am, 32 bars', { genre: 'house', tempo: 122, key: key('A', 'minor'), bars: 32 }],
  ['techno at 135 without melody', { genre: 'techno', tempo: 135, lacks: 'melody' }],
  ['liquid drum and bass in E minor at 174', { genre: 'dnb', key: key('E', 'minor'), tempo: 174 }],
  ['a jungle track, 64 bars', { genre: 'jungle', bars: 64 }],
  ['UK garage with an organ, 16 bars', { genre: 'uk_garage', bars: 16, has: 'drums chords' }],
  ['dubstep in G minor', { genre: 'dubstep', key: key('G', 'minor') }],
  ['amapiano groove at 112', { genre: 'amapiano', tempo: 112 }],
  ['disco with strings in Bb minor', { genre: 'disco', key: key('Bb', 'minor'), has: 'pad drums bass' }],
  ['80s synthwave in C minor, tempo 100', { genre: 'synthwave', key: key('C', 'minor'), tempo: 100 }],
  ['funky house loop', { genre: 'house' }],
  ['funk with slap bass and horns in E dorian', { genre: 'funk', key: key('E', 'dorian'), has: 'bass melody' }],
  ['a motown groove in C, 108 bpm', { genre: 'soul', key: key('C', 'major'), tempo: 108 }],
  ['rock song in E: verse, chorus, verse, chorus', { genre: 'rock', key: key('E', 'major') }],
  ['punk at 180', { genre: 'punk', tempo: 180 }],
  ['heavy metal riff in E phrygian', { genre: 'metal', key: key('E', 'phrygian') }],
  ['happy pop in G major with acoustic guitar', { genre: 'pop', key: key('G', 'major'), has: 'chords', lacks: 'arp' }],
  ['a slow 12/8 ballad in Eb', { genre: 'ballad', meter: '12/8', key: key('Eb', 'major'), tempo: 50 }],
  ['12 bar blues in A', { genre: 'blues', bars: 12, key: key('A', 'major') }],
  [
    'jazz trio in Bb major, 160 bpm, 32 bars, no melody',
    { genre: 'jazz', key: key('Bb', 'major'), tempo: 160, bars: 32, lacks: 'melody' },
  ],
  ['country train beat in G', { genre: 'country', key: key('G', 'major') }],
  ['a waltz in D minor', { genre: 'waltz', key: key('D', 'minor') }],
  ['lofi in 3/4 at 75', { genre: 'lofi', meter: '3/4', tempo: 75 }],
  ['irish jig in D major', { genre: 'six_eight', key: key('D', 'major') }],
  ['bossa nova with nylon guitar and flute in F', { genre: 'bossa', key: key('F', 'major'), has: 'chords melody' }],
  ['samba in C major at 104 bpm', { genre: 'samba', tempo: 104, key: key('C', 'major') }],
  ['salsa with piano and trumpet', { genre: 'salsa', has: 'chords melody' }],
  ['reggaeton 16 bars A minor 94 bpm', { genre: 'reggaeton', bars: 16, key: key('A', 'minor'), tempo: 94 }],
  ['soca, 118', { genre: 'soca' }],
  ['roots reggae in A minor with a one drop', { genre: 'reggae', key: key('A', 'minor') }],
  ['afrobeat, eight bars', { genre: 'afrobeat', bars: 8 }],
  ['new orleans second line', { genre: 'second_line' }],
  ['ambient soundscape in D lydian, very calm', { genre: 'ambient', key: key('D', 'lydian'), energy: 0.35 }],
  ['something chill', { genre: 'lofi', energy: 0.4 }],
  ['an epic orchestral piece', { genre: 'ambient' }],
  ['just a drum beat, hip hop', { genre: 'boom_bap' }],
  ['only drums, trap, 8 bars', { genre: 'trap', bars: 8, parts: ['drums'] }],
  ['house without drums', { genre: 'house', lacks: 'drums' }],
  ['pop over Am F C G', { genre: 'pop', chords: 'Am F C G' }],
  ['jazz, chords: Dm7 G7 Cmaj7 A7b9', { genre: 'jazz', chords: 'Dm7 G7 Cmaj7 A7b9' }],
  [
    'lofi, progression ii7 V7 Imaj7 vi7 in F major',
    { genre: 'lofi', chords: 'ii7 V7 Imaj7 vi7', key: key('F', 'major') },
  ],
  [
    'rock: 4 bar intro, 8 bar verse, 8 bar chorus',
    {
      genre: 'rock',
      sections: [
        { name: 'Intro', bars: 4 },
        { name: 'Verse', bars: 8 },
        { name: 'Chorus', bars: 8 },
      ],
    },
  ],
  ['a 2 minute house track', { genre: 'house', bars: 64 }],
  ['energetic dnb seed 42', { genre: 'dnb', energy: 0.95, seed: '42' }],
  ['sparse techno in A minor', { genre: 'techno', density: 0.25, key: key('A', 'minor') }],
  ['busy funk', { genre: 'funk', density: 0.85 }],
  ['a straight lofi beat called "Rain"', { genre: 'lofi', name: 'Rain' }],
  ['pop in a minor key', { genre: 'pop', key: key('A', 'minor') }],
  ['in f sharp minor, a lo-fi beat', { genre: 'lofi', key: key('F#', 'minor') }],
  ['E flat major, bossa', { genre: 'bossa', key: key('Eb', 'major') }],
  [
    'mach einen 16 Takte langen Lofi-Beat in d-Moll bei 80 bpm mit Klavier und Bass',
    { genre: 'lofi', bars: 16, key: key('D', 'minor'), tempo: 80, has: 'drums bass chords melody' },
  ],
  ['ein Walzer in Es-Dur', { genre: 'waltz', key: key('Eb', 'major') }],
  ['schneller Punk in h-moll', { genre: 'punk', key: key('B', 'minor'), tempo: 200 }],
  ['Blues in B-Dur, zwölf Takte', { genre: 'blues', key: key('Bb', 'major'), bars: 12 }],
  ['ruhiger Ambient ohne Schlagzeug', { genre: 'ambient', energy: 0.35, lacks: 'drums' }],
  ['Techno mit 138 bpm, 64 Takte, fis-Moll', { genre: 'techno', tempo: 138, bars: 64, key: key('F#', 'minor') }],
  [
    'ein trauriges Klavierstück in c-Moll, nur Klavier',
    { key: key('C', 'minor'), has: 'chords melody', lacks: 'drums bass' },
  ],
  [
    'Jazz in F-Dur mit Kontrabass, Klavier und Saxophon',
    { genre: 'jazz', key: key('F', 'major'), has: 'bass chords melody' },
  ],
]

function differs({ spec }: ReturnType<typeof parsePrompt>, expected: Expected): string[] {
  const { has = '', lacks = '', ...fields } = expected
  const wrong = Object.entries(fields).filter(
    ([name, value]) => JSON.stringify(spec[name as keyof ComposeSpec]) !== JSON.stringify(value),
  )
  const parts = spec.parts
  const absent = has
    .split(' ')
    .filter((role) => role !== '' && parts !== undefined && !parts.some((part) => part === role))
  const present = lacks
    .split(' ')
    .filter((role) => role !== '' && (parts === undefined || parts.some((part) => part === role)))
  return [
    ...wrong.map(([name]) => `${name}: ${JSON.stringify(spec[name as keyof ComposeSpec])}`),
    ...absent.map((role) => `no ${role}`),
    ...present.map((role) => `has ${role}`),
  ]
}

test('sixty requests in two languages are read right', () => {
  const wrong = corpus.flatMap(([text, expected]) => {
    const problems = differs(parsePrompt(text), expected)
    return problems.length === 0 ? [] : [`${text} -> ${problems.join('; ')}`]
  })
  assert.ok(corpus.length >= 60)
  assert.deepEqual(wrong, [])
})

test('any text gives a spec that is valid, and what was guessed is told', () => {
  for (const text of [
    '',
    '???',
    'x'.repeat(50_000),
    'at 999 bpm, 99999 bars',
    '\u0000\ud800',
    'chords: Zz Qq',
    '(((((',
    'in H major',
    'no no no',
    '🎹🎷',
  ]) {
    const { spec, remarks } = parsePrompt(text)
    assert.ok(ComposeSpec.safeParse(spec).success, text)
    assert.ok(remarks.length > 0, text)
  }
  assert.deepEqual(parsePrompt('lofi at 999 bpm, 99999 bars').remarks, [
    'a tempo of 999 is not possible: it is 240',
    '99999 bars are not possible: there are 1000',
  ])
})

test('chords end where the sentence goes on, and none are made of words that are no chords', () => {
  const chords = (text: string): string | undefined => parsePrompt(text).spec.chords
  assert.equal(chords('pop over Am F C G. Make it slow'), 'Am F C G')
  assert.equal(chords('lofi chords: ii7-V7-Imaj7 in F'), 'ii7 V7 Imaj7')
  assert.equal(chords('jazz with rich chords and a bass, progression ii7 | V7 | Imaj7'), 'ii7 V7 Imaj7')
  for (const text of ['chords and bass', 'over A dark sea', 'progression']) assert.equal(chords(text), undefined, text)
  // Nothing that somebody types keeps the reader busy: each of these is thousands of half chords.
  for (const part of ['b-', 'A-b#', 'Ab|', 'A ']) assert.ok((chords(`over ${part.repeat(2_000)}!`)?.length ?? 0) < 700)
})
