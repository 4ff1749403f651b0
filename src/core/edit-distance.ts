// How far a mistyped name is from one that is known. Pure.

/** What is typed may be anything; the names it is held against are short. */
const maxLength = 64

/** Levenshtein distance, letter case ignored; of longer texts, that of their first 64 characters. */
export function editDistance(a: string, b: string): number {
  const [left, right] = [a.slice(0, maxLength).toLowerCase(), b.slice(0, maxLength).toLowerCase()]
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
