// Changing a project: `apply(project, operation)` gives a new project and the operations that take it back. Pure:
// what did not change is shared, nothing is mutated. A transaction is one undo step and one revision.
// Leaves out history, storage and who may do what.

import {
  limits,
  type Bus,
  type Chain,
  type Effect,
  type Operation,
  type Project,
  type Region,
  type Track,
} from '../../contract.ts'
import { MusicError } from '../error.ts'
import { busOf, regionOf, trackOf } from './find.ts'
import { byTime, patched, shifted, taken, withNotes } from './notes.ts'

export interface Applied {
  readonly project: Project
  /** In the order in which they are to be applied. */
  readonly inverse: readonly Operation[]
}

export interface Transaction extends Applied {
  /** Ids of tracks, regions and buses that are not what they were; a view redraws these. */
  readonly touched: readonly string[]
}

/**
 * All or nothing, one revision later.
 * @throws MusicError naming the operation by its number, the project unchanged.
 */
export function transact(project: Project, operations: readonly Operation[]): Transaction {
  let current = project
  const inverse: Operation[] = []
  const touched = new Set<string>()
  operations.forEach((operation, index) => {
    try {
      const step = apply(current, operation)
      current = step.project
      inverse.unshift(...step.inverse)
      for (const id of touchedBy(operation)) touched.add(id)
    } catch (thrown) {
      if (!(thrown instanceof MusicError) || operations.length === 1) throw thrown
      throw new MusicError(`operation ${index + 1} of ${operations.length} (${operation.type}): ${thrown.message}`, {
        issues: [{ path: `operations.${index}`, message: thrown.message }],
        ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
      })
    }
  })
  return { project: { ...current, revision: project.revision + 1 }, inverse, touched: [...touched] }
}

