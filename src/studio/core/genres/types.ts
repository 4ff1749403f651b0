// What a genre is, as data: tempo, feel, grooves, bass family, harmony, melody, instruments and form. The composer
// reads nothing else about a style. Patterns are texts of one character a slot:
//   X accent   o normal   g ghost   - the note goes on   A accent with the next chord   . nothing
// A text twice as long as the bar is two bars.

import type { DrumKit, Mode } from '../../contract.ts'

/** Drum voices and their General MIDI keys. */
export const drumKeys = {
  kick: 36,
  rim: 37,
  snare: 38,
  clap: 39,
  hat: 42,
  pedal: 44,
  open: 46,
  crash: 49,
  ride: 51,
  bell: 53,
  tambourine: 54,
  cowbell: 56,
  lowTom: 41,
  floorTom: 43,
  midTom: 45,
  highTom: 48,
  slap: 62,
  conga: 63,
  lowConga: 64,
  shaker: 70,
  claves: 75,
} as const
export type DrumVoice = keyof typeof drumKeys

export interface DrumLane {
  readonly voice: DrumVoice
  /** Alternatives; each section chooses one. */
  readonly patterns: readonly string[]
  /** Plays from this energy on: what a chorus adds. */
  readonly from?: number
  /** Plays up to this energy: what a chorus replaces. */
  readonly until?: number
}

export const fillKinds = ['toms', 'snare', 'roll', 'ghosts', 'stop', 'percussion', 'none'] as const

/** How slots of a pattern divide the bar: sixteenths, or eighth triplets of a quarter, or the eighths of 12/8. */
export type Grid = 'sixteenth' | 'triplet' | 'eighth'

export const bassFamilies = [
  'kick_locked',
  'eighths',
  'octaves',
  'off_beat',
  'rolling',
  'sub',
  'slide_808',
  'funk',
  'motown',
  'walking',
  'two_feel',
  'bossa',
  'samba',
  'tumbao',
  'reggae',
  'afrobeat',
  'log_drum',
  'pedal',
] as const
export type BassFamily = (typeof bassFamilies)[number]

export const voicingStyles = ['close', 'drop2', 'rootless', 'spread', 'power', 'stab'] as const
export type VoicingStyle = (typeof voicingStyles)[number]

export const melodyStyles = ['song', 'sparse', 'hook', 'swing', 'riff', 'long', 'latin'] as const
export type MelodyStyle = (typeof melodyStyles)[number]

export const sectionKinds = [
  'intro',
  'verse',
  'pre',
  'chorus',
  'bridge',
  'break',
  'build',
  'drop',
  'head',
  'solo',
  'outro',
] as const
export type SectionKind = (typeof sectionKinds)[number]

/** A pitched part besides the bass. */
export interface PartSpec {
  readonly name: string
  /** General MIDI. */
  readonly program: number
  readonly volume: number
  readonly pan?: number
  /** To the room, 0-1. */
  readonly reverb?: number
  /** To the echo, 0-1. */
  readonly delay?: number
  /** Plays from this energy on. */
  readonly from?: number
}

export interface CompSpec extends PartSpec {
  /** Rhythm of the chords; alternatives of one or two bars. */
  readonly cells: readonly string[]
  readonly voicing: VoicingStyle
}

export interface Genre {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Low, default and high, in what a foot taps. */
  readonly bpm: readonly [number, number, number]
  readonly meter: readonly [number, 4 | 8]
  readonly grid: Grid
  /** Which gates of the critic hold, and how much bars vary. */
  readonly feel: 'acoustic' | 'machine' | 'free'
  /** `ride` follows the tempo as jazz does. */
  readonly swing: { readonly grid: 'eighth' | 'sixteenth'; readonly amount: number | 'ride' }
  /** When nobody says otherwise. */
  readonly mode: Mode
  readonly drums: {
    readonly kit: DrumKit
    readonly lanes: readonly DrumLane[]
    readonly fill: (typeof fillKinds)[number]
    readonly crash: boolean
    /** Probability of a ghost note at each free sixteenth near the backbeat. */
    readonly ghosts: number
    /** Slots with the backbeat; empty where the genre has none. */
    readonly backbeat: readonly number[]
  }
  readonly bass: PartSpec & { readonly family: BassFamily; readonly range: readonly [number, number] }
  readonly chords: CompSpec
  readonly pad?: CompSpec
  readonly arp?: PartSpec & { readonly cells: readonly string[]; readonly motion: 'up' | 'updown' | 'broken' }
  readonly melody: PartSpec & {
    readonly style: MelodyStyle
    readonly range: readonly [number, number]
    /** The blues scale may be used against major chords. */
    readonly blues?: boolean
  }
  /** Bars between spaces, chords of one bar joined by dots. */
  readonly progressions: { readonly minor: readonly string[]; readonly major: readonly string[] }
  /** The body of a piece, round and round; intro and outro come of themselves. */
  readonly form: readonly SectionKind[]
  /** Bars of a section in it. */
  readonly sectionBars: number
  /** Systematic lateness in ms. */
  readonly timing: Partial<Record<'kick' | 'snare' | 'hat' | 'bass' | 'chords' | 'melody', number>>
}
