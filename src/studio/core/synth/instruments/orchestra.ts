// Programs 40-79: bowed strings, harp and timpani, ensembles and voices, brass, reeds, pipes.

import { effect, ensemble, type Instrument, shape } from './patch.ts'
import * as waves from './waves.ts'
import type { Wave } from '../tables.ts'
import type { Layer, WavePatch } from '../voices/wave-voice.ts'

const solo = (dark: Wave, bright: Wave, attack: number, over: Partial<WavePatch> = {}): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave: dark, bright, level: 0.85 }],
    envelope: shape(attack, 0.7, 0.86, 0.14),
    brightness: { base: 0.1, velocity: 0.6, envelope: 0.15 },
    vibrato: { hz: 5.7, cents: 13, delaySec: 0.22 },
    breath: { level: 0.03, hz: 3_400, keyTrack: 0.2, fall: 0.18, hold: 0.35 },
    velocityCurve: 1.5,
    ...over,
  },
})

const section = (attack: number, release: number, over: Partial<WavePatch> = {}): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave: waves.section, bright: waves.sectionBright, level: 0.8, voices: 3, spreadCents: 10, width: 0.85 }],
    envelope: shape(attack, 1.2, 0.9, release),
    brightness: { base: 0.05, velocity: 0.6, envelope: 0.1 },
    vibrato: { hz: 5.2, cents: 5, delaySec: 0.3 },
    breath: { level: 0.018, hz: 3_800, fall: 0.3, hold: 0.5 },
    velocityCurve: 1.5,
    ...over,
  },
  amplifier: [ensemble(0.4, 0.5, 0.6)],
})

const choir = (wave: Wave, attack: number, over: Partial<WavePatch> = {}): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave, level: 0.85, voices: 3, spreadCents: 12, width: 0.8 }],
    envelope: shape(attack, 1, 0.92, 0.4),
    vibrato: { hz: 5, cents: 9, delaySec: 0.35 },
    breath: { level: 0.02, hz: 2_600, fall: 0.2, hold: 0.5 },
    velocityCurve: 1.4,
    ...over,
  },
  amplifier: [ensemble(0.38, 0.45, 0.55)],
})

const brass = (dark: Wave, bright: Wave, attack: number, over: Partial<WavePatch> = {}): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave: dark, bright, level: 0.85 }],
    envelope: shape(attack, 0.45, 0.82, 0.1),
    brightness: { base: 0, velocity: 0.75, envelope: 0.25 },
    scoop: { cents: -35, fall: 0.09 },
    vibrato: { hz: 5.3, cents: 6, delaySec: 0.4 },
    breath: { level: 0.022, hz: 1_900, keyTrack: 0.4, fall: 0.1, hold: 0.2 },
    velocityCurve: 1.5,
    ...over,
  },
})

const reed = (dark: Wave, bright: Wave, breath: number, over: Partial<WavePatch> = {}): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave: dark, bright, level: 0.85 }],
    envelope: shape(0.028, 0.5, 0.86, 0.08),
    brightness: { base: 0.05, velocity: 0.75, envelope: 0.1 },
    scoop: { cents: -22, fall: 0.07 },
    vibrato: { hz: 5.2, cents: 9, delaySec: 0.3 },
    breath: { level: breath, hz: 3_000, keyTrack: 0.3, fall: 0.09, hold: 0.45 },
    velocityCurve: 1.5,
    ...over,
  },
})

const pipe = (dark: Wave, bright: Wave, breath: number, over: Partial<WavePatch> = {}): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave: dark, bright, level: 0.85 }],
    envelope: shape(0.045, 0.4, 0.9, 0.1),
    brightness: { base: 0, velocity: 0.8 },
    vibrato: { hz: 5, cents: 8, delaySec: 0.25 },
    breath: { level: breath, hz: 1_250, keyTrack: 0.85, resonance: 0.55, fall: 0.11, hold: 0.4 },
    velocityCurve: 1.4,
    ...over,
  },
})

const timpani: Instrument = {
  patch: {
    kind: 'wave',
    layers: (
      [
        [1, 0.85, 1.5],
        [1.5, 0.4, 1.1],
        [1.98, 0.24, 0.8],
        [2.44, 0.12, 0.6],
      ] as const
    ).map(([ratio, level, fall]): Layer => ({
      wave: waves.sine,
      ratio,
      level,
      fall,
      velocity: ratio > 1.6 ? 0.7 : 0.2,
    })),
    envelope: shape(0.001, 14, 0, 0.5),
    scoop: { cents: 60, fall: 0.12 },
    breath: { level: 0.35, hz: 320, fall: 0.09, hold: 0 },
  },
}

