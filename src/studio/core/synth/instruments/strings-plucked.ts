// Programs 24-39: guitars and basses.

import { effect, ensemble, type Instrument, shape } from './patch.ts'
import * as waves from './waves.ts'
import type { PluckPatch, Resonance } from '../voices/pluck-voice.ts'

const wooden: readonly Resonance[] = [
  { hz: 104, resonance: 0.86, level: 0.55 },
  { hz: 205, resonance: 0.88, level: 0.6 },
  { hz: 410, resonance: 0.7, level: 0.3 },
]
const electric: readonly Resonance[] = [{ hz: 2_300, resonance: 0.45, level: 0.4 }]

const guitar = (over: Partial<PluckPatch>): PluckPatch => ({
  kind: 'pluck',
  level: 0.9,
  fall: 4,
  sustainOfHighs: 0.82,
  softHz: 1_400,
  hardHz: 6_500,
  place: 0.18,
  release: 0.12,
  body: wooden,
  direct: 0.62,
  ...over,
})

/** A loudspeaker of a guitar amplifier: little below 90 Hz, a bump at 2.7 kHz, little above 6. */
const cabinet = [
  effect('eq', { low: -4, lowFrequency: 110, mid: 6, midFrequency: 2_700, high: -4, highFrequency: 6_000 }),
  effect('filter', { mode: 0, cutoff: 6_400, resonance: 0.12 }),
]

const bassGuitar = (over: Partial<PluckPatch>): PluckPatch => ({
  kind: 'pluck',
  level: 0.95,
  fall: 2.6,
  sustainOfHighs: 0.62,
  softHz: 380,
  hardHz: 1_500,
  place: 0.22,
  release: 0.09,
  body: [{ hz: 95, resonance: 0.5, level: 0.5 }],
  direct: 0.85,
  glideSec: 0.05,
  velocityCurve: 1.35,
  ...over,
})

/** Evens out the strings of a bass and rounds it off. */
const bassAmplifier = [
  effect('compressor', { threshold: -20, ratio: 3, attack: 14, release: 160, makeup: 4 }),
  effect('eq', { low: 2.5, lowFrequency: 90, mid: 1.5, midFrequency: 800, high: -4, highFrequency: 4_500 }),
]

const steelBody: readonly Resonance[] = [
  { hz: 112, resonance: 0.85, level: 0.45 },
  { hz: 225, resonance: 0.85, level: 0.45 },
  { hz: 2_800, resonance: 0.3, level: 0.25 },
]

