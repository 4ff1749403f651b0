import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Project, Region } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { transact } from '../project/apply.ts'
import { heardNotes } from '../project/heard.ts'
import { newProject, newTrack } from '../project/new-project.ts'
import { stream } from '../random/streams.ts'
import { importSmf } from './smf-import.ts'
import { readSmf } from './smf-read.ts'
import { writeSmf } from './smf-write.ts'

const region = (id: string, seed: number): Region => {
  const random = stream('smf', seed)
  return {
    id,
    name: id,
    start: 960,
    length: 20_000,
    notes: Array.from({ length: 60 }, (_, index) => ({
      id: `n${index}`,
      start: index * 240 + random.below(60),
      length: random.between(20, 400),
      pitch: random.between(36, 84),
      velocity: random.between(1, 127),
    })),
    cc: [{ tick: 100, controller: 64, value: 127 }],
    bends: [
      { tick: 50, value: -8192 },
      { tick: 60, value: 8191 },
    ],
    touches: [
      { tick: 70, value: 5 },
      { tick: 71, value: 6, pitch: 60 },
    ],
  }
}

function sample(): Project {
  const base = {
    ...newProject('p', 'Größe 音'),
    key: { tonic: 'D', mode: 'dorian' as const },
    swing: { amount: 0.5, grid: 'sixteenth' as const },
  }
  return transact(base, [
    {
      type: 'set_tempo_map',
      marks: [
        { tick: 0, bpm: 93.5 },
        { tick: 3_840, bpm: 120 },
      ],
    },
    {
      type: 'set_meter_map',
      marks: [
        { tick: 0, numerator: 6, denominator: 8 },
        { tick: 5_760, numerator: 3, denominator: 4 },
      ],
    },
    {
      type: 'set_sections',
      sections: [
        { id: 's1', name: 'Intro', start: 0, length: 5_760, energy: 0.5 },
        { id: 's2', name: 'Verse', start: 5_760, length: 24_960, energy: 1 },
      ],
    },
    {
      type: 'add_track',
      track: { ...newTrack('t1', 'Keys'), program: 4, volume: 0.75, pan: 0, regions: [region('r1', 1)] },
    },
    {
      type: 'add_track',
      track: { ...newTrack('t2', 'Drums', 'drums'), drumKit: 'TR-808', regions: [region('r2', 2)] },
    },
  ]).project
}

const heard = (project: Project): unknown => project.tracks.map((track) => heardNotes(project, track))

test('a project written and read again has the same notes, tempo, meter, key, names and programs', () => {
  const project = sample()
  const { bytes, warnings } = writeSmf(project)
  const { project: back, repairs } = importSmf(bytes, 'back')
  assert.deepEqual([warnings, repairs], [[], []])
  assert.deepEqual(heard(back), heard(project))
  assert.deepEqual([back.tempoMap, back.meterMap, back.key], [project.tempoMap, project.meterMap, project.key])
  assert.deepEqual([back.name, back.length], [project.name, 30_720])
  assert.deepEqual(
    back.sections.map(({ name, start, length }) => ({ name, start, length })),
    project.sections.map(({ name, start, length }) => ({ name, start, length })),
  )
  assert.deepEqual(
    back.tracks.map(({ name, program, drumKit, volume, pan, kind }) => ({ name, program, drumKit, volume, pan, kind })),
    [
      { name: 'Keys', program: 4, drumKit: null, volume: 0.75, pan: 0, kind: 'midi' },
      { name: 'Drums', program: 0, drumKit: 'TR-808', volume: 0.8, pan: 0.5, kind: 'drums' },
    ],
  )
  assert.equal(back.tracks[0]?.regions[0]?.touches.length, 2)
  assert.deepEqual(
    back.tracks[0].regions[0].bends.map((bend) => bend.value),
    [-8192, 8191],
  )
  assert.deepEqual(writeSmf(back).bytes, bytes, 'and gives the same bytes')
})

