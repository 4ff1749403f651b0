import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operation } from '../../contract.ts'
import { type Project, type Region, type Track } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { type Random, stream } from '../random/streams.ts'
import { transact } from './apply.ts'
import { loadProject, parseOperations } from './load.ts'
import { newProject, newTrack } from './new-project.ts'

const region = (id: string, count: number): Region => ({
  id,
  name: id,
  start: 0,
  length: 4_000,
  notes: Array.from({ length: count }, (_, index) => ({
    id: `n${index}`,
    start: index * 100,
    length: 90,
    pitch: 60,
    velocity: 80,
  })),
  cc: [],
  bends: [],
  touches: [],
})
const effect = { id: 'fx1', type: 'reverb' as const, params: { mix: 0.3 }, bypass: false }

function start(): Project {
  return transact(newProject('p', 'Song'), [
    { type: 'add_bus', bus: { id: 'b1', name: 'Reverb', inserts: [] } },
    {
      type: 'add_track',
      track: { ...newTrack('t1', 'Keys'), sends: [{ busId: 'b1', level: 0.4 }], regions: [region('r1', 8)] },
    },
    { type: 'add_track', track: newTrack('t2', 'Bass') },
  ]).project
}
const content = (project: Project): string => JSON.stringify({ ...project, revision: 0 })

/** One of each operation, so that none is forgotten. */
const examples = {
  set_project: { type: 'set_project', patch: { name: 'Other', key: { tonic: 'D', mode: 'dorian' } } },
  set_tempo_map: {
    type: 'set_tempo_map',
    marks: [
      { tick: 0, bpm: 90 },
      { tick: 960, bpm: 91 },
    ],
  },
  set_meter_map: { type: 'set_meter_map', marks: [{ tick: 0, numerator: 6, denominator: 8 }] },
  set_sections: { type: 'set_sections', sections: [{ id: 's1', name: 'Verse', start: 0, length: 960, energy: 0.5 }] },
  set_chords: { type: 'set_chords', chords: [{ tick: 0, symbol: 'Am7' }] },
  add_track: { type: 'add_track', track: newTrack('t3', 'Pad'), index: 1 },
  remove_track: { type: 'remove_track', trackId: 't1' },
  move_track: { type: 'move_track', trackId: 't2', index: 0 },
  set_track: { type: 'set_track', trackId: 't1', patch: { volume: 0.5, muted: true, drumKit: null } },
  add_region: { type: 'add_region', trackId: 't2', region: region('r2', 3) },
  remove_region: { type: 'remove_region', trackId: 't1', regionId: 'r1' },
  set_region: {
    type: 'set_region',
    trackId: 't1',
    regionId: 'r1',
    patch: { start: 960, swing: { amount: 1, grid: 'eighth' } },
  },
  move_region: { type: 'move_region', trackId: 't1', regionId: 'r1', toTrackId: 't2', start: 1_920 },
  add_notes: {
    type: 'add_notes',
    trackId: 't1',
    regionId: 'r1',
    notes: [{ id: 'x', start: 50, length: 10, pitch: 61, velocity: 1 }],
  },
  remove_notes: { type: 'remove_notes', trackId: 't1', regionId: 'r1', noteIds: ['n0', 'n5'] },
  set_notes: { type: 'set_notes', trackId: 't1', regionId: 'r1', patches: [{ id: 'n3', start: 0, velocity: 3 }] },
  shift_notes: {
    type: 'shift_notes',
    trackId: 't1',
    regionId: 'r1',
    noteIds: ['n1', 'n2'],
    ticks: -100,
    semitones: 12,
  },
  set_effects: { type: 'set_effects', chain: { of: 'track', id: 't1' }, effects: [effect] },
  set_sends: { type: 'set_sends', trackId: 't2', sends: [{ busId: 'b1', level: 1 }] },
  set_automation: {
    type: 'set_automation',
    trackId: 't2',
    automation: [{ parameter: 'Volume', points: [{ tick: 0, value: 1, curve: 'linear' }] }],
  },
  add_bus: { type: 'add_bus', bus: { id: 'b2', name: 'Delay', inserts: [effect] } },
  remove_bus: { type: 'remove_bus', busId: 'b1' },
} as const satisfies { [T in Operation['type']]: Extract<Operation, { type: T }> }

for (const operation of Object.values(examples) as Operation[]) {
  test(`${operation.type} changes the project, its inverse gives it back, and again`, () => {
    const before = start()
    const frozen = content(before)
    const done = transact(before, parseOperations([operation]))
    assert.notEqual(content(done.project), frozen)
    assert.equal(content(before), frozen, 'the old project is untouched')
    assert.equal(done.project.revision, before.revision + 1)
    assert.ok(loadProject(JSON.parse(JSON.stringify(done.project))))
    const undone = transact(done.project, done.inverse)
    assert.equal(content(undone.project), frozen)
    const redone = transact(undone.project, undone.inverse)
    assert.equal(content(redone.project), content(done.project))
  })
}

