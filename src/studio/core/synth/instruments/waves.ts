// Spectra: how strong each harmonic of an instrument is, by its number and by where it lies in hertz. Bodies
// (violins, mouths, bells of horns) are resonances at fixed frequencies, so a spectrum changes with the pitch.

import { exp2, log2, sin, TAU } from '../../maths/index.ts'
import type { Spectrum, Wave } from '../tables.ts'

export const wave = (id: string, spectrum: Spectrum, phases: Wave['phases'] = 'spread'): Wave => ({
  id,
  spectrum,
  phases,
})

/** A resonance: middle, width (both Hz) and height. */
export type Formant = readonly [hz: number, width: number, height: number]

/** Sum of resonances over a floor. */
function body(hz: number, formants: readonly Formant[], floor: number): number {
  let sum = floor
  for (const [middle, width, height] of formants) {
    const off = (hz - middle) / width
    sum += height / (1 + off * off)
  }
  return sum
}

/** `slope` dB less for each octave above `hz`. */
const above = (hz: number, corner: number, slope: number): number =>
  hz <= corner ? 1 : exp2((-slope * log2(hz / corner)) / 6.0206)

const isOdd = (n: number): boolean => n % 2 === 1

export const sine = wave('sine', (n) => (n === 1 ? 1 : 0), 'sine')
export const saw = wave('saw', (n) => 1 / n, 'sine')
export const square = wave('square', (n) => (isOdd(n) ? 1 / n : 0), 'sine')
export const triangle = wave('triangle', (n) => (isOdd(n) ? (n % 4 === 1 ? 1 : -1) / (n * n) : 0), 'sine')
export const pulse = (duty: number): Wave => wave(`pulse ${duty}`, (n) => sin((TAU / 2) * n * duty) / n, 'sine')
export const softSaw = wave('soft saw', (n, hz) => above(hz, 1_400, 7) / n)
export const hollow = wave('hollow', (n) => (isOdd(n) ? 1 / (n * n * 0.6) : 0.15 / (n * n)))
export const glass = wave('glass', (n) => (n === 1 ? 1 : n === 4 ? 0.4 : n === 9 ? 0.22 : n === 15 ? 0.1 : 0))

/** Harmonics by list; what is not listed is silent. */
export const listed = (id: string, amplitudes: readonly number[], phases: Wave['phases'] = 'spread'): Wave =>
  wave(id, (n) => amplitudes[n - 1] ?? 0, phases)

/** Drawbars of a tonewheel organ, 0-8 each, for a voice that sounds an octave below its key. */
export function drawbars(id: string, bars: readonly number[]): Wave {
  const harmonics = [1, 3, 2, 4, 6, 8, 10, 12, 16]
  const level = (bar: number): number => (bar === 0 ? 0 : exp2((bar - 8) / 2))
  return wave(id, (n) => {
    const at = harmonics.indexOf(n)
    return at === -1 ? 0 : level(bars[at] ?? 0)
  })
}

/** Ranks of pipes at 8', 4', 2 2/3', 2' and a mixture, each with its own few harmonics. */
export const pipes = (id: string, reed: number): Wave =>
  wave(id, (n, hz) => {
    let sum = 0
    for (const [rank, level] of [
      [1, 1],
      [2, 0.7],
      [3, 0.35],
      [4, 0.5],
      [6, 0.25],
      [8, 0.3],
      [12, 0.12],
    ] as const)
      if (n % rank === 0) sum += level / (1 + (n / rank - 1) * (n / rank) * 1.6)
    return (sum + reed / n) * above(hz, 3_500, 6)
  })

/** Harmonics `from` to `to` of a struck string: hammer at an eighth, a soundboard that loses its highs. */
export const struckString = (id: string, from: number, to: number, slope: number): Wave =>
  wave(id, (n, hz) => {
    if (n < from || n > to) return 0
    const place = Math.abs(sin((TAU / 2) * n * 0.128)) + 0.12
    return (
      (place *
        body(
          hz,
          [
            [180, 160, 0.5],
            [420, 300, 0.4],
          ],
          0.75,
        ) *
        above(hz, 1_500, slope)) /
      n
    )
  })

