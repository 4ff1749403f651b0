// Finding parts of a project by id, with errors that name the nearest ones that exist.

import type { Bus, Project, Region, Track } from '../../contract.ts'
import { MusicError } from '../error.ts'

/** At most so many ids are listed in an error. */
const LISTED = 8

export function missing(kind: string, id: string, ids: readonly string[]): MusicError {
  const known =
    ids.length === 0
      ? `there is no ${kind}`
      : `there are ${ids.slice(0, LISTED).join(', ')}${ids.length > LISTED ? ' and more' : ''}`
  return new MusicError(`no ${kind} has the id "${id}"; ${known}`)
}

/** @throws MusicError when no track has the id. */
export function trackOf(project: Project, id: string): Track {
  const track = project.tracks.find((track) => track.id === id)
  if (track === undefined)
    throw missing(
      'track',
      id,
      project.tracks.map((track) => track.id),
    )
  return track
}

/** @throws MusicError when the track has no such region. */
export function regionOf(track: Track, id: string): Region {
  const region = track.regions.find((region) => region.id === id)
  if (region === undefined)
    throw missing(
      `region of track ${track.id}`,
      id,
      track.regions.map((region) => region.id),
    )
  return region
}

/** @throws MusicError when no bus has the id. */
export function busOf(project: Project, id: string): Bus {
  const bus = project.buses.find((bus) => bus.id === id)
  if (bus === undefined)
    throw missing(
      'bus',
      id,
      project.buses.map((bus) => bus.id),
    )
  return bus
}

/** Where the piece ends: its own length, or its last region's end when that is later. */
export function endOf(project: Project): number {
  let end = project.length
  for (const track of project.tracks)
    for (const region of track.regions) end = Math.max(end, region.start + region.length)
  return end
}