/** An operation that fits the project, of any kind. */
function randomOperation(random: Random, project: Project, fresh: string): Operation {
  const track: Track = random.pick(project.tracks)
  const [part] = track.regions
  const place = { trackId: track.id, regionId: part?.id ?? '' }
  const ids = part?.notes.map((note) => note.id) ?? []
  const some = random.shuffled(ids).slice(0, random.between(0, 4))
  const note = {
    id: fresh,
    start: random.below(3_000),
    length: random.between(1, 500),
    pitch: random.between(40, 80),
    velocity: random.between(1, 127),
  }
  const any: Operation[] = [
    { type: 'set_project', patch: { name: fresh } },
    { type: 'add_track', track: newTrack(fresh, 'New'), index: random.below(4) },
    { type: 'move_track', trackId: track.id, index: random.below(4) },
    { type: 'set_track', trackId: track.id, patch: { pan: random.below(10) / 10, name: fresh } },
    { type: 'add_region', trackId: track.id, region: region(fresh, random.below(6)), index: random.below(3) },
    { type: 'add_bus', bus: { id: fresh, name: 'Bus', inserts: [] }, index: 0 },
    {
      type: 'set_sends',
      trackId: track.id,
      sends: project.buses.slice(0, random.below(3)).map((bus) => ({ busId: bus.id, level: 0.5 })),
    },
    { type: 'set_effects', chain: { of: 'master' }, effects: random.chance(0.5) ? [effect] : [] },
  ]
  if (project.tracks.length > 1) any.push({ type: 'remove_track', trackId: track.id })
  if (project.buses.length > 0) any.push({ type: 'remove_bus', busId: random.pick(project.buses).id })
  if (part === undefined) return random.pick(any)
  return random.pick<Operation>([
    ...any,
    { type: 'remove_region', ...place },
    { type: 'move_region', ...place, toTrackId: random.pick(project.tracks).id, start: random.below(9_000) },
    {
      type: 'set_region',
      ...place,
      patch: { length: random.between(1, 5_000), source: { generator: fresh, params: {}, seed: '1' } },
    },
    { type: 'add_notes', ...place, notes: [note] },
    { type: 'remove_notes', ...place, noteIds: some },
    {
      type: 'set_notes',
      ...place,
      patches: some.map((id) => ({ id, start: random.below(3_000), pitch: random.between(0, 127) })),
    },
    { type: 'shift_notes', ...place, noteIds: some, ticks: random.between(0, 50), semitones: random.between(0, 3) },
  ])
}

test('500 random sequences are undone and redone to the same project', () => {
  for (let round = 0; round < 500; round += 1) {
    const random = stream('apply', round)
    let project = start()
    const states = [content(project)]
    const undo: (readonly Operation[])[] = []
    for (let step = 0; step < 8; step += 1) {
      const operations = [randomOperation(random, project, `x${step}`)]
      if (random.chance(0.3)) operations.push({ type: 'set_project', patch: { seed: String(step) } })
      const done = transact(project, operations)
      project = done.project
      undo.push(done.inverse)
      states.push(content(project))
    }
    const redo: (readonly Operation[])[] = []
    for (let step = undo.length - 1; step >= 0; step -= 1) {
      const back = transact(project, undo[step] ?? [])
      project = back.project
      redo.push(back.inverse)
      assert.equal(content(project), states[step], `round ${round}, undo of step ${step}`)
    }
    for (const [step, operations] of redo.reverse().entries()) {
      project = transact(project, operations).project
      assert.equal(content(project), states[step + 1], `round ${round}, redo of step ${step}`)
    }
  }
})

test('a wrong operation leaves everything as it was and says what would be right', () => {
  const project = start()
  const cases: [Operation, RegExp][] = [
    [{ type: 'remove_track', trackId: 'nope' }, /no track has the id "nope"; there are t1, t2/],
    [{ type: 'remove_region', trackId: 't2', regionId: 'r1' }, /region of track t2 has the id "r1"/],
    [{ type: 'add_track', track: newTrack('t1', 'Twice') }, /"t1" is taken/],
    [{ type: 'add_region', trackId: 't2', region: region('r1', 0) }, /"r1" is taken/],
    [{ type: 'remove_notes', trackId: 't1', regionId: 'r1', noteIds: ['n99'] }, /"n99"/],
    [
      { type: 'shift_notes', trackId: 't1', regionId: 'r1', noteIds: ['n0'], ticks: -1, semitones: 0 },
      /would be pitch 60 at tick -1/,
    ],
    [{ type: 'set_sends', trackId: 't1', sends: [{ busId: 'zz', level: 1 }] }, /no bus has the id "zz"/],
  ]
  for (const [operation, message] of cases) {
    assert.throws(() => transact(project, [operation]), message)
    assert.throws(
      () => transact(project, [{ type: 'set_project', patch: { name: 'x' } }, operation]),
      /operation 2 of 2/,
    )
  }
  assert.equal(content(project), content(start()))
})

test('a project from outside is refused with every problem and its path', () => {
  const project = start()
  const broken = JSON.parse(content(project)) as {
    tracks: { id: string; volume: number; sends: { busId: string; level: number }[] }[]
    key: unknown
  }
  broken.tracks[0]!.volume = 9
  broken.key = { tonic: 'H', mode: 'major' }
  assert.throws(
    () => loadProject(broken),
    (thrown: unknown) =>
      thrown instanceof MusicError && thrown.issues.length === 2 && thrown.message.includes('tracks.0.volume'),
  )
  const doubled = JSON.parse(content(project)) as typeof broken
  doubled.tracks[1]!.id = 't1'
  doubled.tracks[1]!.sends = [{ busId: 'gone', level: 1 }]
  assert.throws(() => loadProject(doubled), /"t1" is the id of an earlier one too.*no bus "gone"/)
  for (const junk of [null, 1, 'x', [], {}]) assert.throws(() => loadProject(junk), MusicError)
})
