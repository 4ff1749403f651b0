// Counts bad credentials per address in fixed windows. It slows a guesser and quiets the log; it never
// stands in the way of a good credential, since on loopback everyone shares one address.

import { type Clock, MaestroError, MINUTE, SECOND } from '#src/core/index.ts'

export interface Attempts {
  /** Records one bad attempt. @throws `limit_exceeded` with `retryAfterSec` from the one past the limit on. */
  bad(address: string): void
  /** Addresses held in memory now. */
  size(): number
}

export function createAttempts(options: {
  clock: Clock
  limit?: number
  windowMs?: number
  /** Past this many addresses in one window, new ones share one counter. */
  maxAddresses?: number
}): Attempts {
  const { clock, limit = 20, windowMs = MINUTE, maxAddresses = 10_000 } = options
  const counts = new Map<string, number>()
  let windowStart = 0
  return {
    bad(address) {
      const now = clock.now()
      if (now - windowStart >= windowMs || now < windowStart) {
        windowStart = now
        counts.clear()
      }
      const key = counts.has(address) || counts.size < maxAddresses ? address : 'everyone else'
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      if (count <= limit) return
      const retryAfterSec = Math.max(1, Math.ceil((windowStart + windowMs - now) / SECOND))
      throw new MaestroError(
        'limit_exceeded',
        `${count} bad sign-in codes or tokens from ${address} within ${windowMs / SECOND} s; at most ${limit}`,
        {
          hint: `wait ${retryAfterSec} s; run \`maestro open\` for a new sign-in link or \`maestro token create\` for a new token`,
          details: { retryAfterSec },
        },
      )
    },
    size: () => counts.size,
  }
}
