// The kits: which sound each General MIDI drum key has, how loud, where in the stereo field, and what silences
// it. Keys 35 to 81 are the standard's; 27 to 34 and 82 to 87 are its common extension.

import type { DrumKit } from '../score.ts'
import { cowbell, cymbal, hat, jingles, machineHat, scrape, shaker, whistle } from './metal.ts'
import { brush, clap, kick, type Maker, snare, struck, tom, type TomShape } from './pieces.ts'

export interface Piece {
  readonly make: Maker
  readonly gainDb: number
  /** -1 left, 1 right, as the audience sees the kit. */
  readonly pan: number
  /** Hits of one group silence each other. */
  readonly choke?: 'hat' | 'whistle' | 'guiro' | 'cuica' | 'triangle'
  /** Different takes of a hit, so that repeats do not sound like a machine; 1 for machines. */
  readonly takes: number
}

type Kit = Readonly<Record<number, Piece>>

const piece = (make: Maker, gainDb: number, pan = 0, extra: Partial<Piece> = {}): Piece => ({
  make,
  gainDb,
  pan,
  takes: 1,
  ...extra,
})
const acoustic = (make: Maker, gainDb: number, pan = 0, extra: Partial<Piece> = {}): Piece =>
  piece(make, gainDb, pan, { takes: 3, ...extra })

/** Six toms on their keys, high to low, panned across. */
function toms(hz: readonly number[], shape: TomShape, gainDb: number, takes: number): Kit {
  const keys = [50, 48, 47, 45, 43, 41]
  const pans = [0.3, 0.18, 0.05, -0.12, -0.28, -0.4]
  return Object.fromEntries(
    keys.map((key, i) => [key, piece(tom(hz[i] as number, shape), gainDb, pans[i] as number, { takes })]),
  )
}

const conga = (hz: number, fall: number, slap: number): Maker =>
  struck({
    tones: [
      [hz, 1, fall],
      [hz * 1.52, 0.35, fall * 0.5],
      [hz * 2.31, 0.22, fall * 0.3],
    ],
    noise: slap,
    noiseHz: [700, 5_500],
    noiseFall: 0.025,
    sweep: 1.06,
    sweepSec: 0.05,
  })

const bell = (hz: number, fall: number): Maker =>
  struck({
    tones: [
      [hz, 1, fall],
      [hz * 2.73, 0.6, fall * 0.6],
      [hz * 4.41, 0.35, fall * 0.35],
      [hz * 6.2, 0.2, fall * 0.2],
    ],
    noise: 0.2,
    noiseHz: [3_000, 11_000],
    noiseFall: 0.012,
  })

const wood = (hz: number, fall = 0.09): Maker =>
  struck({
    tones: [
      [hz, 1, fall],
      [hz * 2.58, 0.35, fall * 0.5],
    ],
    noise: 0.35,
    noiseHz: [1_000, 6_000],
    noiseFall: 0.01,
  })

const triangle = (fall: number): Maker =>
  struck({
    tones: [
      [4_120, 0.5, fall],
      [5_930, 0.8, fall * 0.9],
      [8_210, 0.5, fall * 0.7],
      [11_300, 0.35, fall * 0.5],
      [13_050, 0.2, fall * 0.4],
    ],
    noise: 0.2,
    noiseHz: [5_000, 14_000],
    noiseFall: 0.01,
  })

const cuica = (hz: number, end: number, fall: number): Maker =>
  struck({
    tones: [
      [end, 1, fall],
      [end * 2, 0.3, fall],
    ],
    noise: 0.1,
    noiseHz: [600, 3_000],
    noiseFall: fall,
    sweep: hz / end,
    sweepSec: fall * 0.7,
  })

