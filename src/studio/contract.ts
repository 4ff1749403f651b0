// What the studio, the page and every tool agree on: a project and its parts, in integer ticks, and the
// operations that change it. Browser-safe: zod only. Leaves out what an operation does (`core/project`).

import { z } from 'zod'

/** Ticks of a quarter note, everywhere: 960 divides triplets and 64ths exactly. */
export const TICKS_PER_QUARTER = 960

/** More than any piece needs (10,000 bars of 4/4 are 38,400,000); keeps arithmetic far inside safe integers. */
export const MAX_TICK = 100_000_000

export const limits = {
  tracks: 128,
  regionsPerTrack: 2_000,
  notesPerRegion: 20_000,
  notesPerProject: 200_000,
  effectsPerChain: 16,
  buses: 16,
  bars: 10_000,
} as const

const Tick = z.int().min(0).max(MAX_TICK)
/** A moment before or after a place: what a move shifts by. */
const Shift = z.int().min(-MAX_TICK).max(MAX_TICK)
const Length = z.int().min(1).max(MAX_TICK)
const Midi = z.int().min(0).max(127)

/** Stable inside its project, never reused after an undo; made by whoever makes the part. */
export const PartId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/,
    'letters, digits and _ . : -, at most 64, starting with a letter or digit',
  )
const Name = z.string().min(1).max(200)

export const modes = [
  'major',
  'minor',
  'dorian',
  'phrygian',
  'lydian',
  'mixolydian',
  'locrian',
  'harmonic_minor',
  'melodic_minor',
  'major_pentatonic',
  'minor_pentatonic',
  'blues',
] as const
export const Mode = z.enum(modes)
export type Mode = z.infer<typeof Mode>

