// The verb that composes.

import { Option } from 'commander'
import type { Leaf } from '../leaf.ts'

export function addMusicVerbs(verb: Leaf): void {
  verb(
    {
      usage: 'compose <request>',
      summary: 'compose a piece of music from a sentence, offline',
      details:
        'Writes song.mid, song.musicxml, song.json and song.wav. Genre, key, tempo, bars, instruments, sections and chords are read from the sentence; what it leaves open, the genre decides. The same sentence and seed give the same bytes on every machine.',
      example: 'maestro compose "a 16 bar lofi beat in D minor at 80 with piano and bass" --out rain',
      options: [
        new Option('--seed <text>', 'another piece from the same sentence (default: 0)'),
        new Option('--out <folder>', 'where the files go (default: here)'),
        new Option('--no-wav', 'without sound: notes only, at once'),
      ],
    },
    async () => (await import('../commands/compose.ts')).compose,
  )
}
