// Programs 104-127: strings and pipes of other traditions, tuned percussion, sounds of the world.

import { effect, type Instrument, shape } from './patch.ts'
import * as waves from './waves.ts'
import type { PluckPatch } from '../voices/pluck-voice.ts'
import type { Layer, WavePatch } from '../voices/wave-voice.ts'

const plucked = (over: Partial<PluckPatch>): Instrument => ({
  patch: {
    kind: 'pluck',
    level: 0.9,
    fall: 2.6,
    sustainOfHighs: 0.85,
    softHz: 1_600,
    hardHz: 6_500,
    place: 0.12,
    release: 0.16,
    body: [{ hz: 310, resonance: 0.7, level: 0.5 }],
    direct: 0.7,
    ...over,
  },
})

const drum = (
  partials: readonly (readonly [ratio: number, level: number, fall: number])[],
  tap: number,
  tapHz: number,
  scoopCents: number,
): Instrument => ({
  patch: {
    kind: 'wave',
    layers: partials.map(([ratio, level, fall]): Layer => ({
      wave: waves.sine,
      ratio,
      level,
      fall,
      velocity: ratio > 1 ? 0.6 : 0.2,
    })),
    envelope: shape(0.0008, 12, 0, 0.4),
    scoop: { cents: scoopCents, fall: 0.1 },
    breath: { level: tap, hz: tapHz, fall: 0.04, hold: 0 },
    velocityCurve: 1.6,
  },
})

/** Noise in a band that rises and falls: wind, waves, crowds. */
const noise = (over: Partial<WavePatch>, amplifier: NonNullable<Instrument['amplifier']>): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [],
    envelope: shape(0.4, 3, 0.85, 0.9),
    breath: { level: 0.9, hz: 900, keyTrack: 0.2, resonance: 0.2, fall: 1, hold: 1 },
    velocityCurve: 1.3,
    ...over,
  },
  amplifier,
})

const strings: readonly Instrument[] = [
  plucked({
    fall: 5,
    sustainOfHighs: 0.95,
    softHz: 3_000,
    hardHz: 8_000,
    place: 0.06,
    buzz: 0.35,
    body: [{ hz: 520, resonance: 0.7, level: 0.5 }],
    strings: 2,
    spreadCents: 2,
  }),
  plucked({
    fall: 0.9,
    sustainOfHighs: 0.88,
    softHz: 1_800,
    hardHz: 5_500,
    place: 0.12,
    body: [
      { hz: 420, resonance: 0.82, level: 0.8 },
      { hz: 1_100, resonance: 0.6, level: 0.4 },
    ],
  }),
  plucked({
    fall: 1.2,
    sustainOfHighs: 0.82,
    softHz: 2_600,
    hardHz: 8_500,
    place: 0.07,
    buzz: 0.12,
    body: [{ hz: 560, resonance: 0.75, level: 0.6 }],
  }),
  plucked({
    fall: 3,
    sustainOfHighs: 0.9,
    softHz: 2_200,
    hardHz: 7_000,
    place: 0.1,
    body: [{ hz: 210, resonance: 0.7, level: 0.5 }],
  }),
  {
    // Thumb piano: a tongue of metal on a box.
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.sine, level: 0.9, fall: 1.3 },
        { wave: waves.sine, ratio: 5.6, level: 0.14, fall: 0.3, velocity: 0.6 },
        { wave: waves.sine, ratio: 2.02, level: 0.1, fall: 0.8 },
      ],
      envelope: shape(0.0005, 14, 0, 0.3),
      breath: { level: 0.2, hz: 1_400, fall: 0.025, hold: 0 },
    },
  },
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.accordion, level: 0.7 },
        { wave: waves.harmonica, level: 0.25, ratio: 0.5 },
        { wave: waves.harmonica, level: 0.2, ratio: 1.5 },
      ],
      envelope: shape(0.05, 0.5, 0.95, 0.08),
      velocityCurve: 1,
    },
  },
  {
    patch: {
      kind: 'wave',
      layers: [{ wave: waves.violinBright, level: 0.85 }],
      envelope: shape(0.03, 0.5, 0.85, 0.1),
      vibrato: { hz: 6, cents: 10, delaySec: 0.15 },
      breath: { level: 0.05, hz: 4_000, fall: 0.2, hold: 0.5 },
      scoop: { cents: -40, fall: 0.08 },
    },
  },
  {
    patch: {
      kind: 'wave',
      layers: [{ wave: waves.oboeBright, level: 0.85 }],
      envelope: shape(0.02, 0.4, 0.92, 0.06),
      vibrato: { hz: 6, cents: 18, delaySec: 0.12 },
      scoop: { cents: -60, fall: 0.1 },
      velocityCurve: 1.2,
    },
  },
]

