import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Project } from '../../contract.ts'
import { panelOf } from '../critic/panel.ts'
import { transact } from '../project/apply.ts'
import { heardNotes } from '../project/heard.ts'
import { newProject, newTrack } from '../project/new-project.ts'
import { regenerate } from './regenerate.ts'
import { compose } from './song.ts'

const notesOf = (project: Project, id: string): string =>
  JSON.stringify(project.tracks.find((track) => track.id === id)?.regions.map((region) => region.notes))
const content = (project: Project): string => JSON.stringify({ ...project, revision: 0 })

test('one track made again leaves every other track as it was, and is undone in one step', () => {
  for (const genre of ['lofi', 'jazz', 'house', 'trap', 'ballad']) {
    const before = compose({ genre, seed: '4' })
    for (const track of before.tracks) {
      const done = transact(before, regenerate(before, { trackId: track.id, take: '2' }))
      for (const other of before.tracks) {
        const same = notesOf(done.project, other.id) === notesOf(before, other.id)
        assert.equal(same, other.id !== track.id, `${genre}: ${track.id} again, ${other.id}`)
      }
      assert.equal(content(transact(done.project, done.inverse).project), content(before))
      assert.deepEqual(Object.values(panelOf(done.project).hygiene), [0, 0, 0, 0], genre)
    }
  }
})

test('some bars made again leave the others of the track note for note', () => {
  const before = compose({ genre: 'funk', seed: '9' })
  const bar = 3_840
  for (const trackId of ['drums', 'bass', 'chords', 'melody']) {
    const { project } = transact(before, regenerate(before, { trackId, bars: [8, 10], take: 'b' }))
    const outside = (from: Project): string =>
      JSON.stringify(
        from.tracks
          .find((track) => track.id === trackId)!
          .regions.flatMap((region) =>
            region.notes.map((note) => [region.start + note.start, note.pitch, note.velocity] as const),
          )
          .filter(([tick]) => tick < 8 * bar || tick >= 10 * bar),
      )
    assert.equal(outside(project), outside(before), trackId)
    assert.notEqual(notesOf(project, trackId), notesOf(before, trackId), trackId)
  }
})

test('busier is busier, the same take is the same music', () => {
  const before = compose({ genre: 'boom_bap', seed: '1' })
  const hits = (project: Project): number =>
    heardNotes(
      project,
      project.tracks.find((track) => track.id === 'drums')!,
    ).length
  const again = { trackId: 'drums', take: '0', change: { density: 0.95, complexity: 1 } }
  const { project } = transact(before, regenerate(before, again))
  assert.ok(hits(project) > hits(before) * 1.15, `${hits(before)} to ${hits(project)}`)
  assert.equal(content(transact(before, regenerate(before, again)).project), content(project))
})

test('what cannot be made again says why', () => {
  const project = { ...newProject('p', 'x'), tracks: [newTrack('t', 'Mine')] }
  assert.throws(() => regenerate(project, { trackId: 't', take: '1' }), /"Mine" was not composed/)
  assert.throws(() => regenerate(project, { trackId: 'z', take: '1' }), /no track has the id "z"/)
  const song = compose({ genre: 'pop', bars: 8 })
  assert.throws(
    () => regenerate(song, { trackId: 'bass', take: '1', bars: [7, 9] }),
    /bars 8 to 9 are not in the piece; it has 8 bars/,
  )
})
