// Adding up what turns cost. A figure nobody told is unknown, never 0.

import type { Usage } from './contract.ts'

const fields = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'costUsd'] as const

export const unknownUsage: Usage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  costUsd: null,
}

/**
 * The sum, field by field. A figure that one side does not know makes the sum unknown, because a total
 * that leaves a part out would be too low and look exact.
 */
export function addUsage(a: Usage | null, b: Usage | null): Usage | null {
  if (a === null) return b
  if (b === null) return a
  const sum = { ...unknownUsage }
  for (const field of fields) {
    const left = a[field]
    const right = b[field]
    sum[field] = left === null || right === null ? null : left + right
  }
  return sum
}
