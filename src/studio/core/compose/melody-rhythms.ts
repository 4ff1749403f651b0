// Rhythms of melodies, a bar each: four to six onsets, half of them off the beat. `ends` close a phrase with a long
// note or a rest. Sixteenths in 4/4, 3/4 and 6/8, eighths in 12/8.

import type { MelodyStyle } from '../genres/types.ts'

export interface MelodyRhythms {
  readonly cells: readonly string[]
  readonly ends: readonly string[]
}

const fourFour: Readonly<Record<MelodyStyle, MelodyRhythms>> = {
  song: {
    cells: [
      'o-o-o---o-o-o---',
      'o---o-o-o---o-o-',
      '..o-o-o---o-o-o-',
      'o--o--o---o-o---',
      'o-----o-o-o---o-',
      '....o-o-o-o---o-',
      'o-o---o-o-o-----',
      'o-o-o-o---o---o-',
    ],
    ends: ['o-o-o-----------', 'o---o-o-----....', 'o--o--o-----....', 'o-o-o-o-----....'],
  },
  sparse: {
    cells: ['o---o---o---o---', 'o-----o-o---o-o-', '..o---o---o-o---', 'o---o-o---o-----', 'o-o---o---o-o---'],
    ends: ['o---o-o---------', 'o-o---o-----....', 'o--o--o---------'],
  },
  hook: {
    cells: [
      'o--o--o-o--o--o-',
      'o-o--o--o-o-....',
      '..o--o--o-o--o--',
      'o--o----o--o-o--',
      'o-o-o--o--o-....',
      '..o-o--o--o-o-o-',
      'o--o--o---o-o---',
    ],
    ends: ['o--o--o---------', 'o-o--o------....', 'o--o--o-----....', '..o-o--o----....'],
  },
  swing: {
    cells: [
      'o-o-o-o-o---o-o-',
      '..o-o-o-o-o-o---',
      'o---o-o-..o-o-o-',
      '....o-o-o-o-o-..',
      'o-o-o---..o-o-o-',
      '..o-..o-o-o-o---',
      'o-o-o-o-o-o-....',
    ],
    ends: ['o-o-o-----......', 'o---o-o-----....', '..o-o-------....', 'o-o-o-o-----....'],
  },
  riff: {
    cells: ['..o-o.o...o-o...', 'o.o.....o-o.o...', 'o..o..o.o..o....', '..o.o-..o.o-..o.', 'o..o-..o..o-....'],
    ends: ['o..o..o---------', '..o-o.o-----....', 'o.o.o-------....'],
  },
  long: {
    cells: [
      'o-----o-o-----o-',
      'o---o-o---o-o---',
      'o---o-----o-o-o-',
      '..o---o-o---o-o-',
      'o-----o-o---o---',
      '..o---o-o-o-----',
    ],
    ends: ['o---o-o---------', 'o-o-o-----------', 'o--o--o---------'],
  },
  latin: {
    cells: [
      'o-----o-o---o-o-',
      '..o---o-..o---o-',
      'o---o-o---o-o---',
      'o--o--o-..o-o-o-',
      '..o-o-..o-..o-o-',
      'o-..o-o-..o-o---',
    ],
    ends: ['o--o--o---------', '..o-o-o-----....', 'o---o-o-----....'],
  },
}

const threeFour: MelodyRhythms = {
  cells: [
    'o---o-o-o---',
    'o-----o-o-o-',
    'o-o-o---o---',
    '..o-o---o-o-',
    'o---o---o-o-',
    'o-o---o-o---',
    '..o-o-o-o---',
  ],
  ends: ['o---o-------', 'o-o-o-------', 'o-----o-....'],
}
const sixEight: MelodyRhythms = {
  cells: ['o-o-o-o---o-', 'o---o-o---o-', 'o-o-o-o-o-o-', 'o---o-o-----', '..o-o-o---o-', 'o--oo-o---o-'],
  ends: ['o---o-o-----', 'o-o-o-------', 'o-o---......'],
}
const twelveEight: MelodyRhythms = {
  cells: ['o-oo-oo--o-o', 'ooo--oo-o---', '.ooo--o-oo--', 'o-oo--o-oo-o', 'o--o-oo-o--o', '..oo-oo--o-o'],
  ends: ['o-oo--------', 'ooo---o--...', 'o-oo-o---...'],
}

/** The rhythms of a style in the meter of `slots` cells a bar. */
export function rhythmsOf(style: MelodyStyle, meter: string): MelodyRhythms {
  if (meter === '3/4') return threeFour
  if (meter === '6/8') return sixEight
  return meter === '12/8' ? twelveEight : fourFour[style]
}
