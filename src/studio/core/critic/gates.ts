// Gates: what a generated piece must keep. `hard` holds for every piece; a `band` for the mean of a genre, and no
// piece may lie further outside than twice the band is wide. Bands come from human references (docs/music.md).

import type { Genre } from '../genres/types.ts'
import type { Panel } from './panel.ts'

export type PanelPart = Exclude<keyof Panel, 'genre'>

export interface Gate {
  readonly part: PanelPart
  readonly metric: string
  readonly kind: 'hard' | 'band'
  readonly low: number
  readonly high: number
  /** Genres it holds for; all when absent. */
  readonly where?: (genre: Genre) => boolean
}

const acoustic = (genre: Genre): boolean => genre.feel === 'acoustic'
const machine = (genre: Genre): boolean => genre.feel === 'machine'
const chromatic = (genre: Genre): boolean => genre.bass.family === 'walking'
const anticipating = (genre: Genre): boolean => genre.bass.family === 'tumbao'
const ghosted = (genre: Genre): boolean => ['funk', 'soul', 'afrobeat'].includes(genre.id)
const power = (genre: Genre): boolean => genre.chords.voicing === 'power'
const strict = (genre: Genre): boolean => genre.melody.blues !== true
const kickLocked = (genre: Genre): boolean => ['kick_locked', 'slide_808'].includes(genre.bass.family)
const fourOnFloor = (genre: Genre): boolean =>
  genre.feel === 'machine' &&
  genre.drums.lanes.some(
    (lane) =>
      lane.voice === 'kick' &&
      lane.patterns.every((pattern) => /^[Xo]\.\.\.[Xo]\.\.\.[Xo]\.\.\.[Xo]\.\.\.$/.test(pattern)),
  )
const both =
  (...tests: ((genre: Genre) => boolean)[]) =>
  (genre: Genre): boolean =>
    tests.every((test) => test(genre))
const not =
  (test: (genre: Genre) => boolean) =>
  (genre: Genre): boolean =>
    !test(genre)
const free = (genre: Genre): boolean => genre.feel === 'free'

const gate = (
  part: PanelPart,
  metric: string,
  kind: Gate['kind'],
  low: number,
  high: number,
  where?: Gate['where'],
): Gate => (where === undefined ? { part, metric, kind, low, high } : { part, metric, kind, low, high, where })

/** Percussion that is written out, not filled: the row itself is the groove. */
const filled = (genre: Genre): boolean => !['none', 'ghosts'].includes(genre.drums.fill)