/** One change. @throws MusicError for an unknown or taken id, or past a limit. */
export function apply(project: Project, operation: Operation): Applied {
  switch (operation.type) {
    case 'set_project': {
      const { patch } = operation
      return {
        project: { ...project, ...defined(patch) },
        inverse: [{ type: 'set_project', patch: picked(project, patch) }],
      }
    }
    case 'set_tempo_map':
      return {
        project: { ...project, tempoMap: [...operation.marks] },
        inverse: [{ type: 'set_tempo_map', marks: project.tempoMap }],
      }
    case 'set_meter_map':
      return {
        project: { ...project, meterMap: [...operation.marks] },
        inverse: [{ type: 'set_meter_map', marks: project.meterMap }],
      }
    case 'set_sections':
      return {
        project: { ...project, sections: [...operation.sections] },
        inverse: [{ type: 'set_sections', sections: project.sections }],
      }
    case 'set_chords':
      return {
        project: { ...project, chords: [...operation.chords] },
        inverse: [{ type: 'set_chords', chords: project.chords }],
      }
    case 'add_track': {
      const { track, index = project.tracks.length } = operation
      isFree('track', track.id, project.tracks)
      if (project.tracks.length >= limits.tracks)
        throw new MusicError(`a project holds at most ${limits.tracks} tracks`)
      for (const send of track.sends) busOf(project, send.busId)
      const sorted = {
        ...track,
        regions: track.regions.map((region) => ({ ...region, notes: [...region.notes].sort(byTime) })),
      }
      return {
        project: { ...project, tracks: inserted(project.tracks, sorted, index) },
        inverse: [{ type: 'remove_track', trackId: track.id }],
      }
    }
    case 'remove_track': {
      const track = trackOf(project, operation.trackId)
      const index = project.tracks.indexOf(track)
      return {
        project: { ...project, tracks: project.tracks.filter((other) => other !== track) },
        inverse: [{ type: 'add_track', track, index }],
      }
    }
    case 'move_track': {
      const track = trackOf(project, operation.trackId)
      const from = project.tracks.indexOf(track)
      const others = project.tracks.filter((other) => other !== track)
      return {
        project: { ...project, tracks: inserted(others, track, operation.index) },
        inverse: [{ type: 'move_track', trackId: track.id, index: from }],
      }
    }
    case 'set_track': {
      const track = trackOf(project, operation.trackId)
      const inverse: Operation = { type: 'set_track', trackId: track.id, patch: picked(track, operation.patch) }
      return { project: withTrack(project, { ...track, ...defined(operation.patch) }), inverse: [inverse] }
    }
    case 'add_region': {
      const track = trackOf(project, operation.trackId)
      const { region, index = track.regions.length } = operation
      isFree(
        'region',
        region.id,
        project.tracks.flatMap((other) => other.regions),
      )
      if (track.regions.length >= limits.regionsPerTrack) {
        throw new MusicError(`a track holds at most ${limits.regionsPerTrack} regions`)
      }
      const sorted = { ...region, notes: [...region.notes].sort(byTime) }
      return {
        project: withTrack(project, { ...track, regions: inserted(track.regions, sorted, index) }),
        inverse: [{ type: 'remove_region', trackId: track.id, regionId: region.id }],
      }
    }
    case 'remove_region': {
      const track = trackOf(project, operation.trackId)
      const region = regionOf(track, operation.regionId)
      return {
        project: withTrack(project, { ...track, regions: track.regions.filter((other) => other !== region) }),
        inverse: [{ type: 'add_region', trackId: track.id, region, index: track.regions.indexOf(region) }],
      }
    }
    case 'set_region': {
      const { trackId, regionId, patch } = operation
      const region = regionOf(trackOf(project, trackId), regionId)
      const { swing, source, ...plain } = patch
      const changed: Region = { ...region, ...defined(plain) }
      if (swing === null) delete changed.swing
      else if (swing !== undefined) changed.swing = swing
      if (source === null) delete changed.source
      else if (source !== undefined) changed.source = source
      const back = {
        ...picked(region, plain),
        ...(swing === undefined ? {} : { swing: region.swing ?? null }),
        ...(source === undefined ? {} : { source: region.source ?? null }),
      }
      return {
        project: withRegion(project, trackId, changed),
        inverse: [{ type: 'set_region', trackId, regionId, patch: back }],
      }
    }
    case 'move_region': {
      const from = trackOf(project, operation.trackId)
      const region = regionOf(from, operation.regionId)
      const index = from.regions.indexOf(region)
      const without = withTrack(project, { ...from, regions: from.regions.filter((other) => other !== region) })
      const to = trackOf(without, operation.toTrackId)
      const at = operation.index ?? (to.id === from.id ? index : to.regions.length)
      return {
        project: withTrack(without, {
          ...to,
          regions: inserted(to.regions, { ...region, start: operation.start }, at),
        }),
        inverse: [
          { type: 'move_region', trackId: to.id, regionId: region.id, toTrackId: from.id, start: region.start, index },
        ],
      }
    }
    case 'add_notes': {
      const { trackId, regionId, notes } = operation
      const region = regionOf(trackOf(project, trackId), regionId)
      return {
        project: withRegion(project, trackId, { ...region, notes: withNotes(region.notes, notes) }),
        inverse: [{ type: 'remove_notes', trackId, regionId, noteIds: notes.map((note) => note.id) }],
      }
    }
    case 'remove_notes': {
      const { trackId, regionId, noteIds } = operation
      const region = regionOf(trackOf(project, trackId), regionId)
      const split = taken(region.notes, noteIds)
      return {
        project: withRegion(project, trackId, { ...region, notes: split.left }),
        inverse: [{ type: 'add_notes', trackId, regionId, notes: split.taken }],
      }
    }
    case 'set_notes': {
      const { trackId, regionId, patches } = operation
      const region = regionOf(trackOf(project, trackId), regionId)
      const change = patched(region.notes, patches)
      return {
        project: withRegion(project, trackId, { ...region, notes: change.notes }),
        inverse: [{ type: 'set_notes', trackId, regionId, patches: change.inverse }],
      }
    }
    case 'shift_notes': {
      const { trackId, regionId, noteIds, ticks, semitones } = operation
      const region = regionOf(trackOf(project, trackId), regionId)
      return {
        project: withRegion(project, trackId, { ...region, notes: shifted(region.notes, noteIds, ticks, semitones) }),
        inverse: [{ type: 'shift_notes', trackId, regionId, noteIds, ticks: 0 - ticks, semitones: 0 - semitones }],
      }
    }
    case 'set_effects': {
      const { chain, effects } = operation
      return {
        project: withEffects(project, chain, effects),
        inverse: [{ type: 'set_effects', chain, effects: effectsOf(project, chain) }],
      }
    }
    case 'set_sends': {
      const track = trackOf(project, operation.trackId)
      for (const send of operation.sends) busOf(project, send.busId)
      return {
        project: withTrack(project, { ...track, sends: [...operation.sends] }),
        inverse: [{ type: 'set_sends', trackId: track.id, sends: track.sends }],
      }
    }
    case 'set_automation': {
      const track = trackOf(project, operation.trackId)
      return {
        project: withTrack(project, { ...track, automation: [...operation.automation] }),
        inverse: [{ type: 'set_automation', trackId: track.id, automation: track.automation }],
      }
    }
    case 'add_bus': {
      const { bus, index = project.buses.length } = operation
      isFree('bus', bus.id, project.buses)
      if (project.buses.length >= limits.buses) throw new MusicError(`a project holds at most ${limits.buses} buses`)
      return {
        project: { ...project, buses: inserted(project.buses, bus, index) },
        inverse: [{ type: 'remove_bus', busId: bus.id }],
      }
    }
    case 'remove_bus':
      return removeBus(project, busOf(project, operation.busId))
  }
}

