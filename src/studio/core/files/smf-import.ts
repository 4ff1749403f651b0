// A MIDI file as a project: ticks turned to 960 a quarter, notes paired, one track for each channel of each chunk.
// Reports what had to be mended. Leaves out reading bytes (smf-read.ts).

import {
  type Bend,
  type ControlChange,
  type Key,
  limits,
  MAX_TICK,
  type MeterMark,
  type Note,
  type Project,
  TICKS_PER_QUARTER,
  type TempoMark,
  type Touch,
  type Track,
} from '../../contract.ts'
import { MusicError } from '../error.ts'
import { clamp } from '../maths/index.ts'
import { newProject, newTrack } from '../project/new-project.ts'
import { byTime } from '../project/notes.ts'
import { parseKey } from '../theory/key.ts'
import { drumKitOf } from './drum-kits.ts'
import { metaText, readSmf, type SmfEvent, type SmfFile } from './smf-read.ts'

export interface ImportedSmf {
  readonly project: Project
  readonly repairs: readonly string[]
}

type Meta = Extract<SmfEvent, { type: 'meta' }>
type ChannelEvent = Exclude<SmfEvent, { type: 'meta' }>

/** @throws MusicError when the bytes are no MIDI file or hold more than a project can. */
export function importSmf(bytes: Uint8Array, id: string, name = 'Imported'): ImportedSmf {
  const file = readSmf(bytes)
  const repairs = [...file.repairs]
  const scale = (tick: number): number => Math.round((tick * TICKS_PER_QUARTER) / file.ticksPerQuarter)
  const end = scale(Math.max(...file.tracks.map((track) => track.endTick)))
  if (end > MAX_TICK) {
    throw new MusicError(
      `the MIDI file lasts ${Math.round(end / TICKS_PER_QUARTER)} beats; ${MAX_TICK / TICKS_PER_QUARTER} is the most`,
    )
  }
  const metas = file.tracks.flatMap((track) => track.events.filter((event): event is Meta => event.type === 'meta'))
  const [first] = file.tracks
  const title = first === undefined ? undefined : trackName(first.events)
  const tracks = file.tracks.flatMap((track, index) => tracksOf(track, index, file, scale, end, repairs))
  const notes = tracks.reduce((total, track) => total + (track.regions[0]?.notes.length ?? 0), 0)
  const fullest = Math.max(0, ...tracks.map((track) => track.regions[0]?.notes.length ?? 0))
  if (tracks.length > limits.tracks || notes > limits.notesPerProject || fullest > limits.notesPerRegion) {
    throw new MusicError(
      `the MIDI file has ${tracks.length} tracks and ${notes} notes (${fullest} in one track); ` +
        `${limits.tracks}, ${limits.notesPerProject} and ${limits.notesPerRegion} are the most`,
    )
  }
  const project: Project = {
    ...newProject(id, (file.format === 1 && title !== undefined ? title : name).slice(0, 200)),
    tempoMap: tempoMap(metas, scale, repairs),
    meterMap: meterMap(metas, scale, repairs),
    key: keyOf(metas),
    sections: sections(metas, scale, end),
    tracks,
    length: end,
  }
  return { project, repairs }
}

const trackName = (events: readonly SmfEvent[]): string | undefined => {
  const event = events.find((event) => event.type === 'meta' && event.kind === 0x03)
  return event?.type === 'meta' ? metaText(event.data) || undefined : undefined
}

/** One mark a tick, the last one said; with a mark at 0. */
function marks<T extends { tick: number }>(list: readonly T[], usual: T): T[] {
  const byTick = new Map(list.map((mark) => [mark.tick, mark]))
  const sorted = [...byTick.values()].sort((a, b) => a.tick - b.tick)
  return sorted[0]?.tick === 0 ? sorted : [usual, ...sorted]
}