/** Tonic as written: `F#`, `Bb`. */
export const Key = z.object({
  tonic: z.string().regex(/^[A-G](?:#{1,2}|b{1,2})?$/, 'a note name such as C, F# or Bb'),
  mode: Mode,
})
export type Key = z.infer<typeof Key>

/**
 * Where the off-beat sits: `.5 + amount / 6` of the grid's cell. 0 is straight, 1 a triplet; the cell is a beat
 * for eighths and half a beat for sixteenths. Applied when the music is heard or exported, never to stored notes.
 */
export const Swing = z.object({ amount: z.number().min(0).max(2), grid: z.enum(['eighth', 'sixteenth']) })
export type Swing = z.infer<typeof Swing>

/** `start` counts from the region's start. */
export const Note = z.object({
  id: PartId,
  start: Tick,
  length: Length,
  pitch: Midi,
  velocity: z.int().min(1).max(127),
})
export type Note = z.infer<typeof Note>

export const ControlChange = z.object({ tick: Tick, controller: Midi, value: Midi })
export type ControlChange = z.infer<typeof ControlChange>

/** -8192 to 8191 is the whole range of the instrument, two semitones unless it says otherwise. */
export const Bend = z.object({ tick: Tick, value: z.int().min(-8192).max(8191) })
export type Bend = z.infer<typeof Bend>

/** Aftertouch; of one key when `pitch` is there. */
export const Touch = z.object({ tick: Tick, value: Midi, pitch: Midi.optional() })
export type Touch = z.infer<typeof Touch>

/** How a region was made, enough to make it again. */
export const Source = z.object({ generator: Name, params: z.record(z.string(), z.json()), seed: z.string().max(200) })
export type Source = z.infer<typeof Source>

export const Region = z.object({
  id: PartId,
  name: Name,
  start: Tick,
  length: Length,
  notes: z.array(Note).max(limits.notesPerRegion),
  cc: z.array(ControlChange).max(limits.notesPerRegion),
  bends: z.array(Bend).max(limits.notesPerRegion),
  touches: z.array(Touch).max(limits.notesPerRegion),
  /** Instead of the project's. */
  swing: Swing.optional(),
  source: Source.optional(),
})
export type Region = z.infer<typeof Region>

/** The synthesiser's twelve; their parameters and ranges are `effectParameters`. */
export const effectTypes = [
  'reverb',
  'delay',
  'compressor',
  'eq',
  'distortion',
  'filter',
  'chorus',
  'modulation',
  'overdrive',
  'phaser',
  'flanger',
  'tremolo',
] as const

/** What can move over time; ranges are the synthesiser's `automationParameters`. */
export const automatable = [
  'Volume',
  'Pan',
  'EQ Low',
  'EQ Mid',
  'EQ High',
  'Mod Wheel (CC1)',
  'Volume (CC7)',
  'Pan (CC10)',
  'Expression (CC11)',
  'Sustain (CC64)',
  'Filter Cutoff (CC74)',
  'Pitch Bend',
  'Synth Cutoff',
  'Synth Resonance',
  'Synth Attack',
  'Synth Release',
] as const

export const drumKits = ['acoustic', 'TR-909', 'TR-808', 'jazz'] as const
export const DrumKit = z.enum(drumKits)
export type DrumKit = z.infer<typeof DrumKit>
export const Effect = z.object({
  id: PartId,
  type: z.enum(effectTypes),
  params: z.record(z.string(), z.number()),
  bypass: z.boolean(),
})
export type Effect = z.infer<typeof Effect>

export const Send = z.object({ busId: PartId, level: z.number().min(0).max(1) })
export type Send = z.infer<typeof Send>

export const Automation = z.object({
  parameter: z.enum(automatable),
  points: z
    .array(z.object({ tick: Tick, value: z.number(), curve: z.enum(['linear', 'smooth', 'step', 'exp', 'log']) }))
    .max(limits.notesPerRegion),
})
export type Automation = z.infer<typeof Automation>

export const roles = ['drums', 'bass', 'chords', 'pad', 'arp', 'melody', 'fx', 'other'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

const trackFields = {
  name: Name,
  program: Midi,
  /** Of a drum track; null elsewhere. */
  drumKit: DrumKit.nullable(),
  color: z.string().max(40),
  icon: z.string().max(60),
  volume: z.number().min(0).max(1.5),
  /** 0 left, .5 middle, 1 right. */
  pan: z.number().min(0).max(1),
  muted: z.boolean(),
  solo: z.boolean(),
  role: Role,
} as const

export const Track = z.object({
  id: PartId,
  kind: z.enum(['midi', 'drums']),
  ...trackFields,
  inserts: z.array(Effect).max(limits.effectsPerChain),
  sends: z.array(Send).max(limits.buses),
  regions: z.array(Region).max(limits.regionsPerTrack),
  automation: z.array(Automation).max(64),
})
export type Track = z.infer<typeof Track>

export const Bus = z.object({ id: PartId, name: Name, inserts: z.array(Effect).max(limits.effectsPerChain) })
export type Bus = z.infer<typeof Bus>

/** A stretch of the form: verse, chorus. */
export const Section = z.object({
  id: PartId,
  name: Name,
  start: Tick,
  length: Length,
  energy: z.number().min(0).max(1),
})
export type Section = z.infer<typeof Section>

export const TempoMark = z.object({ tick: Tick, bpm: z.number().min(20).max(300) })
export type TempoMark = z.infer<typeof TempoMark>

export const MeterMark = z.object({
  tick: Tick,
  numerator: z.int().min(1).max(32),
  denominator: z.union([1, 2, 4, 8, 16, 32].map((value) => z.literal(value))),
})
export type MeterMark = z.infer<typeof MeterMark>

/** A chord in force from `tick` until the next one; for reading along and for parts made later. */
export const ChordMark = z.object({ tick: Tick, symbol: z.string().min(1).max(40) })
export type ChordMark = z.infer<typeof ChordMark>

export const Project = z.object({
  id: PartId,
  name: Name,
  tempoMap: z.array(TempoMark).min(1).max(2_000),
  meterMap: z.array(MeterMark).min(1).max(2_000),
  key: Key,
  swing: Swing,
  sections: z.array(Section).max(1_000),
  chords: z.array(ChordMark).max(40_000),
  tracks: z.array(Track).max(limits.tracks),
  buses: z.array(Bus).max(limits.buses),
  master: z.object({ inserts: z.array(Effect).max(limits.effectsPerChain) }),
  seed: z.string().max(200),
  /** Where the piece ends, at least as late as its last region. */
  length: Tick,
  /** Rises by one with each transaction. */
  revision: z.int().min(0),
})
export type Project = z.infer<typeof Project>

const TrackPatch = z.object(trackFields).partial()
const NotePatch = z.object({
  id: PartId,
  start: Tick.optional(),
  length: Length.optional(),
  pitch: Midi.optional(),
  velocity: z.int().min(1).max(127).optional(),
})
const RegionPatch = z
  .object({
    name: Name,
    start: Tick,
    length: Length,
    cc: Region.shape.cc,
    bends: Region.shape.bends,
    touches: Region.shape.touches,
    swing: Swing.nullable(),
    source: Source.nullable(),
  })
  .partial()

const place = { trackId: PartId, regionId: PartId }
/** Whose effects: a track, a bus, or the master. */
const Chain = z.discriminatedUnion('of', [
  z.object({ of: z.literal('track'), id: PartId }),
  z.object({ of: z.literal('bus'), id: PartId }),
  z.object({ of: z.literal('master') }),
])
export type Chain = z.infer<typeof Chain>

/** One change. Each has an inverse that is an operation too; see `core/project/apply.ts`. */
export const Operation = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('set_project'),
    patch: Project.pick({ name: true, key: true, swing: true, seed: true, length: true }).partial(),
  }),
  z.object({ type: z.literal('set_tempo_map'), marks: Project.shape.tempoMap }),
  z.object({ type: z.literal('set_meter_map'), marks: Project.shape.meterMap }),
  z.object({ type: z.literal('set_sections'), sections: Project.shape.sections }),
  z.object({ type: z.literal('set_chords'), chords: Project.shape.chords }),
  z.object({ type: z.literal('add_track'), track: Track, index: z.int().min(0).optional() }),
  z.object({ type: z.literal('remove_track'), trackId: PartId }),
  z.object({ type: z.literal('move_track'), trackId: PartId, index: z.int().min(0) }),
  z.object({ type: z.literal('set_track'), trackId: PartId, patch: TrackPatch }),
  z.object({ type: z.literal('add_region'), trackId: PartId, region: Region, index: z.int().min(0).optional() }),
  z.object({ type: z.literal('remove_region'), ...place }),
  z.object({ type: z.literal('set_region'), ...place, patch: RegionPatch }),
  z.object({
    type: z.literal('move_region'),
    ...place,
    toTrackId: PartId,
    start: Tick,
    index: z.int().min(0).optional(),
  }),
  z.object({ type: z.literal('add_notes'), ...place, notes: Region.shape.notes }),
  z.object({ type: z.literal('remove_notes'), ...place, noteIds: z.array(PartId) }),
  z.object({ type: z.literal('set_notes'), ...place, patches: z.array(NotePatch) }),
  z.object({
    type: z.literal('shift_notes'),
    ...place,
    noteIds: z.array(PartId),
    ticks: Shift,
    semitones: z.int().min(-127).max(127),
  }),
  z.object({ type: z.literal('set_effects'), chain: Chain, effects: z.array(Effect).max(limits.effectsPerChain) }),
  z.object({ type: z.literal('set_sends'), trackId: PartId, sends: Track.shape.sends }),
  z.object({ type: z.literal('set_automation'), trackId: PartId, automation: Track.shape.automation }),
  z.object({ type: z.literal('add_bus'), bus: Bus, index: z.int().min(0).optional() }),
  z.object({ type: z.literal('remove_bus'), busId: PartId }),
])
export type Operation = z.infer<typeof Operation>