test('all thirty keys survive', () => {
  for (const tonic of ['Cb', 'Gb', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#']) {
    const key = { tonic, mode: 'major' as const }
    assert.deepEqual(importSmf(writeSmf({ ...newProject('p', 'K'), key }).bytes, 'x').project.key, key)
  }
})

test('note-offs come first, so that a repeated note is two notes', () => {
  const note = { length: 960, pitch: 60, velocity: 90 }
  const track = {
    ...newTrack('t1', 'Keys'),
    regions: [
      {
        ...region('r1', 1),
        notes: [
          { id: 'a', start: 0, ...note },
          { id: 'b', start: 960, ...note },
        ],
      },
    ],
  }
  const { project, repairs } = importSmf(writeSmf({ ...newProject('p', 'x'), tracks: [track] }).bytes, 'y')
  assert.deepEqual(repairs, [])
  assert.deepEqual(
    project.tracks[0]?.regions[0]?.notes.map(({ start, length }) => [start, length]),
    [
      [960, 960],
      [1_920, 960],
    ],
  )
})

test('past fifteen melodic tracks a second port is used, and said so', () => {
  const tracks = Array.from({ length: 17 }, (_, index) => ({
    ...newTrack(`t${index}`, `T${index}`),
    regions: [{ ...region(`r${index}`, index) }],
  }))
  const { bytes, warnings } = writeSmf({ ...newProject('p', 'x'), tracks })
  assert.match(warnings[0] ?? '', /17 melodic tracks/)
  assert.equal(importSmf(bytes, 'y').project.tracks.length, 17)
})

const chars = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))
const number32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const head = (tracks: number, division = 96, format = 1): number[] => [
  ...chars('MThd'),
  0,
  0,
  0,
  6,
  0,
  format,
  0,
  tracks,
  division >> 8,
  division & 255,
]
const chunk = (body: number[], length = body.length): number[] => [...chars('MTrk'), ...number32(length), ...body]
const good = [0, 0x90, 60, 100, 96, 0x80, 60, 0]
const end = [0, 0xff, 0x2f, 0]
const notesOf = (bytes: number[]): number[][] =>
  importSmf(Uint8Array.from(bytes), 'x').project.tracks.flatMap((track) =>
    track.regions.flatMap((part) => part.notes.map((note) => [note.start, note.length, note.pitch])),
  )

test('files of 96, 192 and 480 ticks a quarter and of format 0 come in on the same grid', () => {
  for (const division of [96, 192, 480]) {
    const body = [
      0,
      0x90,
      60,
      100,
      ...(division === 96 ? [96] : division === 192 ? [0x81, 0x40] : [0x83, 0x60]),
      0x80,
      60,
      0,
      ...end,
    ]
    assert.deepEqual(notesOf([...head(1, division, 0), ...chunk(body)]), [[0, 960, 60]])
  }
  const two = [0, 0x90, 60, 100, 0, 0x99, 36, 100, 96, 0x80, 60, 0, 0, 0x89, 36, 0, ...end]
  const { project } = importSmf(Uint8Array.from([...head(1, 96, 0), ...chunk(two)]), 'x')
  assert.deepEqual(
    project.tracks.map((track) => track.kind),
    ['midi', 'drums'],
  )
})

