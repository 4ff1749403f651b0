// An empty project with the defaults people expect.

import { type Project, TICKS_PER_QUARTER, type Track } from '../../contract.ts'

export function newProject(id: string, name: string): Project {
  return {
    id,
    name,
    tempoMap: [{ tick: 0, bpm: 120 }],
    meterMap: [{ tick: 0, numerator: 4, denominator: 4 }],
    key: { tonic: 'C', mode: 'major' },
    swing: { amount: 0, grid: 'eighth' },
    sections: [],
    chords: [],
    tracks: [],
    buses: [],
    master: { inserts: [] },
    seed: '0',
    length: 8 * 4 * TICKS_PER_QUARTER,
    revision: 0,
  }
}

export function newTrack(id: string, name: string, kind: Track['kind'] = 'midi'): Track {
  return {
    id,
    kind,
    name,
    program: 0,
    drumKit: kind === 'drums' ? 'acoustic' : null,
    color: '#6b7280',
    icon: kind === 'drums' ? 'waveform.path' : 'pianokeys',
    volume: 0.8,
    pan: 0.5,
    muted: false,
    solo: false,
    role: kind === 'drums' ? 'drums' : 'other',
    inserts: [],
    sends: [],
    regions: [],
    automation: [],
  }
}
