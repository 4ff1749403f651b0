// What the synthesiser plays: a flat, compiled picture of a project. Times are whole ticks from the start of
// the song; regions, loops and swing are resolved by whoever compiles it. Plain values, so that a score can be
// posted to a worker or an AudioWorklet.

/** One quarter note. */
export const TICKS_PER_QUARTER = 960

export interface TempoPoint {
  readonly tick: number
  readonly bpm: number
}

export interface ScoreNote {
  readonly tick: number
  /** Ticks from note-on to note-off; at least 1. */
  readonly duration: number
  /** 0-127; on a drum track a General MIDI drum key. */
  readonly pitch: number
  /** 1-127. */
  readonly velocity: number
}

/** A controller change: 1 modulation, 7 volume, 10 pan, 11 expression, 64 sustain, 74 cutoff. Others do nothing. */
export interface ScoreControl {
  readonly tick: number
  readonly controller: number
  /** 0-127. */
  readonly value: number
}

export interface ScoreBend {
  readonly tick: number
  /** -8192 to 8191, which is two semitones down to two semitones up. */
  readonly value: number
}

export const curves = ['linear', 'smooth', 'step', 'exp', 'log'] as const
export type Curve = (typeof curves)[number]

/** `curve` shapes the way from this point to the next. */
export interface AutomationPoint {
  readonly tick: number
  readonly value: number
  readonly curve: Curve
}

/** A parameter over time. Before the first point its value holds, after the last one too. */
export interface ScoreAutomation {
  readonly parameter: AutomationParameter
  readonly points: readonly AutomationPoint[]
}

/** Low, high and resting value of every parameter that can be automated. */
export const automationParameters = {
  Volume: { low: 0, high: 1.5, rest: 0.8 },
  Pan: { low: 0, high: 1, rest: 0.5 },
  /** Shelves and bell of an equaliser in front of the track's effects: 0 is -12 dB, 1 is +12 dB. */
  'EQ Low': { low: 0, high: 1, rest: 0.5 },
  'EQ Mid': { low: 0, high: 1, rest: 0.5 },
  'EQ High': { low: 0, high: 1, rest: 0.5 },
  'Mod Wheel (CC1)': { low: 0, high: 127, rest: 0 },
  'Volume (CC7)': { low: 0, high: 127, rest: 100 },
  'Pan (CC10)': { low: 0, high: 127, rest: 64 },
  'Expression (CC11)': { low: 0, high: 127, rest: 127 },
  'Sustain (CC64)': { low: 0, high: 127, rest: 0 },
  'Filter Cutoff (CC74)': { low: 0, high: 127, rest: 64 },
  'Pitch Bend': { low: -8_192, high: 8_191, rest: 0 },
  /** How bright the track is: 0.5 leaves the sound as it is, one whole step is four octaves of cutoff. */
  'Synth Cutoff': { low: 0, high: 1, rest: 0.5 },
  'Synth Resonance': { low: 0, high: 1, rest: 0 },
  /** Times of the envelope: 0.5 as designed, 0 a sixteenth, 1 sixteen times. */
  'Synth Attack': { low: 0, high: 1, rest: 0.5 },
  'Synth Release': { low: 0, high: 1, rest: 0.5 },
} as const satisfies Record<string, { low: number; high: number; rest: number }>
export type AutomationParameter = keyof typeof automationParameters

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
export type EffectType = (typeof effectTypes)[number]

/** Parameters that are not named take their default; see `effectParameters`. */
export interface ScoreEffect {
  readonly type: EffectType
  readonly params: Readonly<Record<string, number>>
  /** Bypassed, the signal passes through untouched, bit for bit. */
  readonly bypass: boolean
}

export interface ScoreSend {
  readonly busId: string
  /** 0-1, taken after the fader. */
  readonly level: number
}

export const drumKits = ['acoustic', 'TR-909', 'TR-808', 'jazz'] as const
export type DrumKit = (typeof drumKits)[number]

export interface ScoreTrack {
  readonly id: string
  readonly name: string
  readonly kind: 'midi' | 'drums'
  /** General MIDI program, 0-127; a drum track ignores it. */
  readonly program: number
  readonly drumKit: DrumKit
  /** Linear fader, 0-1.5. */
  readonly volume: number
  /** 0 left, 0.5 middle, 1 right. */
  readonly pan: number
  readonly muted: boolean
  /** When any track is solo, only those that are can be heard. */
  readonly solo: boolean
  readonly effects: readonly ScoreEffect[]
  readonly sends: readonly ScoreSend[]
  readonly notes: readonly ScoreNote[]
  readonly cc: readonly ScoreControl[]
  readonly bends: readonly ScoreBend[]
  readonly automation: readonly ScoreAutomation[]
}

export interface ScoreBus {
  readonly id: string
  readonly effects: readonly ScoreEffect[]
}

export interface ScoreMaster {
  readonly effects: readonly ScoreEffect[]
  /** Gain before the limiter; without it the synthesiser estimates what brings the piece near -16 LUFS. */
  readonly trimDb?: number
}

export interface Score {
  /** Sorted by tick; the first at tick 0. */
  readonly tempoMap: readonly TempoPoint[]
  readonly ticksPerQuarter: typeof TICKS_PER_QUARTER
  /** Where the song ends; what still sounds then rings out after it. */
  readonly endTick: number
  readonly tracks: readonly ScoreTrack[]
  /** `defaultBuses` unless the project has its own. */
  readonly buses: readonly ScoreBus[]
  readonly master: ScoreMaster
}

/** The two buses every new project has: a room and an echo. Fully wet, because sends add them to the dry sound. */
export const defaultBuses: readonly ScoreBus[] = [
  { id: 'reverb', effects: [{ type: 'reverb', params: { mix: 1 }, bypass: false }] },
  { id: 'delay', effects: [{ type: 'delay', params: { mix: 1 }, bypass: false }] },
]
