// Reading lists when the index is known to be right, and the sums that music needs.

/** The element at `index`. @throws RangeError outside the list: a fault of ours, never of an input. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index]
  if (value === undefined) throw new RangeError(`no element ${index} in a list of ${list.length}`)
  return value
}

/** The element at `index`, counted round and round. */
export function around<T>(list: ArrayLike<T>, index: number): T {
  return at(list, ((index % list.length) + list.length) % list.length)
}

export function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** 0 for an empty list. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length
}
