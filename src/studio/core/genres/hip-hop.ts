// Boom bap, lofi, trap and drill. Grooves and feels: usual practice; densities checked against the human
// references of the critic.

import { cells, electricPiano, pad, warmPad } from './shared.ts'
import type { Genre } from './types.ts'

const minorLoops = ['i7 iv7 i7 v7', 'i9 bVImaj7 iv7 v7', 'bVImaj7 v7 i7 i7', 'i7 bVImaj7 bIIImaj7 bVII']
const majorLoops = ['ii7 V7 Imaj7 vi7', 'IVmaj7 iii7 ii7 Imaj7', 'Imaj9 vi7 ii9 V7', 'IVmaj7 V7 iii7 vi7']
const trapMinor = ['i bVI i bVI', 'i bVI bIII bVII', 'i iv bVI V', 'i i bVI bVII']
const trapMajor = ['vi IV I V', 'I vi IV V']

const boomBap: Genre = {
  id: 'boom_bap',
  name: 'Boom bap',
  aliases: ['boombap', 'boom-bap', 'hip hop', 'hiphop', 'hip-hop', 'old school rap', 'rap', 'east coast'],
  bpm: [84, 90, 96],
  meter: [4, 4],
  grid: 'sixteenth',
  feel: 'acoustic',
  swing: { grid: 'sixteenth', amount: 0.42 },
  mode: 'minor',
  drums: {
    kit: 'acoustic',
    lanes: [
      { voice: 'kick', patterns: ['X......o..X.....', 'X.o....o..X....o', 'X.....o...X..o..'] },
      { voice: 'snare', patterns: ['....X..g.g..X..g', '....X..g....X...'] },
      { voice: 'hat', patterns: ['o.o.o.o.o.o.o.o.'] },
      { voice: 'open', patterns: ['..............o.', '................'], from: 0.6 },
    ],
    fill: 'snare',
    crash: true,
    ghosts: 0.12,
    backbeat: [4, 12],
  },
  bass: { name: 'Bass', program: 33, volume: 0.85, family: 'kick_locked', range: [28, 48] },
  chords: { ...electricPiano, cells: cells.lofi, voicing: 'close' },
  pad: pad({ ...warmPad, name: 'Strings', program: 48 }, 0.85),
  melody: { name: 'Vibes', program: 11, volume: 0.62, pan: 0.58, reverb: 0.3, style: 'hook', range: [60, 79] },
  progressions: { minor: minorLoops, major: majorLoops },
  form: ['verse', 'chorus', 'verse', 'chorus', 'bridge', 'chorus'],
  sectionBars: 8,
  timing: { snare: 6, hat: 3, bass: 2, melody: 8 },
}

const lofi: Genre = {
  ...boomBap,
  id: 'lofi',
  name: 'Lofi',
  aliases: ['lo-fi', 'lo fi', 'chillhop', 'chill hop', 'study beats', 'study beat', 'lofi hip hop'],
  bpm: [70, 78, 88],
  swing: { grid: 'sixteenth', amount: 0.6 },
  drums: {
    kit: 'acoustic',
    lanes: [
      { voice: 'kick', patterns: ['X......o..o.....', 'X.........o.....', 'X.....o...o....o'] },
      { voice: 'snare', patterns: ['....X.......X...'] },
      { voice: 'hat', patterns: ['o.o.o.o.o.o.o.o.'] },
      { voice: 'shaker', patterns: ['..g...g...g...g.'], from: 0.9 },
    ],
    fill: 'ghosts',
    crash: false,
    ghosts: 0.14,
    backbeat: [4, 12],
  },
  bass: { name: 'Bass', program: 32, volume: 0.85, family: 'kick_locked', range: [28, 48] },
  melody: {
    name: 'Piano Melody',
    program: 0,
    volume: 0.6,
    pan: 0.56,
    reverb: 0.35,
    delay: 0.15,
    style: 'song',
    range: [62, 81],
  },
  pad: pad(warmPad, 0.7),
  timing: { snare: 12, hat: 6, bass: 3, chords: 4, melody: 9 },
}

const trap: Genre = {
  ...boomBap,
  id: 'trap',
  name: 'Trap',
  aliases: ['trap beat', '808 beat', 'atlanta'],
  bpm: [130, 140, 160],
  feel: 'machine',
  swing: { grid: 'sixteenth', amount: 0 },
  drums: {
    kit: 'TR-808',
    lanes: [
      { voice: 'kick', patterns: ['X.....o...o.....', 'X..o......o..o..', 'X.....o.....o...'] },
      { voice: 'clap', patterns: ['........X.......'] },
      { voice: 'hat', patterns: ['o.o.o.o.o.o.o.o.'] },
      { voice: 'open', patterns: ['..............o.', '......o.........'], from: 0.8 },
      { voice: 'rim', patterns: ['...........o....', '................'], from: 0.95 },
    ],
    fill: 'roll',
    crash: true,
    ghosts: 0,
    backbeat: [8],
  },
  bass: { name: '808', program: 38, volume: 0.92, family: 'slide_808', range: [24, 47] },
  chords: {
    name: 'Bells',
    program: 14,
    volume: 0.5,
    pan: 0.48,
    reverb: 0.4,
    cells: ['X---------------', 'X-------o-------'],
    voicing: 'close',
  },
  pad: pad(warmPad, 0.9),
  arp: {
    name: 'Pluck',
    program: 46,
    volume: 0.42,
    pan: 0.66,
    reverb: 0.3,
    delay: 0.3,
    from: 0.7,
    motion: 'broken',
    cells: ['o.o...o.o.o...o.', 'o..o..o.o..o..o.'],
  },
  melody: {
    name: 'Lead',
    program: 80,
    volume: 0.56,
    pan: 0.5,
    reverb: 0.3,
    delay: 0.25,
    style: 'hook',
    range: [62, 81],
  },
  progressions: { minor: trapMinor, major: trapMajor },
  form: ['chorus', 'verse', 'chorus', 'verse', 'bridge', 'chorus'],
  timing: {},
}

const drill: Genre = {
  ...trap,
  id: 'drill',
  name: 'Drill',
  aliases: ['uk drill', 'ny drill', 'drill beat'],
  bpm: [138, 142, 146],
  drums: {
    ...trap.drums,
    lanes: [
      { voice: 'kick', patterns: ['X.....o...o.....X.....o...o..o..', 'X.....o...o.o...X.....o...o.....'] },
      { voice: 'snare', patterns: ['........X...................X...'] },
      { voice: 'hat', patterns: ['o..o..o.o..o..o.'] },
      { voice: 'open', patterns: ['............o...', '................'], from: 0.8 },
    ],
    backbeat: [],
  },
  bass: { ...trap.bass, range: [24, 47] },
  chords: {
    name: 'Piano',
    program: 0,
    volume: 0.58,
    pan: 0.46,
    reverb: 0.35,
    cells: ['X---------------', 'X-----o---------'],
    voicing: 'close',
  },
  progressions: { minor: ['i bVI i bVII', 'i i bII i', 'i iv bVI v', 'i bVI bIII bVII'], major: trapMajor },
}

export const hipHop = [boomBap, lofi, trap, drill]
