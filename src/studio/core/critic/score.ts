// How good a part is beside another: terms from 0 to 1 with weights, renormalised over those that can be measured.
// Used to choose among candidates and told to whoever asks. Leaves out whether a piece may pass (gates.ts).

import type { Project, Role } from '../../contract.ts'
import type { Genre } from '../genres/types.ts'
import { mean } from '../lists.ts'
import { clamp } from '../maths/index.ts'
import { drumMetrics } from './drum-metrics.ts'
import { bassMetrics, chordMetrics } from './harmony-metrics.ts'
import { melodyMetrics } from './melody-metrics.ts'
import { genreOfProject } from './panel.ts'
import { byBar, hamming, harmonyOf, onsets, type PartView, viewOf } from './view.ts'

export interface PartScore {
  readonly role: Role
  /** 0 to 1; .85 and more is what a musician would keep. */
  readonly score: number
  readonly terms: Readonly<Record<string, number>>
}

/** 1 inside the band, falling to 0 at `slack` outside it. */
function inBand(value: number | null | undefined, low: number, high: number, slack: number): number | null {
  if (value === null || value === undefined) return null
  const outside = value < low ? low - value : value > high ? value - high : 0
  return clamp(1 - outside / slack, 0, 1)
}

type Term = readonly [name: string, weight: number, value: number | null]

function weighed(role: Role, terms: readonly Term[], factor = 1): PartScore {
  const measured = terms.filter((term): term is readonly [string, number, number] => term[2] !== null)
  const total = measured.reduce((sum, [, weight]) => sum + weight, 0)
  const score = total === 0 ? 0 : measured.reduce((sum, [, weight, value]) => sum + weight * value, 0) / total
  return { role, score: score * factor, terms: Object.fromEntries(measured.map(([name, , value]) => [name, value])) }
}

/** How alike each bar is to the one or two before it: a groove comes back. */
function recurrence(view: PartView, keys: readonly number[] | null): number | null {
  const bars = byBar(view).filter((bar) => bar.length > 0)
  const texts = bars.map((bar) =>
    onsets(keys === null ? bar : bar.filter((note) => keys.includes(note.pitch)), view.slots),
  )
  if (texts.length < 3) return null
  return mean(
    texts
      .slice(2)
      .map((text, index) => 1 - Math.min(hamming(text, texts[index + 1] ?? ''), hamming(text, texts[index] ?? ''))),
  )
}

function scoreDrums(view: PartView, genre: Genre | null): PartScore {
  const metrics = drumMetrics(view, genre)
  const downbeat = mean(
    byBar(view)
      .filter((bar) => bar.length > 2)
      .map((bar) => (bar.some((note) => note.slot === 0 && [35, 36].includes(note.pitch)) ? 1 : 0)),
  )
  const onGrid = mean(view.notes.map((note) => (Math.abs(note.offsetMs) <= 22 ? 1 : 0)))
  return weighed('drums', [
    ['backbeat', 0.26, metrics['backbeat'] ?? null],
    [
      'downbeat',
      0.1,
      genre === null ||
      !genre.drums.lanes.some(
        (lane) => lane.voice === 'kick' && lane.patterns.every((pattern) => pattern.startsWith('X')),
      )
        ? null
        : downbeat,
    ],
    ['timing', 0.2, Math.min(onGrid, inBand(metrics['randomTimingMs'], 0, 14, 10) ?? 1)],
    ['recurrence', 0.14, inBand(recurrence(view, null), 0.85, 1, 0.25)],
    ['kickRecurrence', 0.12, inBand(recurrence(view, [35, 36]), 0.85, 1, 0.2)],
    ['distinctBars', 0.04, inBand(metrics['uniqueBars'], 0.05, 0.7, 0.3)],
    ['density', 0.08, inBand(metrics['hitsPerBar'], 8, 32, 10)],
    ['velocitySpread', 0.08, inBand(metrics['velocitySd'], 8, 36, 10)],
    ['ghosts', 0.04, inBand(metrics['ghostShare'], 0, 0.6, 0.3)],
  ])
}

