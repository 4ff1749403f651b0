// The panel: every metric of a project, by part. Null where there is nothing to measure. Judgement is in gates.ts
// (may this pass?) and score.ts (how good is it beside another?).

import type { ComposeSpec, Project, Track } from '../../contract.ts'
import { findGenre } from '../genres/index.ts'
import type { Genre } from '../genres/types.ts'
import { mean } from '../lists.ts'
import { drumMetrics } from './drum-metrics.ts'
import { bassMetrics, chordMetrics, keyShares } from './harmony-metrics.ts'
import { hygiene } from './hygiene-metrics.ts'
import { melodyMetrics, pitchClassEntropy } from './melody-metrics.ts'
import { byBar, harmonyOf, type Metrics, type PartView, viewOf } from './view.ts'

export interface Panel {
  readonly genre: string | null
  readonly drums: Metrics
  readonly bass: Metrics
  readonly chords: Metrics
  readonly pad: Metrics
  readonly arp: Metrics
  readonly melody: Metrics
  readonly arrangement: Metrics
  readonly hygiene: Metrics
}

/** The genre that a project was composed in, as its regions remember. */
export function genreOfProject(project: Project): Genre | null {
  for (const track of project.tracks) {
    for (const region of track.regions) {
      const spec = region.source?.params['spec'] as Partial<ComposeSpec> | undefined
      if (typeof spec?.genre === 'string') return findGenre(spec.genre) ?? null
    }
  }
  return null
}

export function panelOf(project: Project, genre: Genre | null = genreOfProject(project)): Panel {
  const chordAt = harmonyOf(project)
  const view = (track: Track | undefined): PartView | null =>
    track === undefined ? null : viewOf(project, track, chordAt)
  const of = (role: Track['role']): PartView | null => view(project.tracks.find((track) => track.role === role))
  const drums = of('drums')
  const kicks = new Set(
    (drums?.notes ?? []).filter((note) => note.pitch === 35 || note.pitch === 36).map((note) => note.tick),
  )
  const measured = <T>(part: PartView | null, measure: (part: PartView) => T | Metrics): T | Metrics =>
    part === null ? {} : measure(part)
  return {
    genre: genre?.id ?? null,
    drums: measured(drums, (part) => drumMetrics(part, genre)),
    bass: measured(of('bass'), (part) => bassMetrics(part, kicks)),
    chords: measured(of('chords'), chordMetrics),
    pad: measured(of('pad'), chordMetrics),
    arp: measured(of('arp'), (part) => ({ ...keyShares(part) })),
    melody: measured(of('melody'), melodyMetrics),
    arrangement: arrangement(project, chordAt),
    hygiene: hygiene(project),
  }
}

function arrangement(project: Project, chordAt: ReturnType<typeof harmonyOf>): Metrics {
  const views = project.tracks.map((track) => ({ track, view: viewOf(project, track, chordAt) }))
  const pitched = views.filter(({ track }) => track.kind !== 'drums')
  const pitches = pitched.flatMap(({ view }) => view.notes.map((note) => note.pitch))
  const density = (name: RegExp): number | null => {
    const found = project.sections.filter((section) => name.test(section.name))
    if (found.length === 0) return null
    return mean(
      found.map(
        (section) =>
          views.reduce(
            (sum, { view }) =>
              sum +
              view.notes.filter((note) => note.tick >= section.start && note.tick < section.start + section.length)
                .length,
            0,
          ) /
          (section.length / 3_840),
      ),
    )
  }
  const verse = density(/^(?:verse|head)$/i)
  const peak = density(/^(?:chorus|drop|solo)$/i)
  const isActive = (view: PartView, start: number, length: number): boolean =>
    view.notes.some((note) => note.tick >= start && note.tick < start + length)
  const edges = project.sections.filter((section) => /intro|outro/i.test(section.name))
  return {
    entropy: pitchClassEntropy(pitches),
    peakToVerse: verse === null || peak === null || verse === 0 ? null : peak / verse,
    edgesThinner:
      edges.length === 0
        ? null
        : edges.filter((edge) => views.some(({ view }) => !isActive(view, edge.start, edge.length))).length /
          edges.length,
    hookRepeats: hookRepeats(project, chordAt),
    bars: project.length / (views[0]?.view.barTicks ?? 3_840),
  }
}

/** Of the bars of later choruses, how many are as a bar of the first one was. */
function hookRepeats(project: Project, chordAt: ReturnType<typeof harmonyOf>): number | null {
  const track = project.tracks.find((other) => other.role === 'melody')
  const [first, ...later] = project.sections.filter((section) => /^(?:chorus|drop)$/i.test(section.name))
  if (track === undefined || first === undefined || later.length === 0) return null
  const view = viewOf(project, track, chordAt)
  const bars = byBar(view).map((bar) => bar.map((note) => `${note.slot}:${note.pitch}`).join(' '))
  const of = (section: typeof first): string[] =>
    bars
      .slice(section.start / view.barTicks, (section.start + section.length) / view.barTicks)
      .filter((text) => text !== '')
  const known = new Set(of(first))
  const again = later.flatMap(of)
  return again.length === 0 ? null : again.filter((text) => known.has(text)).length / again.length
}