export const gates: readonly Gate[] = [
  gate('hygiene', 'outside', 'hard', 0, 0),
  gate('hygiene', 'overlapping', 'hard', 0, 0),
  gate('hygiene', 'short', 'hard', 0, 0),
  gate('hygiene', 'unplayable', 'hard', 0, 0),
  gate('melody', 'inKey', 'hard', 1, 1, strict),
  gate('arp', 'inKeyOrChord', 'hard', 1, 1),
  gate('chords', 'inKeyOrChord', 'hard', 1, 1),
  gate('bass', 'inKey', 'hard', 0.7, 1),

  gate('drums', 'grooveConsistency', 'band', 0.75, 0.97, acoustic),
  gate('drums', 'uniqueBars', 'band', 0.15, 0.6, acoustic),
  gate('drums', 'velocitySd', 'band', 15, 36, acoustic),
  gate('drums', 'ghostShare', 'band', 0, 0.5, both(acoustic, not(ghosted))),
  gate('drums', 'ghostShare', 'band', 0.15, 0.6, ghosted),
  gate('drums', 'grooveConsistency', 'band', 0.88, 1, machine),
  gate('drums', 'uniqueBars', 'band', 0.06, 0.35, machine),
  gate('drums', 'velocitySd', 'band', 8, 28, machine),
  gate('drums', 'fillShare', 'band', 0.06, 0.2, both(acoustic, filled)),
  gate('drums', 'fillsAtPhraseEnds', 'band', 0.8, 1, both(acoustic, filled)),
  gate('drums', 'backbeat', 'band', 0.95, 1),
  gate('drums', 'fourOnFloor', 'band', 0.97, 1, fourOnFloor),
  gate('drums', 'hitsPerBar', 'band', 8, 30, not(free)),
  gate('drums', 'randomTimingMs', 'band', 4, 9),
  gate('drums', 'driftLag1', 'band', 0.28, 0.65, not(free)),
  gate('drums', 'largestOffsetMs', 'hard', 0, 26),
  gate('drums', 'snareAfterKickMs', 'band', -2, 13, acoustic),

  gate('bass', 'lowest', 'hard', 24, 52),
  gate('bass', 'highest', 'hard', 28, 60),
  gate('bass', 'rootOnOne', 'band', 0.9, 1),
  gate('bass', 'chordTones', 'band', 0.9, 1, both(not(chromatic), not(anticipating))),
  gate('bass', 'chordTones', 'band', 0.5, 1, anticipating),
  gate('bass', 'chordTones', 'band', 0.5, 0.85, chromatic),
  gate('bass', 'kickMatch', 'band', 0.7, 1, kickLocked),
  gate('bass', 'meanInterval', 'band', 0, 8),
  gate('bass', 'monophonic', 'hard', 1, 1),

  gate('chords', 'voiceMotion', 'band', 0, 2, not(power)),
  gate('chords', 'largestMove', 'hard', 0, 7, not(power)),
  gate('chords', 'narrowestSpan', 'hard', 5, 19),
  gate('chords', 'widestSpan', 'hard', 5, 19),
  gate('chords', 'mud', 'hard', 0, 0),
  gate('chords', 'fewestVoices', 'hard', 3, 5),
  gate('chords', 'mostVoices', 'hard', 3, 5),
  gate('chords', 'characteristic', 'band', 0.97, 1, not(power)),
  gate('pad', 'voiceMotion', 'band', 0, 2),
  gate('pad', 'parallels', 'band', 0, 0.02),

  gate('melody', 'span', 'band', 12, 22),
  gate('melody', 'step', 'band', 0.55, 0.8),
  gate('melody', 'leap', 'band', 0.05, 0.22),
  gate('melody', 'overOctave', 'band', 0, 0.007),
  gate('melody', 'unison', 'band', 0.08, 0.38),
  gate('melody', 'chordTonesOnBeats', 'band', 0.6, 0.95),
  gate('melody', 'chordTonesOnStarts', 'band', 0.85, 1),
  gate('melody', 'chordTones', 'band', 0.5, 0.85),
  gate('melody', 'rhythmRepetition', 'band', 0.45, 0.87),
  gate('melody', 'exactRepetition', 'band', 0.25, 0.72),
  gate('melody', 'offBeat', 'band', 0.3, 0.75),
  gate('melody', 'leapRecovery', 'band', 0.6, 1),
  gate('melody', 'notesPerBar', 'band', 3.5, 8),
  gate('melody', 'activeBars', 'band', 0.6, 0.92),
  gate('melody', 'endsAtHome', 'band', 0.95, 1),
  gate('melody', 'phrasesRest', 'band', 0.95, 1),

  gate('arrangement', 'entropy', 'band', 2.3, 3.2, (genre) => genre.id !== 'techno'),
  gate('arrangement', 'entropy', 'band', 1.6, 2.9, (genre) => genre.id === 'techno'),
  gate('arrangement', 'peakToVerse', 'band', 1.1, 3),
  gate('arrangement', 'edgesThinner', 'hard', 1, 1),
  gate('arrangement', 'hookRepeats', 'band', 0.5, 1),
]

export interface GateResult {
  readonly gate: Gate
  readonly value: number
  readonly passed: boolean
}

const isApplied = (gate: Gate, genre: Genre): boolean => gate.where === undefined || gate.where(genre)

/** One piece: hard gates as they are, bands with the room that a single piece has. */
export function judge(panel: Panel, genre: Genre): GateResult[] {
  return gates.flatMap((gate) => {
    const value = panel[gate.part][gate.metric]
    if (!isApplied(gate, genre) || value === undefined || value === null) return []
    const room = gate.kind === 'hard' ? 0.0005 : (gate.high - gate.low) / 2
    return [{ gate, value, passed: value >= gate.low - room && value <= gate.high + room }]
  })
}

/** The mean of many pieces of a genre against the bands. */
export function judgeMean(panels: readonly Panel[], genre: Genre): GateResult[] {
  return gates.flatMap((gate) => {
    if (!isApplied(gate, genre)) return []
    const values = panels.flatMap((panel) => panel[gate.part][gate.metric] ?? [])
    if (values.length === 0) return []
    const value = values.reduce((sum, one) => sum + one, 0) / values.length
    return [{ gate, value, passed: value >= gate.low - 0.0005 && value <= gate.high + 0.0005 }]
  })
}