const percussive: readonly Instrument[] = [
  drum(
    [
      [1, 0.7, 1.6],
      [2.76, 0.4, 0.9],
      [5.4, 0.25, 0.5],
      [8.1, 0.1, 0.3],
    ],
    0.2,
    6_000,
    0,
  ),
  drum(
    [
      [1, 0.8, 0.5],
      [1.52, 0.4, 0.35],
      [2.71, 0.3, 0.2],
    ],
    0.4,
    3_400,
    0,
  ),
  // Steel pan: harmonics of a dented barrel that ring after each other.
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.sine, level: 0.7, fall: 1.7 },
        { wave: waves.sine, ratio: 2, level: 0.42, fall: 1.2, cents: 4, pan: 0.2 },
        { wave: waves.sine, ratio: 3, level: 0.2, fall: 0.8, velocity: 0.5, pan: -0.2 },
        { wave: waves.sine, ratio: 4.1, level: 0.14, fall: 0.5, velocity: 0.7 },
      ],
      envelope: shape(0.003, 14, 0, 0.35),
      breath: { level: 0.12, hz: 1_500, fall: 0.03, hold: 0 },
    },
    amplifier: [effect('chorus', { rate: 4, depth: 0.1, mix: 0.25 })],
  },
  drum(
    [
      [1, 0.9, 0.16],
      [2.6, 0.4, 0.07],
      [5.1, 0.15, 0.04],
    ],
    0.4,
    1_600,
    0,
  ),
  drum(
    [
      [0.5, 0.95, 1.1],
      [0.79, 0.3, 0.6],
      [1.2, 0.16, 0.3],
    ],
    0.45,
    260,
    220,
  ),
  drum(
    [
      [1, 0.9, 0.7],
      [1.59, 0.35, 0.4],
      [2.14, 0.2, 0.25],
    ],
    0.3,
    900,
    240,
  ),
  drum(
    [
      [1, 0.95, 0.55],
      [1.4, 0.2, 0.3],
    ],
    0.12,
    2_500,
    900,
  ),
  // Cymbal that comes from nowhere and stops.
  noise(
    {
      layers: [{ wave: waves.glass, level: 0.06, ratio: 6.3, voices: 3, spreadCents: 60, width: 1 }],
      envelope: shape(1.4, 0.2, 1, 0.04),
      breath: { level: 0.8, hz: 6_500, resonance: 0.1, fall: 1, hold: 1 },
    },
    [effect('eq', { low: -12, mid: -6, high: 4 })],
  ),
]

const world: readonly Instrument[] = [
  noise(
    {
      envelope: shape(0.01, 0.12, 0, 0.05),
      breath: { level: 0.8, hz: 2_400, keyTrack: 0.4, resonance: 0.5, fall: 0.1, hold: 0.5 },
    },
    [effect('eq', { low: -8 })],
  ),
  noise(
    {
      envelope: shape(0.12, 0.4, 0.3, 0.2),
      breath: { level: 0.8, hz: 1_700, keyTrack: 0.5, resonance: 0.35, fall: 0.6, hold: 0.6 },
    },
    [effect('eq', { low: -10 })],
  ),
  noise({ envelope: shape(1.2, 3, 0.8, 1.6), breath: { level: 0.9, hz: 620, resonance: 0.05, fall: 1, hold: 1 } }, [
    effect('tremolo', { rate: 0.16, depth: 0.75, spread: 0.35 }),
  ]),
  {
    // Bird: a whistle that trills.
    patch: {
      kind: 'wave',
      layers: [{ wave: waves.sine, level: 0.7 }],
      transpose: 24,
      envelope: shape(0.02, 0.5, 0.6, 0.08),
      vibrato: { hz: 13, cents: 260, delaySec: 0 },
      scoop: { cents: 500, fall: 0.12 },
    },
    amplifier: [effect('tremolo', { rate: 7, depth: 0.9, spread: 0.1 })],
  },
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.sine, level: 0.55 },
        { wave: waves.sine, level: 0.4, cents: 168 },
      ],
      transpose: 12,
      envelope: shape(0.002, 1, 1, 0.06),
      velocityCurve: 1,
    },
    amplifier: [effect('tremolo', { rate: 15, depth: 0.95, spread: 0 })],
  },
  noise(
    {
      envelope: shape(0.3, 1, 1, 0.6),
      breath: { level: 0.9, hz: 320, keyTrack: 0.3, resonance: 0.4, fall: 1, hold: 1 },
    },
    [effect('tremolo', { rate: 11, depth: 0.95, spread: 0.1 })],
  ),
  noise({ envelope: shape(0.8, 3, 0.9, 1.2), breath: { level: 0.9, hz: 2_100, resonance: 0.05, fall: 1, hold: 1 } }, [
    effect('tremolo', { rate: 9, depth: 0.25, spread: 1 }),
    effect('eq', { low: -8, high: -2 }),
  ]),
  noise(
    { envelope: shape(0.001, 0.9, 0, 0.3), breath: { level: 0.95, hz: 700, resonance: 0.05, fall: 0.25, hold: 0.35 } },
    [effect('overdrive', { drive: 0.7, tone: 0.7, level: 0.9 })],
  ),
]

export const other: readonly Instrument[] = [...strings, ...percussive, ...world]