function tempoMap(metas: readonly Meta[], scale: (tick: number) => number, repairs: string[]): TempoMark[] {
  const list = metas.flatMap((meta) => {
    if (meta.kind !== 0x51 || meta.data.length < 3) return []
    const microseconds = ((meta.data[0] ?? 0) << 16) | ((meta.data[1] ?? 0) << 8) | (meta.data[2] ?? 0)
    const bpm = microseconds === 0 ? 0 : Math.round(60_000_000_000 / microseconds) / 1_000
    const kept = clamp(bpm, 20, 300)
    if (kept !== bpm) repairs.push(`a tempo of ${bpm} is read as ${kept}; 20 to 300 is possible`)
    return [{ tick: scale(meta.tick), bpm: kept }]
  })
  return marks(list, { tick: 0, bpm: 120 }).slice(0, 2_000)
}

function meterMap(metas: readonly Meta[], scale: (tick: number) => number, repairs: string[]): MeterMark[] {
  const list = metas.flatMap((meta): MeterMark[] => {
    if (meta.kind !== 0x58 || meta.data.length < 2) return []
    const numerator = meta.data[0] ?? 0
    const power = meta.data[1] ?? 0
    const denominator = ([1, 2, 4, 8, 16, 32] as const)[power]
    if (denominator === undefined || numerator < 1 || numerator > 32) {
      repairs.push(`a meter of ${numerator} over 2 to the power of ${power} is ignored`)
      return []
    }
    return [{ tick: scale(meta.tick), numerator, denominator }]
  })
  return marks(list, { tick: 0, numerator: 4, denominator: 4 }).slice(0, 2_000)
}

