// Composes the corpus, measures it and writes the tables of docs/music.md between their marks:
// `node scripts/music-panel.ts [--seeds N]`. The page's text is written by hand.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compose, gates, genres, judge, judgeMean, type Panel, panelOf } from '#src/studio/core/index.ts'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10' } } })
const page = join(import.meta.dirname, '../docs/music.md')
const tonics = ['F#', 'Bb', 'Eb', 'C#'] as const
const seeds = Number(values.seeds)

/** Human percentiles 5, 50 and 95, and what the program we follow measured; sources are on the page. */
const references: readonly (readonly [
  part: keyof Omit<Panel, 'genre'>,
  metric: string,
  title: string,
  human: string,
  original: string,
])[] = [
  [
    'drums',
    'grooveConsistency',
    'drums: alike from bar to bar (GC16)',
    '.69 / .85 / .98',
    '1.0 in four of five styles',
  ],
  ['drums', 'uniqueBars', 'drums: different bars', '.09 / .44 / .86', ''],
  ['drums', 'hitsPerBar', 'drums: hits a bar', '11.7 / 18.6 / 30', ''],
  ['drums', 'velocitySd', 'drums: velocity SD', '21 / 31 / 41', ''],
  [
    'drums',
    'randomTimingMs',
    'drums: random timing, ms (half of human by default)',
    '11.7 / 16.7 / 21.3',
    '5-7 offsets in all',
  ],
  ['drums', 'driftLag1', 'drums: drift, lag 1', '.21 / .50 / .74', ''],
  ['melody', 'span', 'melody: span, semitones', '14 / 18 / 25', ''],
  ['melody', 'step', 'melody: steps', '.51 / .68 / .81', '.33-.36'],
  ['melody', 'leap', 'melody: leaps of a fourth and more', '.05 / .14 / .24', '.45-.50'],
  ['melody', 'unison', 'melody: repeated pitches', '.07 / .22 / .41', ''],
  ['melody', 'chordTones', 'melody: chord tones', '.48 / .63 / .77', ''],
  ['melody', 'chordTonesOnBeats', 'melody: chord tones on beats', '.45 / .69 / .89', ''],
  ['melody', 'rhythmRepetition', 'melody: rhythms that come back', '.33 / .69 / .87', '.00-.04'],
  ['melody', 'exactRepetition', 'melody: bars that come back', '.19 / .56 / .74', ''],
  ['melody', 'offBeat', 'melody: off the beat', '.32 / .55 / .76', ''],
  ['melody', 'notesPerBar', 'melody: notes a bar', '3.5 / 5.4 / 8.7', ''],
  ['melody', 'activeBars', 'melody: bars with melody', '.69 / .80 / .91', 'first half only'],
  ['chords', 'voiceMotion', 'chords: semitones a voice moves', '.25 / 1.25 / 3.75', '3.3-5.0'],
  ['chords', 'inKey', 'chords: notes in the key', '.97 / 1 / 1', '.31 in F# minor'],
  ['bass', 'rootOnOne', 'bass: root on beat 1', '.67 and more', ''],
  ['arrangement', 'entropy', 'whole piece: pitch-class entropy, bits', '2.57 / 2.78 / 3.29', ''],
]

const short = (value: number): string =>
  Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2).replace(/^(-?)0\./, '$1.')
const read = (panel: Panel, part: keyof Omit<Panel, 'genre'>, metric: string): number[] => {
  const value = panel[part][metric]
  return value === undefined || value === null ? [] : [value]
}
const quantile = (list: readonly number[], share: number): number =>
  [...list].sort((a, b) => a - b)[Math.round((list.length - 1) * share)] ?? 0
const average = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / Math.max(1, list.length)

const all: Panel[] = []
const rows: string[] = []
let failures = 0
const shown = [
  'drums.grooveConsistency',
  'drums.uniqueBars',
  'drums.hitsPerBar',
  'drums.velocitySd',
  'bass.rootOnOne',
  'chords.voiceMotion',
  'melody.step',
  'melody.leap',
  'melody.rhythmRepetition',
  'melody.chordTonesOnBeats',
  'arrangement.entropy',
]
for (const genre of genres) {
  const panels = tonics.flatMap((tonic) =>
    Array.from({ length: seeds }, (_, seed) =>
      panelOf(compose({ genre: genre.id, key: { tonic, mode: genre.mode }, seed: String(seed), bars: 32 }), genre),
    ),
  )
  all.push(...panels)
  const failed =
    panels.flatMap((panel) => judge(panel, genre)).filter((result) => !result.passed).length +
    judgeMean(panels, genre).filter((result) => !result.passed).length
  failures += failed
  const cells = shown.map((name) => {
    const [part, metric] = name.split('.') as [keyof Omit<Panel, 'genre'>, string]
    const values = panels.flatMap((panel) => read(panel, part, metric))
    return values.length === 0 ? '' : short(average(values))
  })
  rows.push(`| ${genre.name} | ${cells.join(' | ')} | ${failed} |`)
}

const panelRows = references.map(([part, metric, title, human, original]) => {
  const list = all.flatMap((panel) => read(panel, part, metric))
  return `| ${title} | ${human} | ${original} | ${[0.05, 0.5, 0.95].map((share) => short(quantile(list, share))).join(' / ')} |`
})

const tables = `${all.length} pieces: ${genres.length} genres, ${tonics.length} keys, ${seeds} seeds, 32 bars. Gates: ${gates.length}. Results outside a gate: ${failures}.

| | human, 5 / 50 / 95 % | the original | ours, 5 / 50 / 95 % |
|---|---|---|---|
${panelRows.join('\n')}

Means by genre:

| genre | ${shown.map((name) => name.replace('.', ' ')).join(' | ')} | outside a gate |
|---|${shown.map(() => '---').join('|')}|---|
${rows.join('\n')}`

const text = readFileSync(page, 'utf8')
const marks = /(<!-- panel: node scripts\/music-panel\.ts -->\n)[\s\S]*(\n<!-- end of panel -->)/
if (!marks.test(text)) throw new Error('docs/music.md has lost its marks')
writeFileSync(
  page,
  text.replace(marks, (_, begin: string, end: string) => `${begin}\n${tables}\n${end}`),
)
console.log(`${all.length} pieces measured, ${failures} results outside a gate`)
process.exitCode = failures === 0 ? 0 : 1