const bowed = (id: string, formants: readonly Formant[], slope: number): Wave =>
  wave(id, (n, hz) => (body(hz, formants, 0.35) * above(hz, 2_800, slope)) / n)

const violinBody: readonly Formant[] = [
  [290, 60, 0.8],
  [470, 90, 1.1],
  [1_050, 300, 0.7],
  [2_600, 900, 1.1],
]
const celloBody: readonly Formant[] = [
  [110, 40, 0.6],
  [220, 70, 1],
  [420, 120, 0.7],
  [1_500, 700, 0.7],
]
export const violin = bowed('violin', violinBody, 9)
export const violinBright = bowed('violin bright', [...violinBody, [3_400, 1_000, 1]], 5)
export const viola = bowed(
  'viola',
  [
    [220, 60, 0.8],
    [360, 90, 1],
    [850, 260, 0.8],
    [2_000, 800, 0.8],
  ],
  10,
)
export const cello = bowed('cello', celloBody, 11)
export const celloBright = bowed('cello bright', [...celloBody, [2_300, 800, 0.7]], 7)
export const bass = bowed(
  'double bass',
  [
    [70, 30, 0.7],
    [130, 50, 1],
    [260, 90, 0.8],
    [900, 400, 0.5],
  ],
  12,
)
export const section = bowed(
  'section',
  [
    [280, 120, 0.6],
    [520, 200, 0.8],
    [1_200, 500, 0.6],
    [2_700, 1_100, 0.6],
  ],
  8,
)
export const sectionBright = bowed(
  'section bright',
  [
    [300, 150, 0.4],
    [1_100, 500, 0.7],
    [3_000, 1_300, 1],
  ],
  4,
)

/** A horn: below its cutoff harmonics grow, above they fall; blown hard, many more come through. */
const horn = (id: string, peakHz: number, slope: number): Wave =>
  wave(id, (n, hz) => (above(hz, peakHz, slope) * (0.4 + 0.6 * Math.min(1, hz / peakHz))) / (1 + 0.12 * n))
export const trumpet = horn('trumpet', 1_100, 15)
export const trumpetBright = horn('trumpet bright', 1_900, 7.5)
export const trombone = horn('trombone', 520, 14)
export const tromboneBright = horn('trombone bright', 1_150, 8)
export const tuba = horn('tuba', 220, 14)
export const tubaBright = horn('tuba bright', 520, 10)
export const frenchHorn = horn('french horn', 380, 15)
export const frenchHornBright = horn('french horn bright', 800, 10)
export const muted = wave(
  'muted',
  (n, hz) =>
    body(
      hz,
      [
        [1_500, 450, 1],
        [3_200, 900, 0.6],
      ],
      0.08,
    ) /
    (1 + 0.05 * n),
)
export const mutedBright = wave(
  'muted bright',
  (n, hz) =>
    body(
      hz,
      [
        [1_700, 600, 1],
        [3_600, 1_200, 1],
      ],
      0.1,
    ) /
    (1 + 0.02 * n),
)

const reed = (id: string, formants: readonly Formant[], slope: number): Wave =>
  wave(id, (n, hz) => (body(hz, formants, 0.2) * above(hz, 2_500, slope)) / Math.sqrt(n))
