// What composing costs: whole pieces, one part again, MIDI files out and in, operations and undo on a large project,
// a sentence to a piece. Pure computation in this process. Rendering to sound is another bench.

import {
  importSmf,
  compose,
  loadProject,
  newProject,
  newTrack,
  parsePrompt,
  regenerate,
  transact,
  writeMusicXml,
  writeSmf,
  type Transaction,
} from '#src/studio/core/index.ts'
import type { Operation, Project } from '#src/studio/contract.ts'

interface Options {
  readonly rounds?: number
}

function timed(rounds: number, work: (round: number) => unknown): { p50: number; p95: number } {
  const times: number[] = []
  // The first quarter warms up.
  for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
    const start = performance.now()
    work(round + 10_000)
    if (round >= 0) times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => Math.round((times[Math.floor((times.length - 1) * share)] ?? 0) * 100) / 100
  return { p50: at(0.5), p95: at(0.95) }
}

/** One track of 10,000 notes. */
function large(): Project {
  const notes = Array.from({ length: 10_000 }, (_, index) => ({
    id: `n${index}`,
    start: index * 120,
    length: 110,
    pitch: 40 + (index % 48),
    velocity: 60 + (index % 60),
  }))
  const region = { id: 'r', name: 'Long', start: 0, length: 1_200_000, notes, cc: [], bends: [], touches: [] }
  return {
    ...newProject('large', 'Large'),
    length: 1_200_000,
    tracks: [{ ...newTrack('t', 'Keys'), regions: [region] }],
  }
}

export function run({ rounds = 40 }: Options): Promise<object> {
  const project = large()
  const bytes = writeSmf(project).bytes
  const json = JSON.stringify(project)
  const song = compose({ genre: 'pop', bars: 64 })
  const notes = compose({ genre: 'pop', bars: 200, density: 0.9 }).tracks.reduce(
    (sum, track) => sum + track.regions.reduce((count, region) => count + region.notes.length, 0),
    0,
  )
  return Promise.resolve({
    unit: 'ms',
    compose64Bars6Tracks: {
      ...timed(rounds, (round) => compose({ genre: 'pop', bars: 64, seed: String(round) })),
      tracks: song.tracks.length,
      target: { p50: 15, p95: 50 },
    },
    compose200Bars: {
      ...timed(Math.ceil(rounds / 4), (round) =>
        compose({ genre: 'pop', bars: 200, density: 0.9, seed: String(round) }),
      ),
      notes,
      target: { p95: 80 },
    },
    onePart16Bars: {
      ...timed(rounds, (round) => compose({ genre: 'lofi', bars: 16, parts: ['chords'], seed: String(round) })),
      target: { p95: 10 },
    },
    partAgain: timed(rounds, (round) => transact(song, regenerate(song, { trackId: 'bass', take: String(round) }))),
    sentenceToFiles: timed(rounds, (round) => {
      const piece = compose({
        ...parsePrompt('a 16 bar lofi beat in D minor at 80 with piano and bass').spec,
        seed: String(round),
      })
      return [writeSmf(piece), writeMusicXml(piece), JSON.stringify(piece)]
    }),
    smfOut10000Notes: { ...timed(rounds, () => writeSmf(project)), target: { p95: 25 } },
    smfIn10000Notes: timed(rounds, () => importSmf(bytes, 'x')),
    load10000Notes: timed(rounds, () => loadProject(JSON.parse(json))),
    edit10000Notes: {
      ...timed(rounds, (round) =>
        transact(project, [
          { type: 'set_notes', trackId: 't', regionId: 'r', patches: [{ id: `n${round % 10_000}`, pitch: 60 }] },
        ]),
      ),
      target: { p95: 10 },
    },
    undo100Steps10000Notes: { ...timed(Math.ceil(rounds / 8), () => undoHundred(project)), target: { p95: 500 } },
  })
}

function undoHundred(project: Project): Project {
  let current = project
  const steps: Transaction[] = []
  for (let step = 0; step < 100; step += 1) {
    const change: Operation = {
      type: 'shift_notes',
      trackId: 't',
      regionId: 'r',
      noteIds: [`n${step}`],
      ticks: 1,
      semitones: 1,
    }
    const done = transact(current, [change])
    steps.push(done)
    current = done.project
  }
  for (const step of steps.reverse()) current = transact(current, step.inverse).project
  return current
}