/** Several instruments struck together on one chord. */
const hit: Instrument = {
  patch: {
    kind: 'wave',
    layers: [
      {
        wave: waves.section,
        bright: waves.sectionBright,
        level: 0.5,
        voices: 4,
        spreadCents: 12,
        width: 0.9,
        fall: 1.1,
      },
      { wave: waves.trombone, bright: waves.tromboneBright, level: 0.5, ratio: 0.5, fall: 0.9 },
      { wave: waves.trumpet, bright: waves.trumpetBright, level: 0.3, ratio: 2, fall: 0.7, velocity: 0.6 },
    ],
    envelope: shape(0.004, 3, 0, 0.3),
    brightness: { base: 0.2, velocity: 0.7 },
    breath: { level: 0.5, hz: 240, fall: 0.14, hold: 0 },
  },
}

const strings: readonly Instrument[] = [
  solo(waves.violin, waves.violinBright, 0.055),
  solo(waves.viola, waves.violin, 0.06),
  solo(waves.cello, waves.celloBright, 0.06, { vibrato: { hz: 5.2, cents: 12, delaySec: 0.25 } }),
  solo(waves.bass, waves.cello, 0.07, { vibrato: { hz: 4.8, cents: 7, delaySec: 0.4 } }),
  // Tremolo strings: the bow goes back and forth.
  {
    ...section(0.05, 0.2, { breath: { level: 0.03, hz: 3_600, fall: 0.3, hold: 0.7 } }),
    amplifier: [ensemble(0.3), effect('tremolo', { rate: 8.6, depth: 0.6, spread: 0.2 })],
  },
  {
    // Pizzicato: a string plucked on a hollow body.
    patch: {
      kind: 'pluck',
      level: 0.95,
      fall: 0.75,
      sustainOfHighs: 0.45,
      softHz: 900,
      hardHz: 3_200,
      place: 0.22,
      release: 0.16,
      body: [
        { hz: 280, resonance: 0.72, level: 0.7 },
        { hz: 460, resonance: 0.7, level: 0.5 },
      ],
      direct: 0.55,
      strings: 2,
      spreadCents: 3,
    },
  },
  {
    patch: {
      kind: 'pluck',
      level: 0.9,
      fall: 4.6,
      sustainOfHighs: 0.78,
      softHz: 1_100,
      hardHz: 4_200,
      place: 0.34,
      release: 0.9,
      body: [{ hz: 190, resonance: 0.6, level: 0.4 }],
      direct: 0.75,
    },
  },
  timpani,
]

const ensembles: readonly Instrument[] = [
  section(0.09, 0.32),
  section(0.22, 0.55, { brightness: { base: 0, velocity: 0.4 } }),
  {
    patch: {
      kind: 'wave',
      layers: [{ wave: waves.saw, level: 0.6, voices: 3, spreadCents: 10, width: 0.8 }],
      envelope: shape(0.08, 1, 0.9, 0.4),
      filter: { mode: 'low', hz: 2_200, keyTrack: 0.4, resonance: 0.08, velocityOctaves: 1.2 },
    },
    amplifier: [ensemble(0.45, 0.6, 0.6)],
  },
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.saw, level: 0.5, voices: 3, spreadCents: 14, width: 0.9 },
        { wave: waves.pulse(0.3), level: 0.35, ratio: 0.5 },
      ],
      envelope: shape(0.25, 1, 0.9, 0.6),
      filter: {
        mode: 'low',
        hz: 1_300,
        keyTrack: 0.4,
        resonance: 0.15,
        octaves: 1.2,
        envelope: shape(0.5, 1.5, 0.6, 0.6),
        velocityOctaves: 1,
      },
    },
    amplifier: [ensemble(0.5, 0.4, 0.7), effect('phaser', { rate: 0.2, depth: 0.5, feedback: 0.2, mix: 0.3 })],
  },
  choir(waves.aah, 0.13),
  choir(waves.ooh, 0.1),
  {
    patch: {
      kind: 'wave',
      layers: [{ wave: waves.vox, level: 0.7, voices: 2, spreadCents: 7, width: 0.6 }],
      envelope: shape(0.04, 0.6, 0.85, 0.25),
      filter: {
        mode: 'low',
        hz: 2_800,
        keyTrack: 0.3,
        resonance: 0.2,
        octaves: 0.8,
        envelope: shape(0.12, 0.6, 0.4, 0.3),
        velocityOctaves: 1.2,
      },
    },
    amplifier: [ensemble(0.4, 0.7, 0.5)],
  },
  hit,
]