export const sopranoSax = reed(
  'soprano sax',
  [
    [900, 350, 1],
    [2_000, 700, 0.5],
  ],
  10,
)
export const altoSax = reed(
  'alto sax',
  [
    [650, 260, 1],
    [1_350, 500, 0.6],
    [2_600, 700, 0.25],
  ],
  11,
)
export const altoSaxBright = reed(
  'alto sax bright',
  [
    [700, 300, 0.9],
    [1_500, 600, 0.9],
    [3_100, 1_000, 0.6],
  ],
  7,
)
export const tenorSax = reed(
  'tenor sax',
  [
    [480, 200, 1],
    [1_100, 420, 0.6],
    [2_300, 700, 0.25],
  ],
  11,
)
export const tenorSaxBright = reed(
  'tenor sax bright',
  [
    [520, 240, 0.9],
    [1_250, 520, 0.9],
    [2_800, 900, 0.6],
  ],
  7,
)
export const baritoneSax = reed(
  'baritone sax',
  [
    [320, 150, 1],
    [850, 350, 0.7],
    [1_900, 700, 0.3],
  ],
  10,
)
export const oboe = reed(
  'oboe',
  [
    [1_050, 280, 1],
    [2_750, 600, 0.7],
  ],
  9,
)
export const oboeBright = reed(
  'oboe bright',
  [
    [1_150, 350, 1],
    [2_900, 800, 1],
  ],
  6,
)
export const englishHorn = reed(
  'english horn',
  [
    [800, 240, 1],
    [1_900, 600, 0.5],
  ],
  11,
)
export const bassoon = reed(
  'bassoon',
  [
    [440, 130, 1],
    [1_150, 350, 0.5],
  ],
  12,
)
export const clarinet = wave(
  'clarinet',
  (n, hz) => ((isOdd(n) ? 1 : 0.08 + Math.min(0.5, hz / 6_000)) * above(hz, 1_500, 12)) / Math.sqrt(n),
)
export const clarinetBright = wave(
  'clarinet bright',
  (n, hz) => ((isOdd(n) ? 1 : 0.12 + Math.min(0.6, hz / 5_000)) * above(hz, 2_200, 8)) / Math.sqrt(n),
)
export const flute = wave('flute', (n, hz) => [1, 0.42, 0.16, 0.07, 0.03][n - 1] ?? above(hz, 500, 30) * 0.02)
export const fluteBright = wave('flute bright', (n) => [1, 0.75, 0.4, 0.22, 0.12, 0.06, 0.03][n - 1] ?? 0)
export const pan = wave('pan pipe', (n) => [1, 0.06, 0.22, 0.03, 0.06][n - 1] ?? 0)
export const harmonica = reed(
  'harmonica',
  [
    [1_000, 500, 0.8],
    [2_400, 900, 1],
  ],
  6,
)
export const accordion = reed(
  'accordion',
  [
    [700, 500, 0.6],
    [1_800, 900, 0.9],
  ],
  7,
)

const sung = (id: string, formants: readonly Formant[]): Wave =>
  wave(id, (n, hz) => (body(hz, formants, 0.11) * above(hz, 3_600, 12)) / (0.6 + 0.4 * n))
export const aah = sung('aah', [
  [320, 160, 0.45],
  [720, 190, 1],
  [1_180, 140, 0.55],
  [2_650, 240, 0.2],
  [3_250, 280, 0.16],
])
export const ooh = sung('ooh', [
  [340, 80, 1],
  [790, 110, 0.25],
  [2_300, 220, 0.05],
  [3_100, 260, 0.04],
])
export const mmm = sung('mmm', [
  [260, 70, 1],
  [1_050, 200, 0.1],
  [2_200, 260, 0.04],
])

/** The twelve or so partials that make a strings-like haze in synthetic pads. */
export const haze = wave('haze', (n, hz) => above(hz, 900, 8) / (1 + 0.7 * (n - 1)))
export const metalPad = wave('metal pad', (n) => (n % 3 === 1 ? 1 / n : 0.2 / n))
export const clavi = wave(
  'clavi',
  (n, hz) => (Math.abs(sin((TAU / 2) * n * 0.17)) * above(hz, 2_600, 6)) / (0.5 + 0.5 * n),
)
export const vox = wave(
  'vox',
  (n, hz) =>
    body(
      hz,
      [
        [600, 200, 1],
        [1_700, 300, 0.6],
        [2_900, 400, 0.3],
      ],
      0.05,
    ) / Math.sqrt(n),
  'sine',
)
