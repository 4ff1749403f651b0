// A clock that stands still until a test moves it. Sleepers wake in the order of their times.

import type { Clock } from '../clock.ts'

export interface SimClock extends Clock {
  /** Moves time forward, waking sleepers one after the other and letting each settle. */
  advance(ms: number): Promise<void>
  /** Lets everything that needs no time happen: `turns` rounds of the event loop. */
  settle(turns?: number): Promise<void>
  readonly sleepers: number
}

interface Sleeper {
  at: number
  wake: () => void
}

export function createSimClock(start = 1_800_000_000_000): SimClock {
  let now = start
  let sleepers: Sleeper[] = []

  async function settle(turns = 20): Promise<void> {
    for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => setImmediate(resolve))
  }

  return {
    now: () => now,
    get sleepers() {
      return sleepers.length
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error)
          return
        }
        const sleeper: Sleeper = {
          at: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        const onAbort = () => {
          sleepers = sleepers.filter((one) => one !== sleeper)
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        sleepers.push(sleeper)
      }),
    settle,
    async advance(ms) {
      const until = now + ms
      for (;;) {
        const due = sleepers.filter((one) => one.at <= until).toSorted((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        now = Math.max(now, due.at)
        sleepers = sleepers.filter((one) => one !== due)
        due.wake()
        await settle(3)
      }
      now = until
      await settle()
    },
  }
}
