// A genre in a meter that is not its own: it keeps its instruments, harmony and tempo, and takes the rhythms of the
// genre that is at home in that meter.

import { MusicError } from '../error.ts'
import { genreOf } from '../genres/index.ts'
import type { CompSpec, Genre } from '../genres/types.ts'

const atHome: Readonly<Record<string, string>> = { '3/4': 'waltz', '6/8': 'six_eight', '12/8': 'ballad', '4/4': 'pop' }

/** @throws MusicError for a meter that nothing is at home in. */
export function adapted(genre: Genre, meter: readonly [number, 4 | 8]): Genre {
  if (genre.meter[0] === meter[0] && genre.meter[1] === meter[1]) return genre
  const name = `${meter[0]}/${meter[1]}`
  const host = atHome[name]
  if (host === undefined)
    throw new MusicError(`nothing is written in ${name}; ${Object.keys(atHome).join(', ')} would be right`)
  const rows = genreOf(host)
  const [hostPart] = [rows.chords]
  const inMeter = (part: CompSpec): CompSpec => ({ ...part, cells: hostPart.cells })
  return {
    ...genre,
    meter: rows.meter,
    grid: rows.grid,
    swing: rows.swing,
    feel: rows.feel,
    drums: { ...rows.drums, kit: genre.drums.kit },
    bass: { ...genre.bass, family: rows.bass.family },
    chords: inMeter(genre.chords),
    ...(genre.pad === undefined ? {} : { pad: inMeter(genre.pad) }),
    ...(genre.arp === undefined ? {} : { arp: { ...genre.arp, cells: rows.arp?.cells ?? rows.chords.cells } }),
    melody: { ...genre.melody, style: rows.melody.style },
  }
}
