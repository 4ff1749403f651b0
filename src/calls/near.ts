// Names near a mistyped one. Pure.

import { editDistance } from '#src/core/index.ts'

/** At most three of `names`, nearest first, within a third of the name's length in edits. */
export function nearNames(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase()
  const limit = Math.max(2, Math.floor(wanted.length / 3))
  return names
    .map((candidate) => ({
      candidate,
      far: candidate.includes(wanted) && wanted.length > 2 ? 0 : editDistance(wanted, candidate),
    }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}