const majorTonics = ['Cb', 'Gb', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#']
const minorTonics = ['Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#', 'G#', 'D#', 'A#']

function keyOf(metas: readonly Meta[]): Key {
  for (const meta of metas) {
    const words = meta.kind === 0x01 ? /^key: (.+)$/.exec(metaText(meta.data))?.[1] : undefined
    if (words === undefined) continue
    try {
      return parseKey(words)
    } catch {
      // Somebody else's text that begins like ours: the signature counts.
    }
  }
  const meta = metas.find((meta) => meta.kind === 0x59 && meta.data.length >= 2)
  const fifths = (((meta?.data[0] ?? 0) + 128) & 255) - 128
  const isMinorKey = meta?.data[1] === 1
  const tonic = (isMinorKey ? minorTonics : majorTonics)[fifths + 7]
  return tonic === undefined ? { tonic: 'C', mode: 'major' } : { tonic, mode: isMinorKey ? 'minor' : 'major' }
}

function sections(metas: readonly Meta[], scale: (tick: number) => number, end: number): Project['sections'] {
  const found = metas.filter((meta) => meta.kind === 0x06 && metaText(meta.data) !== '').sort((a, b) => a.tick - b.tick)
  return found.slice(0, 1_000).flatMap((meta, index) => {
    const start = scale(meta.tick)
    const next = found[index + 1]
    const length = (next === undefined ? end : scale(next.tick)) - start
    return length < 1 ? [] : [{ id: `s${index + 1}`, name: metaText(meta.data), start, length, energy: 0.8 }]
  })
}

function tracksOf(
  chunk: SmfFile['tracks'][number],
  index: number,
  file: SmfFile,
  scale: (tick: number) => number,
  end: number,
  repairs: string[],
): Track[] {
  const events = chunk.events.filter((event): event is ChannelEvent => event.type !== 'meta')
  const channels = [...new Set(events.filter((event) => event.type === 'on').map((event) => event.channel))].sort(
    (a, b) => a - b,
  )
  const name = trackName(chunk.events)
  return channels.map((channel) => {
    const own = events.filter((event) => event.channel === channel)
    const isDrums = channel === 9
    const program = own.find((event) => event.type === 'program')?.program ?? 0
    const early = (controller: number): number | undefined =>
      own.find((event) => event.type === 'control' && event.controller === controller && event.tick === 0)?.type ===
      'control'
        ? own.flatMap((event) => (event.type === 'control' && event.controller === controller ? [event.value] : []))[0]
        : undefined
    const volume = early(7)
    const pan = early(10)
    const id = `t${index + 1}-${channel + 1}`
    const plain = name !== undefined && (file.format !== 0 || channels.length === 1) ? name : undefined
    const label = plain ?? (isDrums ? 'Drums' : `Channel ${channel + 1}`)
    const notes = pairNotes(own, scale, scale(chunk.endTick), label, repairs)
    return {
      ...newTrack(
        id,
        channels.length > 1 && plain !== undefined ? `${label} (${channel + 1})` : label,
        isDrums ? 'drums' : 'midi',
      ),
      program: isDrums ? 0 : program,
      drumKit: isDrums ? drumKitOf(program) : null,
      ...(volume === undefined ? {} : { volume: volume / 100 }),
      ...(pan === undefined ? {} : { pan: pan === 64 ? 0.5 : pan / 127 }),
      regions: [
        {
          id: `${id}-r1`,
          name: label,
          start: 0,
          length: Math.max(1, end, ...notes.map((note) => note.start + note.length)),
          notes,
          ...expression(own, scale),
        },
      ],
    }
  })
}

/** Settings that became fields of the track are not repeated as events. */
function expression(
  events: readonly ChannelEvent[],
  scale: (tick: number) => number,
): { cc: ControlChange[]; bends: Bend[]; touches: Touch[] } {
  const cc: ControlChange[] = []
  const bends: Bend[] = []
  const touches: Touch[] = []
  for (const event of events) {
    const tick = scale(event.tick)
    if (event.type === 'control' && !(event.tick === 0 && [0, 7, 10, 32].includes(event.controller))) {
      cc.push({ tick, controller: event.controller, value: event.value })
    } else if (event.type === 'bend') bends.push({ tick, value: event.value })
    else if (event.type === 'touch') {
      touches.push({ tick, value: event.value, ...(event.pitch === undefined ? {} : { pitch: event.pitch }) })
    }
  }
  const most = limits.notesPerRegion
  return { cc: cc.slice(0, most), bends: bends.slice(0, most), touches: touches.slice(0, most) }
}

/** First on, first off. A note that nothing ends lasts to the end of its track. */
function pairNotes(
  events: readonly ChannelEvent[],
  scale: (tick: number) => number,
  end: number,
  name: string,
  repairs: string[],
): Note[] {
  const open = new Map<number, { tick: number; velocity: number }[]>()
  const notes: Note[] = []
  const add = (pitch: number, from: { tick: number; velocity: number }, until: number): void => {
    const start = scale(from.tick)
    notes.push({ id: '', start, length: Math.max(1, until - start), pitch, velocity: from.velocity })
  }
  let overlapping = 0
  for (const event of events) {
    if (event.type === 'on') {
      const waiting = open.get(event.pitch) ?? []
      if (waiting.length > 0) overlapping += 1
      waiting.push({ tick: event.tick, velocity: event.velocity })
      open.set(event.pitch, waiting)
    } else if (event.type === 'off') {
      const from = open.get(event.pitch)?.shift()
      if (from !== undefined) add(event.pitch, from, scale(event.tick))
    }
  }
  const hanging = [...open].flatMap(([pitch, list]) => list.map((from) => ({ pitch, from })))
  for (const { pitch, from } of hanging) add(pitch, from, Math.max(end, scale(from.tick) + 1))
  if (hanging.length > 0)
    repairs.push(`${name}: ${hanging.length} note(s) never end; they last to the end of the track`)
  if (overlapping > 0)
    repairs.push(`${name}: ${overlapping} note(s) begin while the same key sounds; it is struck again there`)
  return notes.sort(byTime).map((note, index) => ({ ...note, id: `n${index + 1}` }))
}
