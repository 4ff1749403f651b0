// Reads Standard MIDI Files, good and broken, in one pass over the bytes: never loops, never trusts a count.
// What can be repaired is, and told; what has no meaning is refused. Ends with plain events; what they mean in a
// project is smf-import.ts.

import { MusicError } from '../error.ts'
import { textOf } from './utf8.ts'

export const MAX_SMF_BYTES = 8 * 1_024 * 1_024
/** Chunks past these are left out, and said so. */
const MAX_TRACKS = 512

export type SmfEvent = { readonly tick: number } & (
  | { readonly type: 'on' | 'off'; readonly channel: number; readonly pitch: number; readonly velocity: number }
  | { readonly type: 'control'; readonly channel: number; readonly controller: number; readonly value: number }
  | { readonly type: 'program'; readonly channel: number; readonly program: number }
  | { readonly type: 'bend'; readonly channel: number; readonly value: number }
  | { readonly type: 'touch'; readonly channel: number; readonly value: number; readonly pitch?: number }
  | { readonly type: 'meta'; readonly kind: number; readonly data: Uint8Array }
)

export interface SmfFile {
  readonly format: number
  readonly ticksPerQuarter: number
  readonly tracks: readonly { readonly events: readonly SmfEvent[]; readonly endTick: number }[]
  /** What was wrong and has been mended, in plain words. */
  readonly repairs: readonly string[]
}

const uint16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
const uint32 = (bytes: Uint8Array, at: number): number => uint16(bytes, at) * 65_536 + uint16(bytes, at + 2)
const tagAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))

/** Why a track could not be read on; caught inside this file. */
class Stop extends Error {}

/** @throws MusicError when it is no MIDI file, too large, or has no notion of time. */
export function readSmf(bytes: Uint8Array): SmfFile {
  if (bytes.length > MAX_SMF_BYTES) {
    throw new MusicError(`the MIDI file has ${bytes.length} bytes; ${MAX_SMF_BYTES} is the most that is read`)
  }
  const start = headerStart(bytes)
  const headerLength = Math.max(6, uint32(bytes, start + 4))
  const format = uint16(bytes, start + 8)
  const declared = uint16(bytes, start + 10)
  const repairs: string[] = []
  const ticksPerQuarter = resolution(uint16(bytes, start + 12), repairs)
  if (format > 2) repairs.push(`format ${format} is unknown; it is read as format 1`)
  const tracks: SmfFile['tracks'][number][] = []
  let place = start + 8 + headerLength
  while (place < bytes.length) {
    if (tagAt(bytes, place) !== 'MTrk') {
      const next = findTrack(bytes, place + 1)
      const length = uint32(bytes, place + 4)
      const isForeignChunk = /^[\x20-\x7e]{4}$/.test(tagAt(bytes, place)) && place + 8 + length <= bytes.length
      if (next === -1 && !isForeignChunk) {
        repairs.push(`${bytes.length - place} bytes at the end belong to no track; they are ignored`)
        break
      }
      if (!isForeignChunk) repairs.push(`${next - place} bytes at byte ${place} belong to no track; they are skipped`)
      place = isForeignChunk ? place + 8 + length : next
      continue
    }
    if (tracks.length === MAX_TRACKS) {
      repairs.push(`tracks after the first ${MAX_TRACKS} are left out`)
      break
    }
    const name = `track ${tracks.length + 1}`
    const bodyStart = place + 8
    const length = uint32(bytes, place + 4)
    const track = readTrack(bytes, bodyStart, length, name, repairs)
    tracks.push(track)
    place = track.next
  }
  if (tracks.length === 0) throw new MusicError('the MIDI file has a header and no track')
  if (declared !== tracks.length) repairs.push(`the header promises ${declared} tracks; there are ${tracks.length}`)
  return { format, ticksPerQuarter, tracks, repairs }
}

/** RIFF wrappers (`.rmi`) hold the file a few bytes in. */
function headerStart(bytes: Uint8Array): number {
  if (tagAt(bytes, 0) === 'RIFF') {
    for (let at = 8; at < Math.min(bytes.length, 256); at += 1) if (tagAt(bytes, at) === 'MThd') return at
  }
  if (tagAt(bytes, 0) === 'MThd' && bytes.length >= 14) return 0
  throw new MusicError(
    bytes.length === 0
      ? 'the file is empty'
      : 'this is not a MIDI file: it does not begin with MThd and a whole header',
    { hint: 'export it again as a Standard MIDI File (.mid)' },
  )
}

function resolution(division: number, repairs: string[]): number {
  if (division >= 0x8000) {
    const frames = 256 - (division >> 8)
    const perFrame = division & 255
    if (frames * perFrame === 0) throw new MusicError('the MIDI file counts time in frames of no length')
    repairs.push(`time is counted in frames (${frames} a second); it is read as 120 beats a minute`)
    return (frames === 29 ? 30 : frames) * perFrame * 0.5
  }
  if (division === 0)
    throw new MusicError('the MIDI file says that a quarter note has 0 ticks; 96 to 960 would be right')
  return division
}

