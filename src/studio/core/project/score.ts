// A project as the score that the synthesiser plays: song time, swing and region ends resolved, and an order
// that does not depend on how the project came about.

import type { Effect, Project, Track } from '../../contract.ts'
import {
  defaultBuses,
  type Score,
  type ScoreAutomation,
  type ScoreEffect,
  type ScoreTrack,
  TICKS_PER_QUARTER,
} from '../synth/score.ts'
import { endOf } from './find.ts'
import { heardNotes, heardTick } from './heard.ts'

const byTick = (a: { tick: number }, b: { tick: number }): number => a.tick - b.tick

const effects = (inserts: readonly Effect[]): ScoreEffect[] =>
  inserts.map(({ type, params, bypass }) => ({ type, params, bypass }))

/** Something with a tick, of every region of a track, in song time. */
function placed<T extends { tick: number }>(
  project: Project,
  track: Track,
  pick: (region: Track['regions'][number]) => readonly T[],
): T[] {
  return track.regions
    .flatMap((region) =>
      pick(region).flatMap((item) => {
        const tick = heardTick(project, region, item.tick)
        return tick === null ? [] : [{ ...item, tick }]
      }),
    )
    .sort(byTick)
}

const automation = (track: Track): ScoreAutomation[] =>
  track.automation.map(({ parameter, points }) => ({ parameter, points: [...points].sort(byTick) }))

function scoreTrack(project: Project, track: Track): ScoreTrack {
  const { id, name, kind, program, volume, pan, muted, solo } = track
  return {
    id,
    name,
    kind,
    program,
    drumKit: track.drumKit ?? 'acoustic',
    volume,
    pan,
    muted,
    solo,
    effects: effects(track.inserts),
    sends: track.sends,
    notes: heardNotes(project, track),
    cc: placed(project, track, (region) => region.cc),
    bends: placed(project, track, (region) => region.bends),
    automation: automation(track),
  }
}

/** Projects without buses of their own get the two that sends expect. */
export function toScore(project: Project): Score {
  const tempoMap = [...project.tempoMap].sort(byTick)
  return {
    tempoMap: tempoMap.map((mark, index) => (index === 0 ? { ...mark, tick: 0 } : mark)),
    ticksPerQuarter: TICKS_PER_QUARTER,
    endTick: endOf(project),
    tracks: project.tracks.map((track) => scoreTrack(project, track)),
    buses:
      project.buses.length === 0
        ? defaultBuses
        : project.buses.map((bus) => ({ id: bus.id, effects: effects(bus.inserts) })),
    master: { effects: effects(project.master.inserts) },
  }
}
