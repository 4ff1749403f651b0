// A project as a Standard MIDI File: format 1, 960 ticks a quarter, a conductor track and one track an instrument.
// What is written is what is heard: swing and regions are laid out, note-offs come before note-ons at the same tick.
// Leaves out the mixer beyond volume and pan: effects, sends and mutes have no place in the format.

import { type Key, type Project, TICKS_PER_QUARTER, type Track } from '../../contract.ts'
import { endOf } from '../project/find.ts'
import { heardNotes, heardTick } from '../project/heard.ts'
import { fifthsOf, isMinor, keyName } from '../theory/key.ts'
import { byteWriter } from './byte-writer.ts'
import { drumKitPrograms } from './drum-kits.ts'
import { utf8Bytes } from './utf8.ts'

const DRUM_CHANNEL = 9
const MELODIC_CHANNELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15] as const

interface Event {
  readonly tick: number
  /** Of events at one tick: offs first, then settings, then ons. */
  readonly order: number
  readonly data: readonly number[]
}

const meta = (tick: number, type: number, data: readonly number[]): Event => ({
  tick,
  order: 1,
  // A length above 127 is a quantity of two bytes.
  data: [0xff, type, ...(data.length > 127 ? [0x80 | (data.length >> 7), data.length & 127] : [data.length]), ...data],
})
const text = (tick: number, type: number, words: string): Event => meta(tick, type, utf8Bytes(words.slice(0, 200)))

function keyEvents(key: Key): Event[] {
  const signature: Key = { tonic: key.tonic, mode: isMinor(key.mode) ? 'minor' : 'major' }
  const event = meta(0, 0x59, [fifthsOf(signature) & 0xff, signature.mode === 'minor' ? 1 : 0])
  // The signature knows two modes; the text says which it really is.
  return key.mode === signature.mode ? [event] : [event, text(0, 0x01, `key: ${keyName(key)}`)]
}

function conductor(project: Project): Event[] {
  return [
    text(0, 0x03, project.name),
    ...project.tempoMap.map(({ tick, bpm }) => {
      const microseconds = Math.round(60_000_000 / bpm)
      return meta(tick, 0x51, [microseconds >> 16, (microseconds >> 8) & 255, microseconds & 255])
    }),
    ...project.meterMap.map(({ tick, numerator, denominator }) =>
      meta(tick, 0x58, [numerator, 31 - Math.clz32(denominator), 24, 8]),
    ),
    ...keyEvents(project.key),
    ...project.sections.map((section) => text(section.start, 0x06, section.name)),
  ]
}

function controls(project: Project, track: Track, channel: number): Event[] {
  return track.regions.flatMap((region) => {
    const placed = <T extends { tick: number }>(list: readonly T[], data: (item: T) => number[]): Event[] =>
      list.flatMap((item) => {
        const tick = heardTick(project, region, item.tick)
        return tick === null ? [] : [{ tick, order: 1, data: data(item) }]
      })
    return [
      ...placed(region.cc, ({ controller, value }) => [0xb0 | channel, controller, value]),
      ...placed(region.bends, ({ value }) => [0xe0 | channel, (value + 8192) & 127, (value + 8192) >> 7]),
      ...placed(region.touches, ({ value, pitch }) =>
        pitch === undefined ? [0xd0 | channel, value] : [0xa0 | channel, pitch, value],
      ),
    ]
  })
}

function instrument(project: Project, track: Track, channel: number, port: number): Event[] {
  const program = track.kind === 'drums' ? drumKitPrograms[track.drumKit ?? 'acoustic'] : track.program
  const setting = (data: number[]): Event => ({ tick: 0, order: 1, data })
  return [
    text(0, 0x03, track.name),
    ...(port === 0 ? [] : [meta(0, 0x21, [port])]),
    // A bank is two controllers: with one alone the program belongs to none.
    setting([0xb0 | channel, 0, 0]),
    setting([0xb0 | channel, 32, 0]),
    setting([0xc0 | channel, program]),
    setting([0xb0 | channel, 7, Math.min(127, Math.round(100 * track.volume))]),
    setting([0xb0 | channel, 10, Math.round(127 * track.pan)]),
    ...controls(project, track, channel),
    ...heardNotes(project, track).flatMap((note): Event[] => [
      { tick: note.tick, order: 2, data: [0x90 | channel, note.pitch, note.velocity] },
      { tick: note.tick + note.duration, order: 0, data: [0x80 | channel, note.pitch, 64] },
    ]),
  ]
}

function chunk(events: readonly Event[], end: number): Uint8Array {
  const writer = byteWriter()
  let now = 0
  for (const event of [...events].sort((a, b) => a.tick - b.tick || a.order - b.order)) {
    writer.quantity(event.tick - now)
    writer.bytes(event.data)
    now = event.tick
  }
  writer.quantity(Math.max(0, end - now))
  writer.bytes([0xff, 0x2f, 0])
  return writer.done()
}

export interface WrittenSmf {
  readonly bytes: Uint8Array
  readonly warnings: readonly string[]
}

export function writeSmf(project: Project): WrittenSmf {
  let melodic = 0
  const end = endOf(project)
  const chunks = [chunk(conductor(project), end)]
  for (const track of project.tracks) {
    const isDrums = track.kind === 'drums'
    const channel = isDrums ? DRUM_CHANNEL : (MELODIC_CHANNELS[melodic % MELODIC_CHANNELS.length] ?? 0)
    const port = isDrums ? 0 : Math.floor(melodic / MELODIC_CHANNELS.length)
    if (!isDrums) melodic += 1
    chunks.push(chunk(instrument(project, track, channel, port), end))
  }
  const writer = byteWriter()
  writer.bytes(utf8Bytes('MThd'))
  writer.uint32(6)
  writer.uint16(1)
  writer.uint16(chunks.length)
  writer.uint16(TICKS_PER_QUARTER)
  for (const bytes of chunks) {
    writer.bytes(utf8Bytes('MTrk'))
    writer.uint32(bytes.length)
    writer.bytes(bytes)
  }
  const warnings =
    melodic > MELODIC_CHANNELS.length
      ? [`${melodic} melodic tracks need more than 15 channels: those past the 15th are on a second MIDI port`]
      : []
  return { bytes: writer.done(), warnings }
}
