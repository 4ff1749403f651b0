// Programs 80-103: leads, pads and effects of synthesisers.

import { effect, ensemble, type Instrument, shape } from './patch.ts'
import * as waves from './waves.ts'
import type { WavePatch } from '../voices/wave-voice.ts'

type Over = Partial<WavePatch>

const lead = (over: Over, amplifier: Instrument['amplifier'] = []): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave: waves.saw, level: 0.7 }],
    envelope: shape(0.005, 0.8, 0.82, 0.09),
    filter: {
      mode: 'low',
      hz: 2_400,
      keyTrack: 0.6,
      resonance: 0.2,
      octaves: 1.4,
      envelope: shape(0.001, 0.6, 0.35, 0.2),
      velocityOctaves: 1.6,
    },
    vibrato: { hz: 5.6, cents: 8, delaySec: 0.28 },
    glideSec: 0.045,
    velocityCurve: 1.3,
    ...over,
  },
  ...(amplifier.length > 0 ? { amplifier } : {}),
})

const pad = (over: Over, amplifier: Instrument['amplifier'] = [ensemble(0.4, 0.4, 0.6)]): Instrument => ({
  patch: {
    kind: 'wave',
    layers: [{ wave: waves.saw, level: 0.6, voices: 3, spreadCents: 12, width: 0.9 }],
    envelope: shape(0.35, 2, 0.9, 1),
    filter: {
      mode: 'low',
      hz: 1_200,
      keyTrack: 0.35,
      resonance: 0.12,
      velocityOctaves: 1.2,
      lfo: { hz: 0.13, octaves: 0.35 },
    },
    velocityCurve: 1.3,
    ...over,
  },
  amplifier,
})

const leads: readonly Instrument[] = [
  lead({
    layers: [{ wave: waves.square, level: 0.6 }],
    filter: { mode: 'low', hz: 3_800, keyTrack: 0.6, resonance: 0.1, velocityOctaves: 1.2 },
  }),
  lead({ layers: [{ wave: waves.saw, level: 0.55, voices: 3, spreadCents: 9, width: 0.5 }] }),
  // Calliope: steam pipes.
  lead({
    layers: [{ wave: waves.flute, bright: waves.fluteBright, level: 0.8 }],
    brightness: { base: 0.4, velocity: 0.4 },
    envelope: shape(0.02, 0.3, 0.9, 0.07),
    filter: { mode: 'low', hz: 5_000, keyTrack: 0.5, resonance: 0 },
    breath: { level: 0.14, hz: 2_200, keyTrack: 0.6, fall: 0.08, hold: 0.4 },
  }),
  lead({
    layers: [
      { wave: waves.square, level: 0.5 },
      { wave: waves.triangle, level: 0.4, ratio: 2 },
    ],
    envelope: shape(0.001, 0.35, 0.5, 0.06),
    filter: {
      mode: 'low',
      hz: 3_000,
      keyTrack: 0.5,
      resonance: 0.1,
      octaves: 1,
      envelope: shape(0.001, 0.12, 0, 0.05),
      velocityOctaves: 1,
    },
    breath: { level: 0.3, hz: 2_800, fall: 0.025, hold: 0 },
  }),
  lead(
    {
      layers: [{ wave: waves.saw, level: 0.65 }],
      filter: {
        mode: 'low',
        hz: 1_900,
        keyTrack: 0.6,
        resonance: 0.4,
        octaves: 1.8,
        envelope: shape(0.001, 0.5, 0.4, 0.1),
        velocityOctaves: 1.6,
      },
    },
    [effect('overdrive', { drive: 0.6, tone: 0.6, level: 0.8 })],
  ),
  lead({
    layers: [{ wave: waves.aah, level: 0.75, voices: 2, spreadCents: 6, width: 0.4 }],
    envelope: shape(0.035, 0.6, 0.88, 0.14),
    filter: { mode: 'low', hz: 5_000, keyTrack: 0.4, resonance: 0 },
    vibrato: { hz: 5.2, cents: 14, delaySec: 0.25 },
  }),
  lead({
    layers: [
      { wave: waves.saw, level: 0.55, voices: 2, spreadCents: 6, width: 0.4 },
      { wave: waves.saw, level: 0.4, ratio: 1.5, voices: 2, spreadCents: 5, width: 0.4 },
    ],
  }),
  lead({
    layers: [
      { wave: waves.saw, level: 0.5, voices: 2, spreadCents: 8, width: 0.4 },
      { wave: waves.saw, level: 0.45, ratio: 0.5 },
      { wave: waves.square, level: 0.25, ratio: 0.5, cents: 4 },
    ],
    filter: {
      mode: 'low',
      hz: 1_100,
      keyTrack: 0.5,
      resonance: 0.3,
      octaves: 2.2,
      envelope: shape(0.001, 0.45, 0.3, 0.1),
      velocityOctaves: 1.6,
    },
  }),
]