/** Hand percussion and effects: the same for every kit. */
const percussion: Kit = {
  27: piece(whistle(1_900, 0.08, 40), -14),
  28: acoustic(brush(0.12), -8),
  29: piece(scrape(9, 0.16, 900, 4_500), -12),
  30: piece(scrape(7, 0.12, 1_200, 6_000), -12),
  31: acoustic(wood(1_150, 0.05), -9),
  32: piece(wood(2_400, 0.03), -12),
  33: piece(wood(1_700, 0.04), -11),
  34: piece(bell(2_300, 0.5), -14),
  54: acoustic(jingles(0.28), -12, -0.25),
  56: piece(cowbell(562, 845, 0.32), -11, 0.2),
  58: piece(scrape(22, 0.7, 500, 2_600), -12, -0.2),
  60: acoustic(conga(415, 0.16, 0.45), -8, 0.25),
  61: acoustic(conga(300, 0.2, 0.35), -8, 0.32),
  62: acoustic(conga(262, 0.1, 0.8), -8, -0.2),
  63: acoustic(conga(218, 0.34, 0.3), -7, -0.2),
  64: acoustic(conga(164, 0.4, 0.25), -6, -0.3),
  65: acoustic(tom(330, { fall: 0.34, sweep: 1.12, sweepSec: 0.05, stick: 0.6, second: 0.6 }), -8, 0.3),
  66: acoustic(tom(228, { fall: 0.4, sweep: 1.12, sweepSec: 0.05, stick: 0.5, second: 0.55 }), -8, 0.35),
  67: piece(bell(905, 0.35), -14, -0.3),
  68: piece(bell(672, 0.4), -14, -0.36),
  69: acoustic(shaker(4_200, 11_500, 0.012, 0.075), -14, 0.3),
  70: acoustic(shaker(5_200, 12_500, 0.006, 0.05), -14, 0.26),
  71: piece(whistle(2_350, 0.14, 32), -15, 0.1, { choke: 'whistle' }),
  72: piece(whistle(2_250, 0.42, 34), -15, 0.1, { choke: 'whistle' }),
  73: piece(scrape(8, 0.09, 1_400, 6_500), -12, -0.22, { choke: 'guiro' }),
  74: piece(scrape(24, 0.36, 1_200, 5_500), -12, -0.22, { choke: 'guiro' }),
  75: piece(wood(2_480, 0.08), -10, 0.15),
  76: piece(wood(1_020, 0.09), -10, 0.22),
  77: piece(wood(760, 0.1), -10, 0.24),
  78: piece(cuica(520, 720, 0.2), -11, -0.15, { choke: 'cuica' }),
  79: piece(cuica(640, 330, 0.3), -11, -0.15, { choke: 'cuica' }),
  80: piece(triangle(0.14), -17, 0.34, { choke: 'triangle' }),
  81: piece(triangle(1.5), -17, 0.34, { choke: 'triangle' }),
  82: acoustic(shaker(4_800, 12_000, 0.022, 0.06), -14, -0.28),
  83: piece(jingles(0.55), -15, 0.2),
  84: piece(bell(3_100, 1.3), -17, -0.2),
  85: acoustic(wood(1_480, 0.06), -11, 0.1),
  86: acoustic(tom(88, { fall: 0.25, sweep: 1.15, sweepSec: 0.05, stick: 0.2, second: 0.35 }), -6),
  87: acoustic(tom(74, { fall: 0.9, sweep: 1.12, sweepSec: 0.06, stick: 0.15, second: 0.35 }), -5),
}

const acousticTom: TomShape = { fall: 0.62, sweep: 1.22, sweepSec: 0.07, stick: 0.4, second: 0.4 }
const crash = (seconds: number, lowHz: number): Maker =>
  cymbal({ fall: seconds, lowHz, wash: 0.8, partials: 84, peakHz: 4_300, slopeDb: 5, tip: 0.3 })
const ride = (fall: number, lowHz: number, bells: readonly number[]): Maker =>
  cymbal({ fall, lowHz, wash: 0.22, partials: 60, peakHz: 3_400, slopeDb: 3.5, tip: 0.9, bell: bells })