function scoreMelody(view: PartView): PartScore {
  const metrics = melodyMetrics(view)
  const inKey = metrics['inKey'] ?? 0
  const distinct = metrics['distinctPitches'] ?? 0
  const grid = mean(view.notes.map((note) => (Math.abs(note.offsetMs) <= 26 ? 1 : 0)))
  const factor = (inKey < 0.8 ? 0.7 : 1) * (distinct < 3 ? 0.5 : 1)
  return weighed(
    'melody',
    [
      ['inKey', 0.18, inBand(inKey, 0.98, 1, 0.4)],
      ['chordTones', 0.14, inBand(metrics['chordTonesOnBeats'], 0.6, 1, 0.4)],
      ['rhythmReuse', 0.11, inBand(metrics['rhythmRepetition'], 0.4, 0.9, 0.3)],
      ['exactReuse', 0.06, inBand(metrics['exactRepetition'], 0.2, 0.8, 0.2)],
      ['steps', 0.1, inBand(metrics['step'], 0.55, 0.82, 0.3)],
      ['leaps', 0.1, inBand(metrics['leap'], 0.04, 0.22, 0.12)],
      ['repeats', 0.06, inBand(metrics['unison'], 0.06, 0.38, 0.3)],
      ['recovery', 0.1, inBand(metrics['leapRecovery'], 0.6, 1, 0.6)],
      ['distinctPitches', 0.05, inBand(distinct, 5, 15, 4)],
      ['span', 0.07, inBand(metrics['span'], 11, 22, 6)],
      ['density', 0.06, inBand(metrics['notesPerBar'], 3, 8, 3)],
      ['phrases', 0.05, metrics['phrasesRest'] ?? null],
      ['monophony', 0.05, inBand(metrics['monophonic'], 1, 1, 0.4)],
      ['grid', 0.04, grid],
    ],
    factor,
  )
}

function scoreChords(view: PartView, role: Role, isPower: boolean): PartScore {
  const metrics = chordMetrics(view)
  const sounding = view.notes.reduce((sum, note) => sum + note.length, 0)
  const voices = metrics['mostVoices'] ?? 1
  const covered = sounding / Math.max(1, voices) / (view.bars * view.barTicks)
  return weighed(role, [
    ['chordTones', 0.3, inBand(metrics['inKeyOrChord'], 0.98, 1, 0.4)],
    // Power chords have no third and move in parallel: that is their sound.
    ['character', 0.15, isPower ? null : inBand(metrics['characteristic'], 0.95, 1, 0.5)],
    ['polyphony', 0.15, inBand(metrics['fewestVoices'] ?? 0, 3, 5, 2)],
    ['covered', 0.1, inBand(covered, 0.12, 1, 0.2)],
    ['leading', 0.2, isPower ? null : inBand(metrics['voiceMotion'], 0, 2.5, 3)],
    ['span', 0.1, inBand(metrics['widestSpan'] ?? 99, 5, 19, 10)],
  ])
}

function scoreBass(view: PartView, kicks: ReadonlySet<number>, genre: Genre | null): PartScore {
  const metrics = bassMetrics(view, kicks)
  const isWalking = genre?.bass.family === 'walking' || genre?.bass.family === 'tumbao'
  const locks = genre === null || ['kick_locked', 'slide_808', 'eighths'].includes(genre.bass.family)
  return weighed('bass', [
    ['rootOnOne', 0.3, inBand(metrics['rootOnOne'], 0.9, 1, 0.6)],
    ['chordTones', 0.25, inBand(metrics['chordTones'], isWalking ? 0.5 : 0.85, 1, 0.4)],
    ['kick', locks ? 0.15 : 0, inBand(metrics['kickMatch'], locks ? 0.5 : 0, 1, 0.5)],
    [
      'register',
      0.15,
      Math.min(inBand(metrics['lowest'] ?? 0, 24, 45, 6) ?? 0, inBand(metrics['highest'] ?? 127, 24, 57, 8) ?? 0),
    ],
    ['monophony', 0.1, inBand(metrics['monophonic'], 1, 1, 0.4)],
    ['density', 0.05, inBand(metrics['notesPerBar'], 1, 16, 6)],
  ])
}

/** A score for each part that a musician would name; arps and others count as they follow the harmony. */
export function scoresOf(project: Project, genre: Genre | null = genreOfProject(project)): PartScore[] {
  const chordAt = harmonyOf(project)
  const drums = project.tracks.find((track) => track.role === 'drums')
  const kicks = new Set(
    drums === undefined
      ? []
      : viewOf(project, drums, chordAt)
          .notes.filter((note) => [35, 36].includes(note.pitch))
          .map((note) => note.tick),
  )
  return project.tracks.flatMap((track): PartScore[] => {
    const view = viewOf(project, track, chordAt)
    if (view.notes.length < 2) return []
    switch (track.role) {
      case 'drums':
        return [scoreDrums(view, genre)]
      case 'bass':
        return [scoreBass(view, kicks, genre)]
      case 'chords':
      case 'pad':
        return [scoreChords(view, track.role, track.role === 'chords' && genre?.chords.voicing === 'power')]
      case 'melody':
        return [scoreMelody(view)]
      case 'arp':
      case 'fx':
      case 'other':
        return []
    }
  })
}

/** For choosing among melodies while composing; `chordAt` is the project's harmony, read once. */
export const scoreOfMelody = (
  project: Project,
  track: Project['tracks'][number],
  chordAt: ReturnType<typeof harmonyOf>,
): number => scoreMelody(viewOf(project, track, chordAt)).score
