import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layOut, type LaneNote } from './layout.ts'
import { clockTicks, elapsedTicks, toX } from './scale.ts'

const MINUTE = 60_000
const view = { from: 0, to: 100 * MINUTE, widthPx: 1_000 }
const note = (id: string, start: number, end: number | null): LaneNote => ({
  id,
  start: start * MINUTE,
  end: end === null ? null : end * MINUTE,
  status: 'succeeded',
  label: id,
})

test('time maps to pixels linearly', () => {
  assert.equal(toX(view, 50 * MINUTE), 500)
})

test('a lone note lies in the middle and notes at once lie apart', () => {
  const { placed } = layOut([note('a', 0, 10), note('b', 5, 20), note('c', 30, 31)], view, 0, 4)
  assert.deepEqual(
    placed.map((each) => [each.note.id, each.slot]),
    [
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ],
  )
})

test('what finds no space becomes a chord with all its notes', () => {
  const { placed, chords } = layOut(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => note(id, 10, 12)),
    view,
    0,
    4,
  )
  assert.equal(placed.length, 4)
  assert.deepEqual(
    chords.map((chord) => chord.notes.map((each) => each.id).join('')),
    ['ef'],
  )
})

test('a note still sounding reaches to now', () => {
  const { placed } = layOut([note('a', 10, null)], view, 30 * MINUTE, 4)
  assert.equal(placed[0]?.widthPx, 200)
})

test('notes out of view are not drawn', () => {
  const { placed } = layOut([note('a', -50, -40), note('b', 120, 130), note('c', -10, 5)], view, 0, 4)
  assert.deepEqual(
    placed.map((each) => each.note.id),
    ['c'],
  )
})

test('clock marks fall on whole local steps and name the day at midnight', () => {
  const day = 24 * 60 * MINUTE
  const ticks = clockTicks({ from: day - 60 * MINUTE, to: day + 60 * MINUTE, widthPx: 800 }, 0)
  assert.deepEqual(
    ticks.map((tick) => tick.label),
    ['23:00', '23:15', '23:30', '23:45', 'Fri 2 Jan', '00:15', '00:30', '00:45', '01:00'],
  )
})

test('weeks begin on Monday', () => {
  const day = 24 * 60 * MINUTE
  const ticks = clockTicks({ from: 0, to: 30 * day, widthPx: 500 }, 0)
  assert.deepEqual(
    ticks.map((tick) => tick.label),
    ['Mon 5 Jan', 'Mon 12 Jan', 'Mon 19 Jan', 'Mon 26 Jan'],
  )
})

test('elapsed marks count from the start of the run', () => {
  const ticks = elapsedTicks({ from: 5_000, to: 65_000, widthPx: 300 }, 5_000)
  assert.deepEqual(
    ticks.map((tick) => tick.label),
    ['0:00', '0:30', '1:00'],
  )
})
