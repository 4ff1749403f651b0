// JSON that is the same for equal values, whatever the order in which their fields came to be. Pure.

import { isJsonObject } from '#src/core/index.ts'

export const canonicalText = (value: unknown): string => JSON.stringify(sorted(value))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}
