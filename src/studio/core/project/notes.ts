// The notes of one region: always sorted by start, then pitch, then id, so that adding back what was removed gives
// the same list. Knows nothing of tracks.

import { limits, MAX_TICK, type Note, type Operation } from '../../contract.ts'
import { MusicError } from '../error.ts'
import { missing } from './find.ts'

type NotePatches = Extract<Operation, { type: 'set_notes' }>['patches']

export const byTime = (a: Note, b: Note): number =>
  a.start - b.start || a.pitch - b.pitch || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** @throws MusicError when an id is taken or the region would hold too many. */
export function withNotes(notes: readonly Note[], added: readonly Note[]): Note[] {
  const ids = new Set(notes.map((note) => note.id))
  for (const note of added) {
    if (ids.has(note.id)) throw new MusicError(`the note id "${note.id}" is taken in this region`)
    ids.add(note.id)
  }
  const total = notes.length + added.length
  if (total > limits.notesPerRegion) {
    throw new MusicError(`a region of ${total} notes is too large; ${limits.notesPerRegion} is the most`, {
      hint: 'spread them over several regions',
    })
  }
  return [...notes, ...added].sort(byTime)
}

/** Splits by id. @throws MusicError for an id that is not there. */
export function taken(notes: readonly Note[], noteIds: readonly string[]): { taken: Note[]; left: Note[] } {
  const ids = new Set(noteIds)
  const found = notes.filter((note) => ids.has(note.id))
  if (found.length !== ids.size) {
    const known = new Set(notes.map((note) => note.id))
    const unknown = noteIds.find((id) => !known.has(id)) ?? ''
    throw missing(
      'note of this region',
      unknown,
      notes.map((note) => note.id),
    )
  }
  return { taken: found, left: notes.filter((note) => !ids.has(note.id)) }
}

/** @throws MusicError for an id that is not there. The inverse restores exactly what the patches name. */
export function patched(notes: readonly Note[], patches: NotePatches): { notes: Note[]; inverse: NotePatches } {
  const ids = patches.map((patch) => patch.id)
  if (new Set(ids).size !== ids.length) throw new MusicError('a note is changed twice in one operation')
  const before = new Map(taken(notes, ids).taken.map((note) => [note.id, note]))
  const inverse = patches.flatMap((patch) => {
    const note = before.get(patch.id)
    return note === undefined ? [] : [{ ...note }]
  })
  const changes = new Map(patches.map((patch) => [patch.id, patch]))
  const changed = notes.map((note) => {
    const patch = changes.get(note.id)
    if (patch === undefined) return note
    return {
      id: note.id,
      start: patch.start ?? note.start,
      length: patch.length ?? note.length,
      pitch: patch.pitch ?? note.pitch,
      velocity: patch.velocity ?? note.velocity,
    }
  })
  return { notes: changed.sort(byTime), inverse }
}

/** @throws MusicError when a note would leave the keyboard or begin before its region. */
export function shifted(notes: readonly Note[], noteIds: readonly string[], ticks: number, semitones: number): Note[] {
  const ids = new Set(taken(notes, noteIds).taken.map((note) => note.id))
  const moved = notes.map((note) =>
    ids.has(note.id) ? { ...note, start: note.start + ticks, pitch: note.pitch + semitones } : note,
  )
  const lost = moved.find((note) => note.pitch < 0 || note.pitch > 127 || note.start < 0 || note.start > MAX_TICK)
  if (lost !== undefined) {
    throw new MusicError(
      `note "${lost.id}" would be pitch ${lost.pitch} at tick ${lost.start}; pitches are 0 to 127 and regions begin at 0`,
    )
  }
  return moved.sort(byTime)
}
