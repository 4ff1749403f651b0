// Usage arithmetic for CLIs that report figures of the whole conversation.

import type { Usage } from '#src/core/contract.ts'

/**
 * What a turn added. A figure that is unknown now stays unknown; one that was unknown before counted
 * nothing so far. Never negative: a CLI that starts again from zero has reported the turn alone.
 */
export function usageSince(before: Usage | null, now: Usage): Usage {
  return {
    inputTokens: difference(before?.inputTokens, now.inputTokens),
    outputTokens: difference(before?.outputTokens, now.outputTokens),
    cacheReadTokens: difference(before?.cacheReadTokens, now.cacheReadTokens),
    cacheWriteTokens: difference(before?.cacheWriteTokens, now.cacheWriteTokens),
    costUsd: difference(before?.costUsd, now.costUsd),
  }
}

function difference(before: number | null | undefined, now: number | null): number | null {
  if (now === null) return null
  const added = now < (before ?? 0) ? now : now - (before ?? 0)
  // Binary fractions: 0.003 - 0.002 is not 0.001. A millionth of a cent is enough.
  return Math.round(added * 1e8) / 1e8
}

/** A reported number, or null for anything else. */
export function toCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null
}

export function toCost(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}
