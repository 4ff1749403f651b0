// Programs 0-23: pianos, electric pianos, harpsichord, clavinet, mallets and bells, organs, reeds.

import { effect, ensemble, type Instrument, shape } from './patch.ts'
import * as waves from './waves.ts'
import type { Layer } from '../voices/wave-voice.ts'

const low = waves.struckString('string low', 1, 3, 6)
const middle = waves.struckString('string middle', 4, 9, 9)
const high = waves.struckString('string high', 10, 40, 11)
const highBright = waves.struckString('string high bright', 7, 60, 6)

interface PianoTone {
  readonly middle: number
  readonly high: number
  readonly fall: number
  readonly hammer: number
  /** Cents between the strings of a note. */
  readonly apart: number
}

/** Low harmonics in two strings that beat and die in two speeds; higher ones sharper, shorter, brought out by force. */
function piano({ middle: mid, high: top, fall, hammer, apart }: PianoTone): Instrument {
  const layers: Layer[] = [
    { wave: low, level: 0.75, fall: fall * 0.5, cents: -apart, pan: -0.18 },
    { wave: low, level: 0.45, fall, cents: apart, pan: 0.22 },
    { wave: middle, level: mid, fall: fall * 0.34, cents: 3, velocity: 0.7, pan: -0.1 },
    { wave: high, bright: highBright, level: top, fall: fall * 0.14, cents: 9, velocity: 0.92, pan: 0.12 },
  ]
  return {
    patch: {
      kind: 'wave',
      layers,
      envelope: shape(0.0005, 30, 0, 0.22),
      brightness: { base: 0, velocity: 0.8 },
      breath: { level: hammer, hz: 900, keyTrack: 0.35, fall: 0.06, hold: 0, resonance: 0.25 },
      velocityCurve: 1.7,
    },
  }
}

const rhodes = (tine: number, body: number, extra: Partial<Instrument> = {}): Instrument => ({
  patch: {
    kind: 'fm',
    pairs: [
      {
        carrier: 1,
        modulator: 1,
        level: 0.5,
        depth: body,
        depthHold: 0.1,
        depthFall: 2.6,
        depthVelocity: 2,
        fall: 5.5,
      },
      {
        carrier: 1,
        modulator: 14,
        level: 0.16,
        depth: tine,
        depthHold: 0,
        depthFall: 0.7,
        depthVelocity: 1,
        fall: 2.4,
        velocity: 0.7,
      },
    ],
    envelope: shape(0.0005, 16, 0, 0.18),
    velocityCurve: 1.6,
  },
  amplifier: [effect('tremolo', { rate: 4.6, depth: 0.28, spread: 1 })],
  ...extra,
})

/** Struck bars and bells: sines in the proportions of the bar, each with its own fall. */
const struck = (
  partials: readonly (readonly [ratio: number, level: number, fall: number, velocity?: number])[],
  tap: number,
  tapHz: number,
  release: number,
): Instrument => ({
  patch: {
    kind: 'wave',
    // All in the middle: one channel to compute, and rooms make the width.
    layers: partials.map(([ratio, level, fall, velocity = 0.3]): Layer => ({
      wave: waves.sine,
      ratio,
      level,
      fall,
      velocity,
    })),
    envelope: shape(0.0005, 24, 0, release),
    breath: { level: tap, hz: tapHz, keyTrack: 0.2, fall: 0.03, hold: 0, resonance: 0.2 },
  },
})

const tonewheel = (
  id: string,
  bars: readonly number[],
  percussion: number,
  extra: Partial<Instrument> = {},
): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [
      { wave: waves.drawbars(id, bars), ratio: 0.5, level: 0.8 },
      ...(percussion > 0 ? [{ wave: waves.sine, ratio: 3, level: percussion, fall: 0.5 } satisfies Layer] : []),
    ],
    envelope: shape(0.004, 1, 1, 0.03),
    breath: { level: 0.05, hz: 2_400, fall: 0.012, hold: 0 },
    velocityCurve: 1,
  },
  amplifier: [
    effect('chorus', { rate: 5.6, depth: 0.14, mix: 0.4 }),
    effect('tremolo', { rate: 5.6, depth: 0.18, spread: 1 }),
  ],
  ...extra,
})

const reeds = (wave: (typeof waves)['accordion'], spreadCents: number, vibratoCents: number): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave, level: 0.8, voices: spreadCents > 0 ? 3 : 1, spreadCents, width: 0.35 }],
    envelope: shape(0.03, 0.4, 0.88, 0.09),
    vibrato: { hz: 5.4, cents: vibratoCents, delaySec: 0.3 },
    breath: { level: 0.012, hz: 3_200, fall: 0.2, hold: 0.4 },
    velocityCurve: 1.3,
  },
})