/** The sends to it go too, and come back with it. */
function removeBus(project: Project, bus: Bus): Applied {
  const senders = project.tracks.filter((track) => track.sends.some((send) => send.busId === bus.id))
  let changed: Project = { ...project, buses: project.buses.filter((other) => other !== bus) }
  for (const track of senders) {
    changed = withTrack(changed, { ...track, sends: track.sends.filter((send) => send.busId !== bus.id) })
  }
  return {
    project: changed,
    inverse: [
      { type: 'add_bus', bus, index: project.buses.indexOf(bus) },
      ...senders.map((track): Operation => ({ type: 'set_sends', trackId: track.id, sends: track.sends })),
    ],
  }
}

function inserted<T>(list: readonly T[], item: T, index: number): T[] {
  const place = Math.min(index, list.length)
  return [...list.slice(0, place), item, ...list.slice(place)]
}

function isFree(kind: string, id: string, parts: readonly { id: string }[]): void {
  if (parts.some((part) => part.id === id)) throw new MusicError(`the ${kind} id "${id}" is taken`)
}

/** Without the fields that are there and undefined. */
function defined<T extends object>(patch: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

/** What the fields of a patch were before it. */
function picked<T extends object, P extends object>(whole: T, patch: P): Pick<T, keyof T & keyof P> {
  const entries = Object.entries(whole).filter(([name]) => (patch as Record<string, unknown>)[name] !== undefined)
  return Object.fromEntries(entries) as Pick<T, keyof T & keyof P>
}

const withTrack = (project: Project, track: Track): Project => ({
  ...project,
  tracks: project.tracks.map((other) => (other.id === track.id ? track : other)),
})

function withRegion(project: Project, trackId: string, region: Region): Project {
  const track = trackOf(project, trackId)
  return withTrack(project, {
    ...track,
    regions: track.regions.map((other) => (other.id === region.id ? region : other)),
  })
}

function effectsOf(project: Project, chain: Chain): Effect[] {
  if (chain.of === 'master') return project.master.inserts
  return chain.of === 'bus' ? busOf(project, chain.id).inserts : trackOf(project, chain.id).inserts
}

function withEffects(project: Project, chain: Chain, effects: readonly Effect[]): Project {
  const inserts = [...effects]
  if (chain.of === 'master') return { ...project, master: { inserts } }
  if (chain.of === 'track') return withTrack(project, { ...trackOf(project, chain.id), inserts })
  const bus = busOf(project, chain.id)
  return { ...project, buses: project.buses.map((other) => (other === bus ? { ...bus, inserts } : other)) }
}

function touchedBy(operation: Operation): string[] {
  const ids: string[] = []
  if ('trackId' in operation) ids.push(operation.trackId)
  if ('toTrackId' in operation) ids.push(operation.toTrackId)
  if ('regionId' in operation) ids.push(operation.regionId)
  if (operation.type === 'add_track') ids.push(operation.track.id)
  if (operation.type === 'add_region') ids.push(operation.region.id)
  if (operation.type === 'add_bus') ids.push(operation.bus.id)
  if (operation.type === 'remove_bus') ids.push(operation.busId)
  if (operation.type === 'set_effects' && operation.chain.of !== 'master') ids.push(operation.chain.id)
  return ids
}
