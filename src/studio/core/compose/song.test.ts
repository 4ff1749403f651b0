import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Project } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { importSmf } from '../files/smf-import.ts'
import { writeSmf } from '../files/smf-write.ts'
import { genreIds } from '../genres/index.ts'
import { heardNotes } from '../project/heard.ts'
import { loadProject } from '../project/load.ts'
import { parsePrompt } from '../prompt/parse-prompt.ts'
import { parseKey } from '../theory/key.ts'
import { compose } from './song.ts'

const midi = (project: Project): string => Buffer.from(writeSmf(project).bytes).toString('base64')
const keys = ['F# minor', 'Bb', 'Eb', 'C# minor'].map(parseKey)

test('every genre in sharp and flat keys gives whole bars of playable notes, and the same bytes again', () => {
  for (const genre of genreIds) {
    for (const key of keys) {
      const spec = { genre, key, seed: '3' }
      const project = compose(spec)
      const where = `${genre} in ${key.tonic} ${key.mode}`
      assert.deepEqual(loadProject(JSON.parse(JSON.stringify(project))), project, where)
      assert.equal(project.length % 32, 0, where)
      assert.ok(project.tracks.length >= 3, where)
      for (const track of project.tracks) {
        for (const region of track.regions) {
          const busy = new Map<number, number>()
          for (const note of region.notes) {
            assert.ok(note.start >= 0 && note.start + note.length <= region.length, `${where} ${track.name}`)
            assert.ok(note.length >= 30, where)
            assert.ok(
              (busy.get(note.pitch) ?? 0) <= note.start,
              `${where} ${track.name}: ${note.pitch} is struck while it sounds`,
            )
            busy.set(note.pitch, note.start + note.length)
          }
        }
      }
      assert.equal(midi(project), midi(compose(spec)), where)
    }
  }
})

test('what is written is read back note for note', () => {
  for (const genre of genreIds) {
    const project = compose({ genre, seed: '5', bars: 16 })
    const { project: back, repairs } = importSmf(writeSmf(project).bytes, 'x')
    assert.deepEqual(repairs, [], genre)
    assert.deepEqual(
      back.tracks.map((track) => heardNotes(back, track)),
      project.tracks.map((track) => heardNotes(project, track)),
      genre,
    )
    assert.deepEqual([back.key, back.meterMap, back.length], [project.key, project.meterMap, project.length], genre)
  }
})

test('another seed is another piece', () => {
  for (const genre of genreIds) {
    const [a, b] = ['1', '2'].map((seed) => compose({ genre, seed, key: parseKey('C') }))
    const changed = a!.tracks.filter((track) => {
      const other = b!.tracks.find((found) => found.id === track.id)
      return other === undefined || JSON.stringify(heardNotes(a!, track)) !== JSON.stringify(heardNotes(b!, other))
    })
    assert.ok(changed.length >= Math.min(4, a!.tracks.length - 1), genre)
  }
})

test('a sentence becomes sixteen bars of what it asks for', () => {
  const { spec } = parsePrompt('make a 16 bar lofi beat in D minor at 80 bpm with piano and bass')
  const project = compose(spec)
  assert.equal(project.length, 16 * 3_840)
  assert.deepEqual([project.tempoMap, project.key], [[{ tick: 0, bpm: 80 }], { tonic: 'D', mode: 'minor' }])
  assert.deepEqual(
    project.tracks.map((track) => [track.role, track.program]),
    [
      ['drums', 0],
      ['bass', 33],
      ['chords', 0],
      ['melody', 0],
    ],
  )
  for (const track of project.tracks) assert.ok(heardNotes(project, track).length > 20, track.name)
})

test('each number of bars is met exactly, in every meter', () => {
  for (const bars of [1, 2, 3, 5, 7, 8, 12, 16, 23, 24, 31, 33, 64, 100]) {
    for (const meter of ['4/4', '3/4', '6/8', '12/8'] as const) {
      const project = compose({ genre: 'pop', bars, meter })
      const [numerator, denominator] = meter.split('/').map(Number)
      assert.equal(project.length, (bars * numerator! * 3_840) / denominator!, `${bars} bars of ${meter}`)
    }
  }
})

test('a spec that cannot be met is refused with what would be right', () => {
  const cases: [Parameters<typeof compose>[0], RegExp][] = [
    [{ genre: 'polka-core' }, /"polka-core" is not a genre that is known; there are boom_bap, lofi/],
    [{ genre: 'jaz' }, /"jaz"/],
    [{ genre: 'pop', chords: 'C Zz9 F' }, /"Zz9" is not a chord/],
    [{ genre: 'ballad', tempo: 240 }, /300 is the most/],
    [{ genre: 'pop', bars: 10_000, tempo: -3 }, /tempo: .*; bars: /],
    [{ genre: 'pop', parts: ['kazoo' as 'bass'], energy: 7 }, /energy: .*parts.0: /],
  ]
  for (const [spec, message] of cases)
    assert.throws(
      () => compose(spec),
      (thrown: unknown) => thrown instanceof MusicError && message.test(thrown.message),
    )
  assert.throws(
    () => compose({ genre: 'jaz' }),
    (thrown: unknown) => thrown instanceof MusicError && thrown.hint === 'did you mean jazz?',
  )
})

test('humanise 0 stands on the grid', () => {
  for (const genre of ['lofi', 'house', 'jazz', 'ballad']) {
    const project = compose({ genre, humanize: 0 })
    const track = project.tracks.find((found) => found.role === 'bass')!
    for (const region of track.regions) for (const note of region.notes) assert.equal(note.start % 120, 0, genre)
  }
})

test('a thousand bars are composed, and the melody goes on to the end of the form', () => {
  const project = compose({ genre: 'pop', bars: 1_000 })
  assert.equal(project.length, 1_000 * 3_840)
  const melody = project.tracks.find((track) => track.role === 'melody')!
  for (const section of project.sections.filter((part) => part.energy >= 0.6)) {
    const notes = heardNotes(project, melody).filter(
      (note) => note.tick >= section.start && note.tick < section.start + section.length,
    )
    const bars = new Set(notes.map((note) => Math.floor(note.tick / 3_840)))
    assert.ok(bars.size >= 0.6 * (section.length / 3_840), section.name)
    assert.ok(
      notes.some((note) => note.tick >= section.start + section.length / 2),
      `${section.name}, second half`,
    )
  }
})