function findTrack(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 8 <= bytes.length; at += 1) {
    if (bytes[at] === 0x4d && bytes[at + 1] === 0x54 && bytes[at + 2] === 0x72 && bytes[at + 3] === 0x6b) return at
  }
  return -1
}

/** Events of one chunk. Stops at the first byte that has no meaning and keeps what came before. */
function readTrack(
  bytes: Uint8Array,
  start: number,
  length: number,
  name: string,
  repairs: string[],
): SmfFile['tracks'][number] & { next: number } {
  const declaredEnd = start + length
  const isWhole = declaredEnd <= bytes.length
  // A length that lies is found out by the End of Track event; until then the file's end is the border.
  const border =
    isWhole && (declaredEnd === bytes.length || tagAt(bytes, declaredEnd).startsWith('MT')) ? declaredEnd : bytes.length
  if (!isWhole) repairs.push(`${name} promises ${length} bytes; ${Math.max(0, bytes.length - start)} are there`)
  const events: SmfEvent[] = []
  const reader = createReader(bytes, start, border)
  let clipped = 0
  let afterMeta = 0
  let tick = 0
  let status = 0
  let isAfterMeta = false
  let hasEnd = false
  try {
    while (reader.at < border && !hasEnd) {
      tick += reader.quantity()
      const first = reader.byte()
      if (first === 0xff) {
        const kind = reader.byte()
        const data = reader.block(reader.quantity())
        if (kind === 0x2f) hasEnd = true
        else events.push({ tick, type: 'meta', kind, data })
        isAfterMeta = true
        continue
      }
      if (first === 0xf0 || first === 0xf7) {
        reader.block(reader.quantity())
        isAfterMeta = true
        continue
      }
      if (first > 0xf0) throw new Stop(`a system message (0x${first.toString(16)})`)
      if (first < 0x80) {
        if (status === 0) throw new Stop('data without a status byte')
        if (isAfterMeta) afterMeta += 1
        reader.back()
      } else status = first
      isAfterMeta = false
      const data = (): number => {
        const value = reader.byte()
        if (value > 127) clipped += 1
        return value & 127
      }
      events.push(channelEvent(tick, status, data))
    }
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown
    repairs.push(`${name} cannot be read past byte ${reader.at} (${thrown.message}); what came before is kept`)
  }
  if (!hasEnd) repairs.push(`${name} has no End of Track; its last event is its end`)
  if (clipped > 0) repairs.push(`${name} has ${clipped} data byte(s) above 127; their top bit is ignored`)
  if (afterMeta > 0) repairs.push(`${name} goes on with a running status after a meta event ${afterMeta} time(s)`)
  let next = reader.at
  if (hasEnd && isWhole && border === declaredEnd && reader.at < declaredEnd) {
    repairs.push(`${name} has ${declaredEnd - reader.at} byte(s) after its End of Track; they are ignored`)
    next = declaredEnd
  } else if (isWhole && reader.at !== declaredEnd && border !== declaredEnd) {
    repairs.push(`${name} promises ${length} bytes and ends after ${reader.at - start}`)
  }
  if (!hasEnd) {
    const found = findTrack(bytes, Math.max(start, reader.at))
    next = border === declaredEnd ? declaredEnd : found === -1 ? bytes.length : found
  }
  return { events, endTick: tick, next: Math.max(next, start) }
}

function channelEvent(tick: number, status: number, data: () => number): SmfEvent {
  const channel = status & 15
  switch (status >> 4) {
    case 0x8:
      return { tick, type: 'off', channel, pitch: data(), velocity: data() }
    case 0x9: {
      const pitch = data()
      const velocity = data()
      return { tick, type: velocity === 0 ? 'off' : 'on', channel, pitch, velocity }
    }
    case 0xa:
      return { tick, type: 'touch', channel, pitch: data(), value: data() }
    case 0xb:
      return { tick, type: 'control', channel, controller: data(), value: data() }
    case 0xc:
      return { tick, type: 'program', channel, program: data() }
    case 0xd:
      return { tick, type: 'touch', channel, value: data() }
    default: {
      const low = data()
      return { tick, type: 'bend', channel, value: (data() << 7) + low - 8192 }
    }
  }
}

function createReader(bytes: Uint8Array, start: number, border: number) {
  let at = start
  const byte = (): number => {
    if (at >= border) throw new Stop('the data ends in the middle of an event')
    const value = bytes[at] ?? 0
    at += 1
    return value
  }
  return {
    get at() {
      return at
    },
    byte,
    back() {
      at -= 1
    },
    quantity(): number {
      let value = 0
      for (let count = 0; count < 4; count += 1) {
        const next = byte()
        value = value * 128 + (next & 127)
        if (next < 128) return value
      }
      throw new Stop('a length or time of more than four bytes')
    },
    block(length: number): Uint8Array {
      if (at + length > border) throw new Stop('a text or message that is longer than its track')
      const block = bytes.subarray(at, at + length)
      at += length
      return block
    },
  }
}

export const metaText = (data: Uint8Array): string =>
  textOf(data.subarray(0, 200))
    .replace(/\p{Cc}/gu, ' ')
    .trim()
