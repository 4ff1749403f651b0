// When is a limit reached, and how is that said. A call is refused when what is spent, with what calls under
// way may still come to, has reached a limit: the call that crosses a limit is answered, the one after it is
// not. A call that was cut off counts with what it might have come to; any other whose cost nobody told counts
// as nothing. Pure.

import type { ModelPrice } from '../contract.ts'
import type { CallUsage } from './usage.ts'

export interface Sums {
  readonly spentUsd: number
  /** Of calls under way, and of those that were cut off before they told. */
  readonly reservedUsd: number
  readonly tokens: number
  readonly reservedTokens: number
}

export interface Limits {
  readonly runUsd: number | null
  /** `runUsd` is the workflow's own and not the general one. */
  readonly isOwn: boolean
  readonly runTokens: number | null
  readonly monthUsd: number | null
}

export interface Exceeded {
  readonly message: string
  readonly hint: string
}

/** Sums are null where no limit asks for them. */
export function findExceeded(limits: Limits, run: Sums | null, month: Sums | null): Exceeded | null {
  if (limits.runUsd !== null && run !== null && isReached(run.spentUsd, run.reservedUsd, limits.runUsd)) {
    return {
      message: `the run has reached its budget of ${usd(limits.runUsd)}: ${spent(run)}`,
      hint: limits.isOwn
        ? 'raise the budget of the workflow, then run it again from this step'
        : 'raise the budget for each run under Models, or give the workflow one of its own, then run it again',
    }
  }
  if (limits.runTokens !== null && run !== null && run.tokens + run.reservedTokens >= limits.runTokens) {
    const inFlight =
      run.reservedTokens > 0 ? `, and calls under way or cut off may come to ${whole(run.reservedTokens)} more` : ''
    return {
      message: `the run has reached its limit of ${whole(limits.runTokens)} tokens: it has used ${whole(run.tokens)}${inFlight}`,
      hint: 'raise the token limit of the workflow, then run it again from this step',
    }
  }
  if (limits.monthUsd !== null && month !== null && isReached(month.spentUsd, month.reservedUsd, limits.monthUsd)) {
    return {
      message: `all runs together have reached the monthly budget of ${usd(limits.monthUsd)}: ${spent(month)} since the 1st`,
      hint: 'raise the monthly budget under Models, or wait until next month',
    }
  }
  return null
}

/** Sums of binary fractions miss round limits by a hair: a millionth of a cent is close enough. */
function isReached(spentUsd: number, reservedUsd: number, limitUsd: number): boolean {
  return spentUsd + reservedUsd >= limitUsd - 1e-8
}

function spent({ spentUsd, reservedUsd }: Sums): string {
  const inFlight = reservedUsd > 0 ? `, and calls under way or cut off may come to ${usd(reservedUsd)} more` : ''
  return `${usd(spentUsd)} spent${inFlight}`
}

function usd(amount: number): string {
  return `$${amount.toFixed(amount !== 0 && amount < 0.1 ? 4 : 2)}`
}

const whole = (count: number): string => count.toLocaleString('en-US')

/** What a call costs by the price of the list; null when a figure for it is missing. */
export function costOf(price: ModelPrice, usage: CallUsage): number | null {
  const { inputTokens, outputTokens } = usage
  if (inputTokens === null || outputTokens === null) return null
  const read = Math.min(usage.cacheReadTokens ?? 0, inputTokens)
  const written = Math.min(usage.cacheWriteTokens ?? 0, inputTokens - read)
  const dollars =
    (inputTokens - read - written) * price.inputUsdPerMillion +
    read * (price.cacheReadUsdPerMillion ?? price.inputUsdPerMillion) +
    written * (price.cacheWriteUsdPerMillion ?? price.inputUsdPerMillion) +
    outputTokens * price.outputUsdPerMillion
  return dollars / 1_000_000
}

/** An answer is seldom longer; what a caller allows (`max_tokens`) is often far more, and would block others. */
const typicalAnswerTokens = 1_000
const bytesPerToken = 4

/** What a call that goes out now may come to. Without a price: what such a call has cost lately. */
export function estimate(
  bodyBytes: number,
  price: ModelPrice | null,
  recentUsd: number | null,
): { usd: number; tokens: number } {
  const inputTokens = Math.ceil(bodyBytes / bytesPerToken)
  const usage = {
    inputTokens,
    outputTokens: typicalAnswerTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: null,
  }
  const byPrice = price === null ? null : costOf(price, usage)
  return { usd: recentUsd ?? byPrice ?? 0, tokens: inputTokens + typicalAnswerTokens }
}
