// All genres, and finding one by whatever people call it.

import { MusicError } from '../error.ts'
import { bands } from './bands.ts'
import { electronic } from './electronic.ts'
import { hipHop } from './hip-hop.ts'
import { latinAndIslands } from './latin-and-islands.ts'
import type { Genre } from './types.ts'

export const genres: readonly Genre[] = [...hipHop, ...electronic, ...bands, ...latinAndIslands]
export const genreIds: readonly string[] = genres.map((genre) => genre.id)

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9&/]+/g, '')

/** Words by which a genre is found, each once: the id, the name, the aliases. */
export const namesOf = (genre: Genre): string[] => [genre.id.replace(/_/g, ' '), genre.name, ...genre.aliases]

export const findGenre = (text: string): Genre | undefined =>
  genres.find((genre) => [genre.id, ...namesOf(genre)].some((name) => plain(name) === plain(text)))

/** How many letters of the shorter are found, in order, in the longer. */
function likeness(a: string, b: string): number {
  let found = 0
  for (const letter of a) if (b.includes(letter, found) && b[b.indexOf(letter, found)] === letter) found += 1
  return found / Math.max(a.length, b.length)
}

/** @throws MusicError with the known genres, the nearest one first. */
export function genreOf(text: string): Genre {
  const found = findGenre(text)
  if (found !== undefined) return found
  const nearest = [...genres].sort(
    (a, b) =>
      Math.max(...namesOf(b).map((name) => likeness(plain(text), plain(name)))) -
      Math.max(...namesOf(a).map((name) => likeness(plain(text), plain(name)))),
  )[0]
  throw new MusicError(
    `"${text.slice(0, 60)}" is not a genre that is known; there are ${genreIds.join(', ')}`,
    nearest === undefined ? {} : { hint: `did you mean ${nearest.id}?` },
  )
}
