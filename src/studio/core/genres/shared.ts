// Rows that several genres have in common: rhythms of chords, instruments, backbeats.

import type { CompSpec, DrumLane, PartSpec } from './types.ts'

export const cells = {
  whole: ['X---------------'],
  halves: ['X-------o-------'],
  quarters: ['X--.o--.X--.o--.'],
  pushed: ['X-----o---------', 'X-------o-----o-'],
  lofi: ['X------.o-------', 'X---------o-----', 'X-----o---------'],
  skank: ['....o.......o...'],
  house: ['..X..o....o..o..', '..X...X...X...o.'],
  disco: ['..o...o...o...o.'],
  bossa: ['X---o-o-----o-o-', 'X---o-o-----A---'],
  funk: ['...X..o....o..o.', '..oo..X...o...o.'],
  charleston: ['X-....o-........', '..o-....X-....o.', 'X-....o-......A-', '......o-....o-..'],
  montuno: ['X.o...o...o...A-X.o...o...o...A-', 'o-X...o-..o-..A-..o-..o-..o-..A-'],
  rock: ['X-------o---o---', 'X---X---o---o---'],
  eighths: ['X.o.X.o.X.o.X.o.'],
} as const

export const backbeatLane: DrumLane = { voice: 'snare', patterns: ['....X.......X...'] }
export const eighthHats: DrumLane = { voice: 'hat', patterns: ['o.o.o.o.o.o.o.o.'] }

const wet = (part: PartSpec, reverb: number): PartSpec => ({ ...part, reverb })
export const electricPiano = wet({ name: 'Electric Piano', program: 4, volume: 0.68, pan: 0.45 }, 0.25)
export const piano = wet({ name: 'Piano', program: 0, volume: 0.7, pan: 0.45 }, 0.22)
export const organ = wet({ name: 'Organ', program: 16, volume: 0.5, pan: 0.6 }, 0.25)
export const strings = wet({ name: 'Strings', program: 48, volume: 0.46, pan: 0.52 }, 0.4)
export const warmPad = wet({ name: 'Pad', program: 89, volume: 0.4, pan: 0.5 }, 0.45)

export const pad = (part: PartSpec, from = 0.5): CompSpec => ({ ...part, from, cells: cells.whole, voicing: 'spread' })
