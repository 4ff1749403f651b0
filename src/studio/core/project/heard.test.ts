import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Note, Project, Region } from '../../contract.ts'
import { compose } from '../compose/song.ts'
import { genreIds } from '../genres/index.ts'
import { heardNotes } from './heard.ts'
import { newProject, newTrack } from './new-project.ts'
import { toScore } from './score.ts'

const note = (id: string, start: number, length: number, pitch = 60): Note => ({
  id,
  start,
  length,
  pitch,
  velocity: 80,
})
const region = (notes: Note[], more: Partial<Region> = {}): Region => ({
  id: 'r',
  name: 'r',
  start: 960,
  length: 3_840,
  notes,
  cc: [],
  bends: [],
  touches: [],
  ...more,
})
const project = (part: Region, more: Partial<Project> = {}): Project => ({
  ...newProject('p', 'P'),
  tracks: [{ ...newTrack('t', 'T'), regions: [part] }],
  ...more,
})
const heard = (whole: Project): number[][] =>
  heardNotes(whole, whole.tracks[0]!).map(({ tick, duration, pitch }) => [tick, duration, pitch])

test('regions stand in song time and end their notes', () => {
  assert.deepEqual(heard(project(region([note('a', 0, 480), note('b', 3_600, 960), note('c', 3_840, 100)]))), [
    [960, 480, 60],
    [4_560, 240, 60],
  ])
})

test('swing moves what is heard and nothing that is stored; a region may have its own', () => {
  const notes = [note('a', 0, 240), note('b', 480, 240, 62)]
  const swing = { amount: 1, grid: 'eighth' as const }
  assert.deepEqual(heard(project(region(notes), { swing })), [
    [960, 320, 60],
    [1_600, 160, 62],
  ])
  assert.deepEqual(heard(project(region(notes, { swing: { amount: 0, grid: 'eighth' } }), { swing })), [
    [960, 240, 60],
    [1_440, 240, 62],
  ])
})

test('a key struck again ends where it is struck; struck twice at once it is one', () => {
  assert.deepEqual(heard(project(region([note('a', 0, 900), note('b', 480, 480)]))), [
    [960, 480, 60],
    [1_440, 480, 60],
  ])
  assert.deepEqual(heard(project(region([note('a', 0, 900), note('b', 0, 200)]))), [[960, 900, 60]])
})

test('the score of every genre is what the synthesiser asks for', () => {
  for (const genre of genreIds) {
    const song = compose({ genre, seed: '1' })
    const score = toScore(song)
    assert.equal(score.tempoMap[0]?.tick, 0)
    assert.equal(score.endTick, song.length)
    const buses = new Set(score.buses.map((bus) => bus.id))
    for (const track of score.tracks) {
      assert.ok(track.notes.length > 0)
      for (const send of track.sends) assert.ok(buses.has(send.busId), `${genre} ${track.name}`)
      track.notes.forEach((one, index) => {
        assert.ok(Number.isInteger(one.tick) && Number.isInteger(one.duration) && one.duration >= 1)
        assert.ok(index === 0 || one.tick >= track.notes[index - 1]!.tick)
      })
    }
  }
})
