// Small scores for tests: tracks from a few fields, and a song of four bars that uses every part of the mixer.

import { defaultBuses, type Score, type ScoreNote, type ScoreTrack, TICKS_PER_QUARTER } from '../score.ts'

export function trackOf(over: Partial<ScoreTrack>): ScoreTrack {
  return {
    id: 'track',
    name: 'Track',
    kind: 'midi',
    program: 0,
    drumKit: 'acoustic',
    volume: 0.8,
    pan: 0.5,
    muted: false,
    solo: false,
    effects: [],
    sends: [],
    notes: [],
    cc: [],
    bends: [],
    automation: [],
    ...over,
  }
}

export function scoreOf(tracks: readonly ScoreTrack[], over: Partial<Score> = {}): Score {
  const ends = tracks.flatMap(({ notes }) => notes.map(({ tick, duration }) => tick + duration))
  return {
    tempoMap: [{ tick: 0, bpm: 120 }],
    ticksPerQuarter: TICKS_PER_QUARTER,
    endTick: Math.max(TICKS_PER_QUARTER, ...ends),
    tracks,
    buses: defaultBuses,
    master: { effects: [] },
    ...over,
  }
}

/** A note by quarters. */
export const note = (beat: number, beats: number, pitch: number, velocity = 100): ScoreNote => ({
  tick: Math.round(beat * TICKS_PER_QUARTER),
  duration: Math.max(1, Math.round(beats * TICKS_PER_QUARTER)),
  pitch,
  velocity,
})

const steps = (pattern: string, bar: number, pitch: number): ScoreNote[] =>
  [...pattern].flatMap((mark, i) =>
    mark === '.' ? [] : [note(bar * 4 + i / 4, 0.2, pitch, mark === 'X' ? 112 : mark === 'o' ? 84 : 40)],
  )

/** Drums, bass, electric piano, strings, a lead with bends and a guitar, with sends, effects and automation. */
export function smallSong(bars = 4): Score {
  const chords = [
    [57, 60, 64, 67],
    [53, 57, 60, 64],
    [55, 59, 62, 65],
    [52, 55, 59, 62],
  ]
  const all = Array.from({ length: bars }, (_, bar) => ({ bar, chord: chords[bar % 4] ?? [60] }))
  const drums = all.flatMap(({ bar }) => [
    ...steps('X.....o...X.....', bar, 36),
    ...steps('....X..g.g..X..g', bar, 38),
    ...steps('o.o.o.o.o.o.o...', bar, 42),
    ...steps('..............o.', bar, 46),
    ...(bar % 4 === 0 ? steps('X', bar, 49) : []),
  ])
  const bass = all.flatMap(({ bar, chord }) =>
    [0, 1.5, 2.5, 3.5].map((beat) => note(bar * 4 + beat, 0.7, (chord[0] ?? 60) - 24, 96)),
  )
  const keys = all.flatMap(({ bar, chord }) =>
    [0, 1.5, 2.75].flatMap((beat) => chord.map((pitch) => note(bar * 4 + beat, 1, pitch, 80))),
  )
  const strings = all.flatMap(({ bar, chord }) => chord.map((pitch) => note(bar * 4, 3.9, pitch + 12, 66)))
  const lead = all.flatMap(({ bar, chord }) => chord.map((pitch, i) => note(bar * 4 + i, 0.9, pitch + 12, 90 + 4 * i)))
  const guitar = all.flatMap(({ bar, chord }) => chord.map((pitch, i) => note(bar * 4 + 0.5 + i, 0.5, pitch, 88)))
  return scoreOf(
    [
      trackOf({ id: 'drums', kind: 'drums', notes: drums, sends: [{ busId: 'reverb', level: 0.12 }] }),
      trackOf({ id: 'bass', program: 33, notes: bass }),
      trackOf({ id: 'keys', program: 4, notes: keys, pan: 0.4, sends: [{ busId: 'reverb', level: 0.2 }] }),
      trackOf({
        id: 'strings',
        program: 48,
        notes: strings,
        volume: 0.6,
        sends: [{ busId: 'reverb', level: 0.3 }],
        automation: [
          {
            parameter: 'Volume',
            points: [
              { tick: 0, value: 0.3, curve: 'smooth' },
              { tick: bars * 3_840, value: 0.7, curve: 'linear' },
            ],
          },
        ],
      }),
      trackOf({
        id: 'lead',
        program: 81,
        notes: lead,
        pan: 0.6,
        volume: 0.6,
        bends: [
          { tick: 0, value: -2_000 },
          { tick: 400, value: 0 },
        ],
        cc: [{ tick: 960, controller: 1, value: 80 }],
        sends: [{ busId: 'delay', level: 0.3 }],
      }),
      trackOf({
        id: 'guitar',
        program: 25,
        notes: guitar,
        pan: 0.25,
        effects: [{ type: 'chorus', params: {}, bypass: false }],
      }),
    ],
    {
      tempoMap: [
        { tick: 0, bpm: 104 },
        { tick: 7_680, bpm: 112 },
      ],
      endTick: bars * 3_840,
    },
  )
}