export const guitars: readonly Instrument[] = [
  { patch: guitar({ fall: 3.4, sustainOfHighs: 0.72, softHz: 1_000, hardHz: 3_600, place: 0.24 }) },
  {
    patch: guitar({
      fall: 5,
      sustainOfHighs: 0.9,
      softHz: 2_000,
      hardHz: 7_500,
      place: 0.17,
      body: steelBody,
      direct: 0.75,
    }),
  },
  {
    patch: guitar({
      fall: 4.2,
      sustainOfHighs: 0.6,
      softHz: 700,
      hardHz: 2_200,
      place: 0.3,
      body: electric,
      direct: 0.85,
    }),
    amplifier: [effect('eq', { low: 1, mid: 2, midFrequency: 500, high: -6, highFrequency: 3_500 })],
  },
  {
    patch: guitar({
      fall: 6,
      sustainOfHighs: 0.9,
      softHz: 2_000,
      hardHz: 7_500,
      place: 0.12,
      body: electric,
      direct: 0.8,
    }),
    amplifier: [
      effect('compressor', { threshold: -22, ratio: 3, attack: 8, release: 150, makeup: 4 }),
      ensemble(0.22, 0.6, 0.3),
    ],
  },
  {
    patch: guitar({
      fall: 0.22,
      sustainOfHighs: 0.55,
      softHz: 1_200,
      hardHz: 4_500,
      place: 0.1,
      body: electric,
      direct: 0.9,
      release: 0.05,
    }),
    amplifier: [effect('compressor', { threshold: -20, ratio: 2.5, attack: 10, release: 90, makeup: 3 })],
  },
  {
    patch: guitar({
      fall: 7,
      sustainOfHighs: 0.85,
      softHz: 2_000,
      hardHz: 6_000,
      place: 0.13,
      body: [],
      direct: 1,
      release: 0.09,
    }),
    amplifier: [effect('overdrive', { drive: 0.75, tone: 0.8, level: 0.8 }), ...cabinet],
  },
  {
    patch: guitar({
      fall: 9,
      sustainOfHighs: 0.88,
      softHz: 2_500,
      hardHz: 7_000,
      place: 0.12,
      body: [],
      direct: 1,
      release: 0.08,
    }),
    amplifier: [effect('distortion', { drive: 0.6, tone: 0.78, level: 0.8 }), ...cabinet],
  },
  {
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.sine, level: 0.8, fall: 5 },
        { wave: waves.sine, ratio: 2, level: 0.16, fall: 3 },
        { wave: waves.sine, ratio: 3, level: 0.1, fall: 2 },
      ],
      transpose: 12,
      envelope: shape(0.002, 20, 0, 0.35),
      breath: { level: 0.08, hz: 3_500, fall: 0.03, hold: 0 },
    },
  },
  {
    // Upright bass: a dark gut string, a big body and the finger's thump.
    patch: bassGuitar({
      fall: 1.9,
      sustainOfHighs: 0.42,
      softHz: 320,
      hardHz: 1_100,
      place: 0.3,
      release: 0.13,
      body: [
        { hz: 72, resonance: 0.6, level: 0.5 },
        { hz: 118, resonance: 0.75, level: 0.6 },
        { hz: 610, resonance: 0.5, level: 0.25 },
      ],
      direct: 0.6,
    }),
    amplifier: [effect('compressor', { threshold: -22, ratio: 2.5, attack: 18, release: 180, makeup: 4 })],
  },
  { patch: bassGuitar({}), amplifier: bassAmplifier },
  {
    patch: bassGuitar({ sustainOfHighs: 0.76, softHz: 700, hardHz: 2_400, place: 0.14, fall: 3 }),
    amplifier: bassAmplifier,
  },
  {
    // Fretless: a singing string with a slow rise and a long slide.
    patch: bassGuitar({
      sustainOfHighs: 0.55,
      softHz: 420,
      hardHz: 1_300,
      place: 0.3,
      fall: 5,
      glideSec: 0.13,
      body: [{ hz: 420, resonance: 0.6, level: 0.6 }],
    }),
    amplifier: [...bassAmplifier, ensemble(0.25, 0.5, 0.35)],
  },
  {
    patch: bassGuitar({
      sustainOfHighs: 0.8,
      softHz: 1_300,
      hardHz: 4_800,
      place: 0.13,
      fall: 2.2,
      body: [{ hz: 1_700, resonance: 0.4, level: 0.35 }],
    }),
    amplifier: [
      effect('compressor', { threshold: -22, ratio: 4, attack: 5, release: 110, makeup: 5 }),
      effect('eq', { low: 4, mid: -4, midFrequency: 600, high: 3, highFrequency: 4_000 }),
    ],
  },
  {
    patch: bassGuitar({
      sustainOfHighs: 0.78,
      softHz: 1_100,
      hardHz: 4_000,
      place: 0.1,
      fall: 1.8,
      body: [{ hz: 1_100, resonance: 0.5, level: 0.45 }],
    }),
    amplifier: [effect('compressor', { threshold: -20, ratio: 4, attack: 4, release: 100, makeup: 5 })],
  },
  {
    // Synthetic bass: a saw and a square an octave down through a filter that snaps shut.
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.saw, level: 0.55, voices: 2, spreadCents: 5 },
        { wave: waves.square, ratio: 0.5, level: 0.3 },
        { wave: waves.sine, level: 0.3 },
      ],
      envelope: shape(0.002, 0.9, 0.72, 0.07),
      filter: {
        mode: 'low',
        hz: 420,
        keyTrack: 0.4,
        resonance: 0.42,
        octaves: 2.6,
        envelope: shape(0.0005, 0.42, 0.12, 0.1),
        velocityOctaves: 1.6,
      },
      glideSec: 0.05,
      velocityCurve: 1.3,
    },
  },
  {
    // The 808: a sine that starts high, drops at once and rings, warmed up so that small speakers show it.
    patch: {
      kind: 'wave',
      layers: [
        { wave: waves.sine, level: 0.95 },
        { wave: waves.listed('808', [0, 0.5, 0.26, 0.1, 0.05]), level: 0.16, fall: 1.3 },
      ],
      envelope: shape(0.0025, 4.5, 0.25, 0.09),
      scoop: { cents: 1_400, fall: 0.07 },
      breath: { level: 0.05, hz: 1_800, fall: 0.014, hold: 0 },
      glideSec: 0.09,
      velocityCurve: 1.2,
    },
    amplifier: [effect('overdrive', { drive: 0.22, tone: 0.35, level: 0.9 })],
  },
]
