// Again, but different: one part, or some bars of it, made anew from what its regions remember, while everything else
// in the project stays as it is. Gives operations, so that it is one undo step like any other change.

import { ComposeSpec, type Note, type Operation, type Project, type Region, type Track } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { trackOf } from '../project/find.ts'
import { kicksOf } from './drums.ts'
import { type Plan, planOf } from './plan.ts'
import { bestTune, type PartRole, partRoles, performPart, rawPart, regionsOf } from './song.ts'

export interface Again {
  readonly trackId: string
  /** Bars counted from 0, the second not included; the whole track when absent. */
  readonly bars?: readonly [from: number, until: number]
  /** A name for this performance: another name, other notes; the same name, the same ones. */
  readonly take: string
  /** What is to be different: `{ density: 0.9 }` is "busier". */
  readonly change?: Partial<Pick<ComposeSpec, 'energy' | 'complexity' | 'density' | 'humanize' | 'chords'>>
}

interface Memory {
  readonly role: PartRole
  readonly spec: ComposeSpec
}

/** What a composed track remembers. @throws MusicError when it was not composed here. */
function memoryOf(track: Track): Memory {
  for (const { source } of track.regions) {
    const role = partRoles.find((name) => name === source?.params['role'])
    const spec = ComposeSpec.safeParse(source?.params['spec'])
    if (role !== undefined && spec.success) return { role, spec: spec.data }
  }
  throw new MusicError(
    `track "${track.name}" was not composed by patterns, so there is nothing to make it from again`,
    {
      hint: 'compose a new track instead',
    },
  )
}

/** The kicks as they are in the project now, on the grid; those of the plan when it has no drums. */
function kicksNow(project: Project, plan: Plan): number[] {
  const drums = project.tracks.find((track) => track.role === 'drums')
  if (drums === undefined) return kicksOf(rawPart(plan, 'drums', '0', []))
  return drums.regions.flatMap((region) =>
    region.notes
      .filter((note) => note.pitch === 35 || note.pitch === 36)
      .map((note) => Math.round((region.start + note.start) / 240) * 240),
  )
}

/**
 * The operations that put a new performance in the place of the old one.
 * @throws MusicError for an unknown track, one that was not composed, or bars that are not there.
 */
export function regenerate(project: Project, again: Again): Operation[] {
  const track = trackOf(project, again.trackId)
  const { role, spec } = memoryOf(track)
  const plan = planOf({ ...spec, ...again.change })
  const [from, until] = again.bars ?? [0, plan.bars]
  if (!(from >= 0 && from < until && until <= plan.bars)) {
    throw new MusicError(`bars ${from + 1} to ${until} are not in the piece; it has ${plan.bars} bars`)
  }
  const take = role === 'melody' ? bestTune(plan, again.take) : again.take
  const fresh = regionsOf(plan, role, take, performPart(plan, role, take, kicksNow(project, plan)))
  const span: readonly [number, number] = [from * plan.barTicks, until * plan.barTicks]
  const replaced = track.regions.filter(
    (region) => region.source !== undefined && region.start < span[1] && region.start + region.length > span[0],
  )
  return [
    ...replaced.flatMap((region) =>
      replacement(
        track,
        region,
        fresh.find((other) => other.start === region.start),
        span,
        again.take,
      ),
    ),
    // A section that was silent and now is not.
    ...fresh
      .filter(
        (region) =>
          region.start < span[1] &&
          region.start + region.length > span[0] &&
          !track.regions.some((other) => other.start === region.start),
      )
      .map((region): Operation => ({
        type: 'add_region',
        trackId: track.id,
        region: { ...region, id: `${region.id}.${again.take}` },
      })),
  ]
}

/** Notes that begin inside the span go; those of the new performance that begin there come. */
function replacement(
  track: Track,
  region: Region,
  fresh: Region | undefined,
  [from, until]: readonly [number, number],
  take: string,
): Operation[] {
  const place = { trackId: track.id, regionId: region.id }
  const isInside = (note: Note): boolean => region.start + note.start >= from && region.start + note.start < until
  const removed = region.notes.filter(isInside)
  const kept = region.notes.filter((note) => !isInside(note))
  const ids = new Set(kept.map((note) => note.id))
  const added = (fresh?.notes ?? []).filter(isInside).map((note) => {
    // A key that is down when the old music goes on is let go there.
    const next = kept.find(
      (other) => other.pitch === note.pitch && other.start >= note.start && other.start < note.start + note.length,
    )
    return {
      ...note,
      id: freeId(ids, `${note.id}.${take}`),
      length: next === undefined ? note.length : Math.max(1, next.start - note.start),
    }
  })
  const shortened = kept.flatMap((note) => {
    const next = added.find(
      (other) => other.pitch === note.pitch && note.start < other.start && note.start + note.length > other.start,
    )
    return next === undefined ? [] : [{ id: note.id, length: next.start - note.start }]
  })
  const isWhole = kept.length === 0 && fresh?.source !== undefined
  return [
    ...(removed.length === 0
      ? []
      : [{ type: 'remove_notes' as const, ...place, noteIds: removed.map((note) => note.id) }]),
    ...(shortened.length === 0 ? [] : [{ type: 'set_notes' as const, ...place, patches: shortened }]),
    ...(added.length === 0 ? [] : [{ type: 'add_notes' as const, ...place, notes: added }]),
    ...(isWhole && fresh.source !== undefined
      ? [{ type: 'set_region' as const, ...place, patch: { source: fresh.source } }]
      : []),
  ]
}

function freeId(taken: Set<string>, wish: string): string {
  let id = wish.slice(0, 60)
  for (let count = 2; taken.has(id); count += 1) id = `${wish.slice(0, 56)}-${count}`
  taken.add(id)
  return id
}
