import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Note, Project, Track } from '../../contract.ts'
import { compose } from '../compose/song.ts'
import { genres } from '../genres/index.ts'
import { stream } from '../random/streams.ts'
import { gates, judge, judgeMean } from './gates.ts'
import { panelOf } from './panel.ts'
import { scoresOf } from './score.ts'

/** Four keys with sharps and flats, ten seeds: every genre, 32 bars. */
const tonics = ['F#', 'Bb', 'Eb', 'C#']
const seeds = Array.from({ length: 10 }, (_, seed) => String(seed))

for (const genre of genres) {
  test(`${genre.id}: forty pieces of 32 bars pass every gate`, () => {
    const panels = tonics.flatMap((tonic) =>
      seeds.map((seed) => {
        const panel = panelOf(compose({ genre: genre.id, key: { tonic, mode: genre.mode }, seed, bars: 32 }), genre)
        const failed = judge(panel, genre).filter((result) => !result.passed)
        assert.deepEqual(
          failed.map(({ gate, value }) => `${gate.part}.${gate.metric} ${value}`),
          [],
          `${genre.id} in ${tonic}, seed ${seed}`,
        )
        return panel
      }),
    )
    const outside = judgeMean(panels, genre).filter((result) => !result.passed)
    assert.deepEqual(
      outside.map(({ gate, value }) => `${gate.part}.${gate.metric} ${value.toFixed(3)} [${gate.low}, ${gate.high}]`),
      [],
    )
  })
}

test('every gate measures something in some genre', () => {
  const panels = genres.map((genre) => [genre, panelOf(compose({ genre: genre.id, seed: '1' }), genre)] as const)
  for (const gate of gates) {
    const isUsed = panels.some(
      ([genre, panel]) => (gate.where?.(genre) ?? true) && typeof panel[gate.part][gate.metric] === 'number',
    )
    assert.ok(isUsed, `${gate.part}.${gate.metric}`)
  }
})

const withNotes = (
  project: Project,
  role: Track['role'],
  change: (notes: Note[], length: number) => Note[],
): Project => ({
  ...project,
  tracks: project.tracks.map((track) =>
    track.role === role
      ? {
          ...track,
          regions: track.regions.map((region) => ({ ...region, notes: change(region.notes, region.length) })),
        }
      : track,
  ),
})
const scoreOf = (project: Project, role: Track['role']): number =>
  scoresOf(project).find((score) => score.role === role)?.score ?? 0

const judged = [
  'boom_bap',
  'lofi',
  'trap',
  'house',
  'techno',
  'dnb',
  'pop',
  'rock',
  'funk',
  'soul',
  'jazz',
  'reggae',
  'bossa',
  'afrobeat',
]

test('what is composed scores .85 and more, in fourteen styles and twenty seeds', () => {
  for (const genre of judged) {
    for (let seed = 0; seed < 20; seed += 1) {
      for (const { role, score, terms } of scoresOf(compose({ genre, seed: String(seed) }))) {
        assert.ok(score >= 0.85, `${genre} ${seed} ${role} ${score.toFixed(3)} ${JSON.stringify(terms)}`)
      }
    }
  }
})

test('random pitches and times score .6 and less', () => {
  for (const genre of judged) {
    const project = compose({ genre, seed: '1' })
    for (const role of ['drums', 'bass', 'chords', 'melody'] as const) {
      const random = stream('noise', genre, role)
      const keys = role === 'drums' ? [35, 36, 37, 38, 39, 42, 44, 46, 49, 51] : []
      const noise = withNotes(project, role, (notes, length) =>
        notes.map((note) => ({
          ...note,
          start: random.below(length - 300),
          length: random.between(60, 300),
          pitch: role === 'drums' ? random.pick(keys) : random.between(30, 90),
          velocity: random.between(1, 127),
        })),
      )
      assert.ok(scoreOf(noise, role) <= 0.6, `${genre} ${role} ${scoreOf(noise, role).toFixed(3)}`)
    }
  }
})

test('a melody of one pitch scores .4 and less', () => {
  for (const genre of judged) {
    const flat = withNotes(compose({ genre, seed: '2' }), 'melody', (notes, length) =>
      Array.from({ length: Math.max(2, notes.length) }, (_, index) => ({
        id: `n${index}`,
        start: Math.floor((index * length) / notes.length),
        length: 200,
        pitch: 61,
        velocity: 90,
      })),
    )
    assert.ok(scoreOf(flat, 'melody') <= 0.4, `${genre} ${scoreOf(flat, 'melody').toFixed(3)}`)
  }
})

test('kick and snare exchanged score .7 and less where there is a backbeat', () => {
  for (const genre of ['boom_bap', 'lofi', 'rock', 'funk', 'dnb', 'pop', 'soul']) {
    const swapped = withNotes(compose({ genre, seed: '3' }), 'drums', (notes) =>
      notes.map((note) => ({ ...note, pitch: note.pitch === 36 ? 38 : note.pitch === 38 ? 36 : note.pitch })),
    )
    assert.ok(scoreOf(swapped, 'drums') <= 0.7, `${genre} ${scoreOf(swapped, 'drums').toFixed(3)}`)
  }
})