const broken: { name: string; bytes: number[]; says: RegExp; refused?: true }[] = [
  {
    name: 'truncated in an event',
    bytes: [...head(1), ...chunk([...good, 0, 0x90, 62], 30)],
    says: /ends in the middle of an event.*kept/,
  },
  {
    name: 'wrong track length',
    bytes: [...head(2), ...chunk([...good, ...end], 9), ...chunk([...good, ...end])],
    says: /promises 9 bytes and ends after 12/,
  },
  { name: 'missing End of Track', bytes: [...head(1), ...chunk(good)], says: /no End of Track/ },
  {
    name: 'hanging note',
    bytes: [...head(1), ...chunk([...good, 0, 0x90, 64, 90, 96, ...end.slice(1)])],
    says: /1 note\(s\) never end/,
  },
  {
    name: 'data byte above 127',
    bytes: [...head(1), ...chunk([0, 0x90, 60, 228, 96, 0x80, 60, 0, ...end])],
    says: /1 data byte\(s\) above 127/,
  },
  {
    name: 'wrong track count',
    bytes: [...head(9), ...chunk([...good, ...end])],
    says: /promises 9 tracks; there are 1/,
  },
  {
    name: 'running status after meta',
    bytes: [...head(1), ...chunk([0, 0x90, 60, 100, 0, 0xff, 1, 1, 65, 96, 60, 0, ...end])],
    says: /running status after a meta event/,
  },
  { name: 'division 0', bytes: [...head(1, 0), ...chunk([...good, ...end])], says: /has 0 ticks/, refused: true },
  {
    name: 'events after End of Track',
    bytes: [...head(1), ...chunk([...good, ...end, ...good])],
    says: /8 byte\(s\) after its End of Track/,
  },
  {
    name: 'five-byte length',
    bytes: [...head(1), ...chunk([...good, 0x81, 0x81, 0x81, 0x81, 0x01, 0x90, 60, 1, ...end])],
    says: /more than four bytes/,
  },
  {
    name: 'equal-pitch overlap',
    bytes: [...head(1), ...chunk([0, 0x90, 60, 100, 48, 0x90, 60, 90, 48, 0x80, 60, 0, 48, 0x80, 60, 0, ...end])],
    says: /begin while the same key sounds/,
  },
  {
    name: 'data without a status',
    bytes: [...head(1), ...chunk([...good, 0, 60, 60]), ...chunk([0, 60, 60])],
    says: /data without a status byte/,
  },
  { name: 'not MIDI at all', bytes: chars('<html>not found</html>'), says: /not a MIDI file/, refused: true },
  { name: 'nothing', bytes: [], says: /empty/, refused: true },
  { name: 'a header alone', bytes: head(1), says: /no track/, refused: true },
  {
    name: 'junk between tracks',
    bytes: [...head(2), ...chunk([...good, ...end]), 1, 2, 3, ...chunk([...good, ...end])],
    says: /belong to no track/,
  },
  {
    name: 'a tempo of nothing',
    bytes: [...head(1), ...chunk([0, 0xff, 0x51, 3, 0, 0, 0, ...good, ...end])],
    says: /tempo of 0 is read as 20/,
  },
  { name: 'time in frames', bytes: [...head(1, 0xe728), ...chunk([...good, ...end])], says: /counted in frames/ },
  {
    name: 'an endless time',
    bytes: [...head(1, 1), ...chunk([0xff, 0xff, 0xff, 0x7f, 0x90, 60, 1, ...end])],
    says: /lasts .* beats/,
    refused: true,
  },
]

for (const { name, bytes, says, refused } of broken) {
  test(`a file with ${name} is ${refused === true ? 'refused' : 'repaired'} and says why`, () => {
    const input = Uint8Array.from(bytes)
    if (refused === true) {
      assert.throws(
        () => importSmf(input, 'x'),
        (thrown: unknown) => thrown instanceof MusicError && says.test(thrown.message),
      )
      return
    }
    const { project, repairs } = importSmf(input, 'x')
    assert.match(repairs.join('\n'), says)
    assert.ok((project.tracks[0]?.regions[0]?.notes.length ?? 0) > 0, 'the notes that could be read are there')
  })
}

test('10,000 mutations of a good file end in a project or in a documented error', () => {
  const { bytes } = writeSmf(sample())
  let read = 0
  for (let round = 0; round < 10_000; round += 1) {
    const random = stream('mutate', round)
    let copy = Uint8Array.from(bytes)
    const kind = random.below(4)
    if (kind === 0) copy = copy.slice(0, random.below(copy.length))
    else if (kind === 1) copy = Uint8Array.from([...copy.slice(0, 200), ...copy.slice(200 + random.below(900))])
    else
      for (let change = random.between(1, 12); change > 0; change -= 1)
        copy[random.below(copy.length)] = random.below(256)
    try {
      const { project } = importSmf(copy, 'x')
      for (const track of project.tracks)
        for (const note of track.regions[0]?.notes ?? []) assert.ok(note.length >= 1 && note.pitch <= 127)
      read += 1
    } catch (thrown) {
      assert.ok(thrown instanceof MusicError, String(thrown))
    }
  }
  assert.ok(read > 5_000, `${read} could be read`)
})

test('a file past the limit is refused before it is read', () => {
  assert.throws(() => readSmf(new Uint8Array(9 * 1_024 * 1_024)), /8388608 is the most/)
})