const acousticKit: Kit = {
  ...percussion,
  ...toms([208, 172, 146, 122, 101, 84], acousticTom, -5.5, 2),
  35: acoustic(
    kick({ hz: 48, sweep: 2.4, sweepSec: 0.05, fall: 0.42, click: 1.3, clickHz: 2_600, drive: 1.5, shell: 0.28 }),
    -2.5,
  ),
  36: acoustic(
    kick({ hz: 52, sweep: 2.6, sweepSec: 0.045, fall: 0.34, click: 1.8, clickHz: 3_100, drive: 1.6, shell: 0.3 }),
    -2.5,
  ),
  37: acoustic(
    struck({
      tones: [
        [455, 0.5, 0.05],
        [1_720, 1, 0.045],
        [2_560, 0.5, 0.03],
      ],
      noise: 0.6,
      noiseHz: [900, 7_000],
      noiseFall: 0.012,
    }),
    -8,
    0.05,
  ),
  38: acoustic(
    snare({
      hz: [184, 331],
      bodyFall: 0.17,
      body: 1,
      wires: 0.9,
      wiresFall: 0.38,
      wiresHz: [1_700, 8_500],
      crack: 0.6,
      ring: 0.14,
      drive: 1.5,
    }),
    -1.5,
  ),
  39: acoustic(clap(1_250, 0.26), -5, 0.06),
  40: acoustic(
    snare({
      hz: [212, 378],
      bodyFall: 0.13,
      body: 0.8,
      wires: 1.04,
      wiresFall: 0.32,
      wiresHz: [2_000, 9_500],
      crack: 0.8,
      ring: 0.2,
      drive: 1.8,
    }),
    -3,
  ),
  42: acoustic(hat({ fall: 0.15, floorHz: 5_000, peakHz: 7_800, noise: 0.5, metal: 1 }), -10.5, 0.28, {
    choke: 'hat',
    takes: 4,
  }),
  44: acoustic(
    hat({ fall: 0.11, floorHz: 4_400, peakHz: 6_800, noise: 0.3, metal: 1, attackSec: 0.003 }),
    -14.5,
    0.28,
    {
      choke: 'hat',
    },
  ),
  46: acoustic(hat({ fall: 0.95, floorHz: 4_400, peakHz: 7_200, noise: 0.45, metal: 1 }), -11.5, 0.28, {
    choke: 'hat',
    takes: 2,
  }),
  49: acoustic(crash(2.8, 420), -6, -0.35, { takes: 2 }),
  51: acoustic(ride(2.1, 520, [1_180, 2_730]), -9, 0.36, { takes: 2 }),
  52: acoustic(
    cymbal({ fall: 1.5, lowHz: 360, wash: 1, partials: 90, peakHz: 2_600, slopeDb: 3, tip: 0.5 }),
    -11,
    0.42,
  ),
  53: acoustic(ride(1.8, 760, [946, 2_410, 3_870]), -8.5, 0.36),
  55: acoustic(crash(1.1, 900), -7.5, -0.2),
  57: acoustic(crash(2.5, 560), -6, 0.35, { takes: 2 }),
  59: acoustic(ride(1.9, 640, [1_390, 3_160]), -9, 0.3, { takes: 2 }),
}

const electronicTom: TomShape = { fall: 0.5, sweep: 1.7, sweepSec: 0.12, stick: 0.3, second: 0.18 }

const kit909: Kit = {
  ...acousticKit,
  ...toms([236, 196, 164, 138, 112, 92], electronicTom, -5, 1),
  35: piece(
    kick({ hz: 47, sweep: 5.4, sweepSec: 0.075, fall: 0.5, click: 0.8, clickHz: 3_400, drive: 2.2, shell: 0 }),
    -4,
  ),
  36: piece(
    kick({ hz: 52, sweep: 5.2, sweepSec: 0.062, fall: 0.4, click: 1.4, clickHz: 3_900, drive: 2.4, shell: 0 }),
    -4,
  ),
  37: piece(
    struck({
      tones: [
        [520, 0.7, 0.025],
        [1_110, 0.9, 0.02],
        [2_240, 0.4, 0.015],
      ],
      noise: 0.3,
      noiseHz: [1_500, 8_000],
      noiseFall: 0.01,
    }),
    -7,
  ),
  38: piece(
    snare({
      hz: [186, 336],
      bodyFall: 0.11,
      body: 1.15,
      wires: 1.23,
      wiresFall: 0.34,
      wiresHz: [2_200, 10_500],
      crack: 0.5,
      ring: 0,
      drive: 2,
    }),
    -3,
  ),
  39: piece(clap(1_120, 0.17), -4.5),
  40: piece(
    snare({
      hz: [228, 402],
      bodyFall: 0.09,
      body: 0.7,
      wires: 1.38,
      wiresFall: 0.24,
      wiresHz: [2_600, 11_500],
      crack: 0.7,
      ring: 0,
      drive: 2.4,
    }),
    -3.5,
  ),
  42: piece(hat({ fall: 0.11, floorHz: 6_200, peakHz: 8_600, noise: 0.85, metal: 0.8 }), -8.5, 0.1, { choke: 'hat' }),
  44: piece(hat({ fall: 0.08, floorHz: 6_000, peakHz: 8_400, noise: 0.6, metal: 0.8 }), -10, 0.1, { choke: 'hat' }),
  46: piece(hat({ fall: 0.6, floorHz: 5_600, peakHz: 8_200, noise: 0.8, metal: 0.9 }), -9, 0.1, { choke: 'hat' }),
  49: piece(crash(2.1, 700), -7, -0.2),
  51: piece(ride(1.5, 900, [1_610]), -9.5, 0.2),
}

const machineTom: TomShape = { fall: 0.55, sweep: 1.3, sweepSec: 0.14, stick: 0.08, second: 0 }