/** A meter that the composer writes in. */
export const meters = ['4/4', '3/4', '6/8', '12/8'] as const
export const MeterName = z.enum(meters)
export type MeterName = z.infer<typeof MeterName>

const Share = z.number().min(0).max(1)

/** What to compose. Only the genre is needed; everything else has the genre's default. */
export const ComposeSpec = z.object({
  /** An id or any name people use: `lofi`, `drum and bass`. */
  genre: z.string().min(1).max(80),
  name: Name.optional(),
  key: Key.optional(),
  /** Beats a minute as a foot taps them: dotted quarters in 6/8 and 12/8. */
  tempo: z.number().min(40).max(240).optional(),
  bars: z.int().min(1).max(1_000).optional(),
  meter: MeterName.optional(),
  /** Instead of the genre's form; then `bars` is their sum. */
  sections: z
    .array(z.object({ name: Name, bars: z.int().min(1).max(256), energy: Share.optional() }))
    .min(1)
    .max(64)
    .optional(),
  /** A progression for every section: numerals or symbols, one a bar. */
  chords: z.string().min(1).max(2_000).optional(),
  energy: Share.optional(),
  complexity: Share.optional(),
  density: Share.optional(),
  /** 0 is exactly on the grid, 1 as loose as people play. */
  humanize: Share.optional(),
  /** Instead of the genre's feel. */
  swing: Swing.optional(),
  /** Only these parts. */
  parts: z.array(Role).min(1).max(8).optional(),
  /** Instruments by part, instead of the genre's. */
  instruments: z.partialRecord(Role, z.object({ name: Name, program: Midi })).optional(),
  seed: z.string().min(1).max(200).optional(),
})
export type ComposeSpec = z.infer<typeof ComposeSpec>
