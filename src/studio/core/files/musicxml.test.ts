import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compose } from '../compose/song.ts'
import { genreIds } from '../genres/index.ts'
import { newProject, newTrack } from '../project/new-project.ts'
import { letterPitches, letters } from '../theory/pitch.ts'
import { writeMusicXml } from './musicxml.ts'
import { quantised } from './quantise.ts'

interface Read {
  readonly start: number
  readonly pitch: number
}

/** Onsets and pitches of each part, read back from the text: ties are one note, measures must be full. */
function read(xml: string): Read[][] {
  return [...xml.matchAll(/<part id="(\w+)">([\s\S]*?)<\/part>/g)].map(([, , part = '']) => {
    const notes: Read[] = []
    let now = 0
    let length = 48
    for (const [, , measure = ''] of part.matchAll(/<measure number="(\d+)">([\s\S]*?)<\/measure>/g)) {
      const time = /<beats>(\d+)<\/beats><beat-type>(\d+)<\/beat-type>/.exec(measure)
      if (time !== null) length = (Number(time[1]) * 48) / Number(time[2])
      const begin = now
      let last = now
      for (const [, note = ''] of measure.matchAll(/<note>([\s\S]*?)<\/note>/g)) {
        const duration = Number(/<duration>(\d+)/.exec(note)?.[1])
        const isChord = note.includes('<chord/>')
        const start = isChord ? last : now
        if (!isChord) {
          last = now
          now += duration
        }
        if (note.includes('<rest/>') || note.includes('<tie type="stop"/>')) continue
        const step = /<step>(\w)<\/step>/.exec(note)?.[1]
        const instrument = /<instrument id="\w+-I(\d+)"/.exec(note)?.[1]
        const alter = Number(/<alter>(-?\d+)/.exec(note)?.[1] ?? 0)
        const octave = Number(/<octave>(-?\d+)/.exec(note)?.[1])
        const letter = letters.findIndex((name) => name === step)
        notes.push({
          start,
          pitch: step === undefined ? Number(instrument) - 1 : letterPitches[letter]! + alter + (octave + 1) * 12,
        })
      }
      assert.equal(now - begin, length, 'a measure is as long as its meter says')
    }
    return notes
  })
}

test('pitches and onsets read back are those of the quantised project, in every genre and meter', () => {
  for (const genre of genreIds) {
    const project = compose({
      genre,
      seed: '2',
      bars: 12,
      key: { tonic: genre.length % 2 === 0 ? 'Eb' : 'F#', mode: 'minor' },
    })
    const parts = read(writeMusicXml(project))
    const expected = project.tracks.map((track) =>
      quantised(project, track).chords.flatMap(({ start, pitches }) => pitches.map((pitch) => ({ start, pitch }))),
    )
    assert.deepEqual(parts, expected, genre)
  }
})

test('triplets are written as triplets', () => {
  const notes = [0, 320, 640, 960].map((start, index) => ({
    id: `n${index}`,
    start,
    length: 300,
    pitch: 60 + index,
    velocity: 90,
  }))
  const region = { id: 'r', name: 'r', start: 0, length: 3_840, notes, cc: [], bends: [], touches: [] }
  const project = {
    ...newProject('p', 'Triplets'),
    length: 3_840,
    tracks: [{ ...newTrack('t', 'Keys'), regions: [region] }],
  }
  const xml = writeMusicXml(project)
  assert.deepEqual(
    read(xml)[0]?.map((note) => note.start),
    [0, 4, 8, 12],
  )
  assert.equal(xml.match(/<actual-notes>3<\/actual-notes>/g)?.length, 3)
})

test('names that XML cannot hold do not break it', () => {
  const project = { ...newProject('p', 'a<b>&"c"\u0001\ud800'), tracks: [newTrack('t', '</part-name>')] }
  const xml = writeMusicXml(project)
  assert.match(xml, /a&lt;b&gt;&amp;&quot;c&quot; \ufffd/)
  assert.equal(xml.match(/<\/part-name>/g)?.length, 1)
})