const kit808: Kit = {
  ...acousticKit,
  ...toms([186, 156, 132, 112, 94, 78], machineTom, -4.5, 1),
  35: piece(
    kick({ hz: 46, sweep: 2.2, sweepSec: 0.05, fall: 1.5, click: 0.2, clickHz: 1_600, drive: 1.2, shell: 0 }),
    -4,
  ),
  36: piece(
    kick({ hz: 51, sweep: 2.5, sweepSec: 0.045, fall: 0.85, click: 0.3, clickHz: 2_000, drive: 1.4, shell: 0 }),
    -4,
  ),
  37: piece(
    struck({
      tones: [
        [1_670, 1, 0.03],
        [455, 0.5, 0.022],
      ],
      noise: 0.08,
      noiseHz: [2_000, 8_000],
      noiseFall: 0.01,
    }),
    -8,
  ),
  38: piece(
    snare({
      hz: [178, 330],
      bodyFall: 0.13,
      body: 0.9,
      wires: 0.8,
      wiresFall: 0.26,
      wiresHz: [2_800, 11_000],
      crack: 0.3,
      ring: 0,
      drive: 1.2,
    }),
    -3.5,
  ),
  39: piece(clap(1_020, 0.24), -4.5),
  40: piece(
    snare({
      hz: [238, 420],
      bodyFall: 0.09,
      body: 0.75,
      wires: 1.16,
      wiresFall: 0.18,
      wiresHz: [3_000, 12_000],
      crack: 0.5,
      ring: 0,
      drive: 1.5,
    }),
    -4,
  ),
  42: piece(machineHat(0.11, 7_200), -6, 0.08, { choke: 'hat' }),
  44: piece(machineHat(0.08, 7_000), -7.5, 0.08, { choke: 'hat' }),
  46: piece(machineHat(0.5, 7_200), -7, 0.08, { choke: 'hat' }),
  49: piece(machineHat(1.8, 4_200), -13, -0.15),
  51: piece(machineHat(0.9, 5_200), -15, 0.2),
  56: piece(cowbell(540, 800, 0.4), -10),
  57: piece(machineHat(1.4, 4_800), -13, 0.15),
  62: piece(
    struck({ tones: [[372, 1, 0.12]], noise: 0, noiseHz: [500, 900], noiseFall: 0.01, sweep: 1.05 }),
    -7,
    -0.15,
  ),
  63: piece(struck({ tones: [[278, 1, 0.2]], noise: 0, noiseHz: [500, 900], noiseFall: 0.01, sweep: 1.05 }), -7, -0.15),
  64: piece(struck({ tones: [[186, 1, 0.3]], noise: 0, noiseHz: [500, 900], noiseFall: 0.01, sweep: 1.05 }), -6, -0.2),
  70: piece(shaker(6_000, 13_500, 0.004, 0.035), -15, 0.15),
  75: piece(struck({ tones: [[2_500, 1, 0.05]], noise: 0, noiseHz: [3_000, 5_000], noiseFall: 0.01 }), -11),
}

const jazzKit: Kit = {
  ...acousticKit,
  ...toms([232, 196, 168, 142, 118, 98], { ...acousticTom, fall: 0.75, second: 0.5, stick: 0.3 }, -6, 2),
  35: acoustic(
    kick({ hz: 56, sweep: 1.7, sweepSec: 0.04, fall: 0.5, click: 0.16, clickHz: 1_900, drive: 1.1, shell: 0.45 }),
    -4.5,
  ),
  36: acoustic(
    kick({ hz: 60, sweep: 1.7, sweepSec: 0.04, fall: 0.45, click: 0.22, clickHz: 2_200, drive: 1.1, shell: 0.45 }),
    -4.5,
  ),
  38: acoustic(
    snare({
      hz: [206, 362],
      bodyFall: 0.2,
      body: 0.7,
      wires: 0.87,
      wiresFall: 0.42,
      wiresHz: [1_500, 7_500],
      crack: 0.4,
      ring: 0.22,
      drive: 1.1,
    }),
    -4.5,
  ),
  39: acoustic(brush(0.14), -5),
  40: acoustic(brush(0.22), -6),
  42: acoustic(hat({ fall: 0.18, floorHz: 4_400, peakHz: 6_600, noise: 0.35, metal: 1 }), -11.5, 0.3, {
    choke: 'hat',
    takes: 4,
  }),
  51: acoustic(ride(2.6, 430, [980, 2_260]), -8, 0.36, { takes: 3 }),
  59: acoustic(ride(2.3, 520, [1_130, 2_570]), -8, 0.3, { takes: 3 }),
}

export const kits: Readonly<Record<DrumKit, Kit>> = {
  acoustic: acousticKit,
  'TR-909': kit909,
  'TR-808': kit808,
  jazz: jazzKit,
}

/** The piece of a key; keys outside the map borrow the nearest one's, so that no note of a drum track is silent. */
export function pieceOf(kit: DrumKit, key: number): { readonly key: number; readonly piece: Piece } {
  const pieces = kits[kit]
  const at = Math.min(87, Math.max(27, key))
  return { key: at, piece: pieces[at] as Piece }
}