export const keys: readonly Instrument[] = [
  piano({ middle: 0.56, high: 0.44, fall: 11, hammer: 0.22, apart: 0.5 }),
  piano({ middle: 0.7, high: 0.75, fall: 10, hammer: 0.26, apart: 0.5 }),
  {
    ...piano({ middle: 0.6, high: 0.4, fall: 8, hammer: 0.12, apart: 0.8 }),
    amplifier: [effect('chorus', { rate: 0.8, depth: 0.25, mix: 0.3 })],
  },
  piano({ middle: 0.6, high: 0.5, fall: 8, hammer: 0.26, apart: 6.5 }),
  rhodes(0.3, 0.5),
  rhodes(0.5, 0.26, { amplifier: [ensemble(0.4, 0.7, 0.4)] }),
  {
    // Harpsichord: a bright plucked string, the same however the key is struck.
    patch: {
      kind: 'pluck',
      level: 0.9,
      fall: 4.5,
      sustainOfHighs: 0.93,
      softHz: 9_000,
      hardHz: 11_000,
      place: 0.11,
      release: 0.12,
      body: [
        { hz: 240, resonance: 0.6, level: 0.5 },
        { hz: 1_600, resonance: 0.4, level: 0.4 },
      ],
      direct: 0.7,
      strings: 2,
      spreadCents: 1.2,
      velocityCurve: 1,
    },
  },
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.clavi, level: 0.9, fall: 2.6 },
        { wave: waves.clavi, level: 0.5, ratio: 2, fall: 0.9, velocity: 0.7 },
      ],
      envelope: shape(0.0005, 12, 0, 0.05),
      filter: {
        mode: 'low',
        hz: 2_600,
        keyTrack: 0.5,
        resonance: 0.35,
        octaves: 1.8,
        envelope: shape(0.0005, 0.5, 0.15, 0.1),
        velocityOctaves: 2.2,
      },
      breath: { level: 0.2, hz: 2_600, fall: 0.015, hold: 0 },
      velocityCurve: 1.3,
    },
  },
  struck(
    [
      [1, 0.8, 1.6],
      [2.9, 0.22, 0.7],
      [5.2, 0.14, 0.4, 0.7],
      [8.6, 0.05, 0.2, 0.9],
    ],
    0.12,
    3_000,
    0.8,
  ),
  struck(
    [
      [1, 0.7, 2.6],
      [2.76, 0.35, 1.7],
      [5.4, 0.25, 1, 0.6],
      [8.93, 0.14, 0.5, 0.8],
    ],
    0.16,
    4_500,
    1.2,
  ),
  struck(
    [
      [1, 0.9, 1.3],
      [3.02, 0.12, 0.5],
      [6.1, 0.07, 0.25, 0.8],
    ],
    0.07,
    5_000,
    0.5,
  ),
  {
    ...struck(
      [
        [1, 0.9, 4.2],
        [3.99, 0.16, 1.5],
        [10.1, 0.05, 0.4, 0.8],
      ],
      0.1,
      1_800,
      0.45,
    ),
    amplifier: [effect('tremolo', { rate: 5, depth: 0.4, spread: 0.3 })],
  },
  struck(
    [
      [1, 0.95, 0.75],
      [3.93, 0.22, 0.3],
      [9.6, 0.08, 0.12, 0.8],
    ],
    0.28,
    1_100,
    0.25,
  ),
  struck(
    [
      [1, 0.85, 0.38],
      [3, 0.32, 0.2],
      [6.7, 0.16, 0.1, 0.7],
    ],
    0.45,
    2_200,
    0.15,
  ),
  struck(
    [
      [0.5, 0.3, 4],
      [1, 0.6, 3.6],
      [1.2, 0.35, 3.4],
      [2, 0.42, 2.8],
      [2.74, 0.24, 1.8],
      [3.76, 0.16, 1.2, 0.6],
      [5.1, 0.1, 0.8, 0.8],
    ],
    0.22,
    2_000,
    1.8,
  ),
  {
    patch: {
      kind: 'pluck',
      level: 0.85,
      fall: 2.6,
      sustainOfHighs: 0.9,
      softHz: 3_500,
      hardHz: 7_500,
      place: 0.15,
      release: 0.3,
      body: [{ hz: 380, resonance: 0.6, level: 0.6 }],
      direct: 0.75,
      strings: 2,
      spreadCents: 5,
    },
  },
  tonewheel('drawbar', [8, 6, 8, 4, 0, 0, 0, 0, 0], 0),
  tonewheel('percussive', [8, 5, 6, 0, 0, 0, 0, 0, 2], 0.35),
  tonewheel('rock', [8, 8, 8, 6, 4, 4, 2, 3, 6], 0.1, {
    amplifier: [
      effect('overdrive', { drive: 0.45, tone: 0.6, level: 0.75 }),
      effect('chorus', { rate: 6.6, depth: 0.16, mix: 0.45 }),
      effect('tremolo', { rate: 6.6, depth: 0.22, spread: 1 }),
    ],
  }),
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.pipes('pipes', 0), level: 0.7, voices: 3, spreadCents: 4, width: 0.7 },
        { wave: waves.pipes('pipes reed', 0.25), level: 0.4, ratio: 0.5 },
      ],
      envelope: shape(0.06, 0.6, 0.95, 0.35),
      breath: { level: 0.02, hz: 2_600, keyTrack: 0.5, fall: 0.1, hold: 0.15 },
      velocityCurve: 1,
    },
  },
  reeds(waves.pipes('reed pipes', 0.7), 0, 4),
  reeds(waves.accordion, 9, 0),
  reeds(waves.harmonica, 0, 16),
  reeds(waves.accordion, 15, 6),
]