const pads: readonly Instrument[] = [
  // New age: a soft pad with a bell at its start.
  pad({
    layers: [
      { wave: waves.haze, level: 0.55, voices: 3, spreadCents: 8, width: 0.9 },
      { wave: waves.glass, level: 0.3, ratio: 2, fall: 2.2, pan: 0.2 },
    ],
    envelope: shape(0.06, 2, 0.85, 1.1),
    filter: { mode: 'low', hz: 3_200, keyTrack: 0.4, resonance: 0.05, velocityOctaves: 1 },
  }),
  pad({
    layers: [
      { wave: waves.saw, level: 0.5, voices: 3, spreadCents: 9, width: 0.9 },
      { wave: waves.triangle, level: 0.35, ratio: 0.5 },
    ],
    filter: {
      mode: 'low',
      hz: 1_100,
      keyTrack: 0.35,
      resonance: 0.1,
      velocityOctaves: 1,
      lfo: { hz: 0.1, octaves: 0.3 },
    },
  }),
  pad({
    layers: [{ wave: waves.saw, level: 0.55, voices: 5, spreadCents: 15, width: 1 }],
    envelope: shape(0.03, 1.4, 0.8, 0.5),
    filter: {
      mode: 'low',
      hz: 2_400,
      keyTrack: 0.4,
      resonance: 0.15,
      octaves: 1,
      envelope: shape(0.01, 1, 0.4, 0.5),
      velocityOctaves: 1.4,
    },
  }),
  pad({
    layers: [{ wave: waves.ooh, bright: waves.aah, level: 0.75, voices: 3, spreadCents: 12, width: 0.9 }],
    brightness: { base: 0.2, velocity: 0.5 },
    filter: { mode: 'low', hz: 4_200, keyTrack: 0.2, resonance: 0, lfo: { hz: 0.17, octaves: 0.4 } },
  }),
  pad({
    layers: [
      { wave: waves.section, bright: waves.sectionBright, level: 0.6, voices: 3, spreadCents: 7, width: 0.7 },
      { wave: waves.glass, level: 0.25, ratio: 1, fall: 6 },
    ],
    brightness: { base: 0.2, velocity: 0.5 },
    filter: { mode: 'band', hz: 900, keyTrack: 0.5, resonance: 0.1, lfo: { hz: 0.2, octaves: 0.7 } },
  }),
  pad(
    {
      layers: [
        { wave: waves.metalPad, level: 0.55, voices: 3, spreadCents: 10, width: 0.9 },
        { wave: waves.square, level: 0.15, ratio: 2.01 },
      ],
      filter: {
        mode: 'low',
        hz: 2_000,
        keyTrack: 0.4,
        resonance: 0.25,
        lfo: { hz: 0.15, octaves: 0.6 },
        velocityOctaves: 1,
      },
    },
    [ensemble(0.4), effect('phaser', { rate: 0.18, depth: 0.7, feedback: 0.4, mix: 0.4 })],
  ),
  pad({
    layers: [
      { wave: waves.haze, level: 0.6, voices: 3, spreadCents: 11, width: 1 },
      { wave: waves.sine, level: 0.25, ratio: 2, voices: 2, spreadCents: 6, width: 1 },
    ],
    envelope: shape(0.6, 2, 0.95, 1.6),
    filter: {
      mode: 'low',
      hz: 1_700,
      keyTrack: 0.4,
      resonance: 0.05,
      velocityOctaves: 0.8,
      lfo: { hz: 0.09, octaves: 0.5 },
    },
  }),
  pad(
    {
      layers: [{ wave: waves.saw, level: 0.55, voices: 3, spreadCents: 13, width: 1 }],
      envelope: shape(0.4, 2, 0.9, 1.1),
      filter: {
        mode: 'low',
        hz: 480,
        keyTrack: 0.35,
        resonance: 0.45,
        octaves: 3.2,
        envelope: shape(2.2, 3, 0.35, 1),
        velocityOctaves: 0.8,
      },
    },
    [ensemble(0.4)],
  ),
]