const brasses: readonly Instrument[] = [
  brass(waves.trumpet, waves.trumpetBright, 0.028),
  brass(waves.trombone, waves.tromboneBright, 0.04),
  brass(waves.tuba, waves.tubaBright, 0.05, { vibrato: { hz: 4.8, cents: 3, delaySec: 0.5 } }),
  brass(waves.muted, waves.mutedBright, 0.025),
  brass(waves.frenchHorn, waves.frenchHornBright, 0.06, { scoop: { cents: -25, fall: 0.12 } }),
  {
    ...brass(waves.trumpet, waves.trumpetBright, 0.03, {
      layers: [
        { wave: waves.trumpet, bright: waves.trumpetBright, level: 0.6, voices: 3, spreadCents: 9, width: 0.7 },
        { wave: waves.trombone, bright: waves.tromboneBright, level: 0.4, cents: -4, pan: -0.3 },
      ],
    }),
    amplifier: [ensemble(0.2, 0.6, 0.3)],
  },
  {
    patch: {
      kind: 'wave',
      layers: [{ wave: waves.saw, level: 0.6, voices: 3, spreadCents: 9, width: 0.7 }],
      envelope: shape(0.03, 0.7, 0.8, 0.18),
      filter: {
        mode: 'low',
        hz: 620,
        keyTrack: 0.5,
        resonance: 0.12,
        octaves: 2.6,
        envelope: shape(0.06, 0.9, 0.5, 0.2),
        velocityOctaves: 1.8,
      },
    },
    amplifier: [ensemble(0.25)],
  },
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.saw, level: 0.5, voices: 2, spreadCents: 7, width: 0.5 },
        { wave: waves.square, level: 0.25, ratio: 0.5 },
      ],
      envelope: shape(0.07, 0.9, 0.85, 0.3),
      filter: {
        mode: 'low',
        hz: 480,
        keyTrack: 0.5,
        resonance: 0.2,
        octaves: 2,
        envelope: shape(0.16, 1.2, 0.6, 0.3),
        velocityOctaves: 1.4,
      },
    },
    amplifier: [ensemble(0.4, 0.45, 0.5)],
  },
]

const reeds: readonly Instrument[] = [
  reed(waves.sopranoSax, waves.altoSaxBright, 0.035),
  reed(waves.altoSax, waves.altoSaxBright, 0.045),
  reed(waves.tenorSax, waves.tenorSaxBright, 0.055),
  reed(waves.baritoneSax, waves.tenorSaxBright, 0.05),
  reed(waves.oboe, waves.oboeBright, 0.014),
  reed(waves.englishHorn, waves.oboe, 0.016),
  reed(waves.bassoon, waves.baritoneSax, 0.02, { scoop: { cents: -12, fall: 0.06 } }),
  reed(waves.clarinet, waves.clarinetBright, 0.02, {
    vibrato: { hz: 5, cents: 3, delaySec: 0.4 },
    scoop: { cents: -10, fall: 0.05 },
  }),
]

const pipesOf: readonly Instrument[] = [
  pipe(waves.flute, waves.fluteBright, 0.04, {
    envelope: shape(0.02, 0.3, 0.92, 0.06),
    brightness: { base: 0.5, velocity: 0.5 },
  }),
  pipe(waves.flute, waves.fluteBright, 0.13),
  pipe(waves.pan, waves.fluteBright, 0.05, {
    vibrato: { hz: 4.6, cents: 4, delaySec: 0.3 },
    envelope: shape(0.022, 0.3, 0.92, 0.06),
  }),
  pipe(waves.pan, waves.flute, 0.26, { envelope: shape(0.03, 0.35, 0.7, 0.14) }),
  pipe(waves.sine, waves.pan, 0.34, {
    vibrato: { hz: 4.2, cents: 3, delaySec: 0.4 },
    envelope: shape(0.06, 0.4, 0.75, 0.12),
  }),
  pipe(waves.flute, waves.fluteBright, 0.34, {
    scoop: { cents: -90, fall: 0.2 },
    vibrato: { hz: 4.8, cents: 22, delaySec: 0.45 },
  }),
  pipe(waves.sine, waves.pan, 0.03, { vibrato: { hz: 6.2, cents: 16, delaySec: 0.12 }, transpose: 12 }),
  pipe(waves.pan, waves.flute, 0.07, {
    envelope: shape(0.05, 0.4, 0.92, 0.09),
    vibrato: { hz: 4.6, cents: 6, delaySec: 0.3 },
  }),
]

export const orchestra: readonly Instrument[] = [...strings, ...ensembles, ...brasses, ...reeds, ...pipesOf]