const effects: readonly Instrument[] = [
  // Rain: glass drops.
  pad(
    {
      layers: [
        { wave: waves.glass, level: 0.5, fall: 1.4, ratio: 2 },
        { wave: waves.glass, level: 0.3, fall: 0.9, ratio: 3.01, pan: 0.5 },
        { wave: waves.haze, level: 0.25, voices: 2, spreadCents: 9, width: 1 },
      ],
      envelope: shape(0.01, 4, 0.4, 0.9),
      filter: { mode: 'low', hz: 5_000, keyTrack: 0.3, resonance: 0.1 },
    },
    [effect('delay', { beats: 0.5, feedback: 0.45, spread: 1, mix: 0.3 })],
  ),
  pad({
    layers: [
      { wave: waves.saw, level: 0.5, voices: 3, spreadCents: 6, width: 0.9 },
      { wave: waves.saw, level: 0.35, ratio: 1.5, voices: 2, spreadCents: 6, width: 0.9 },
    ],
    filter: { mode: 'low', hz: 900, keyTrack: 0.35, resonance: 0.3, lfo: { hz: 0.24, octaves: 0.9 } },
  }),
  // Crystal: struck glass.
  {
    patch: {
      kind: 'fm',
      pairs: [
        {
          carrier: 1,
          modulator: 3.5,
          level: 0.42,
          depth: 0.3,
          depthHold: 0.05,
          depthFall: 1.6,
          depthVelocity: 1,
          fall: 3.4,
        },
        {
          carrier: 2,
          modulator: 7.02,
          level: 0.25,
          depth: 0.22,
          depthHold: 0,
          depthFall: 1,
          depthVelocity: 1,
          fall: 2.2,
          pan: 0.35,
        },
        {
          carrier: 4.01,
          modulator: 5.3,
          level: 0.12,
          depth: 0.15,
          depthHold: 0,
          depthFall: 0.7,
          depthVelocity: 1,
          fall: 1.4,
          pan: -0.35,
        },
      ],
      envelope: shape(0.0005, 16, 0, 0.9),
    },
    amplifier: [ensemble(0.35)],
  },
  pad({
    layers: [
      { wave: waves.haze, level: 0.5, voices: 3, spreadCents: 10, width: 1 },
      { wave: waves.hollow, level: 0.3, ratio: 0.5 },
    ],
    envelope: shape(0.8, 3, 0.9, 1.4),
    breath: { level: 0.09, hz: 900, keyTrack: 0.7, resonance: 0.7, fall: 3, hold: 0.6 },
  }),
  pad({
    layers: [
      { wave: waves.saw, level: 0.35, voices: 3, spreadCents: 9, width: 1 },
      { wave: waves.glass, level: 0.4, ratio: 2, fall: 3.5 },
    ],
    envelope: shape(0.02, 2, 0.7, 0.9),
    filter: { mode: 'low', hz: 3_200, keyTrack: 0.4, resonance: 0.1, velocityOctaves: 1 },
  }),
  pad({
    layers: [{ wave: waves.mmm, bright: waves.ooh, level: 0.7, voices: 3, spreadCents: 22, width: 1 }],
    brightness: { base: 0.3, velocity: 0.4 },
    envelope: shape(0.5, 2, 0.9, 1.2),
    filter: { mode: 'low', hz: 2_600, keyTrack: 0.2, resonance: 0.35, lfo: { hz: 0.31, octaves: 0.8 } },
  }),
  pad(
    {
      layers: [{ wave: waves.haze, level: 0.55, voices: 3, spreadCents: 8, width: 1 }],
      envelope: shape(0.02, 1.6, 0.5, 1),
      filter: { mode: 'low', hz: 2_400, keyTrack: 0.4, resonance: 0.15 },
    },
    [effect('delay', { beats: 0.75, feedback: 0.55, spread: 1, mix: 0.42 })],
  ),
  pad(
    {
      layers: [
        { wave: waves.pulse(0.18), level: 0.5, voices: 2, spreadCents: 6, width: 0.8 },
        { wave: waves.saw, level: 0.3, ratio: 2, cents: 5 },
      ],
      envelope: shape(0.004, 1.2, 0.6, 0.5),
      filter: {
        mode: 'band',
        hz: 1_400,
        keyTrack: 0.5,
        resonance: 0.55,
        octaves: 1.6,
        envelope: shape(0.001, 0.7, 0.2, 0.3),
        lfo: { hz: 0.4, octaves: 0.5 },
      },
    },
    [effect('flanger', { rate: 0.2, depth: 0.6, feedback: 0.4, mix: 0.4 })],
  ),
]

export const synthetic: readonly Instrument[] = [...leads, ...pads, ...effects]
