// One writer at a time for each place, within this process: between the look at the present content and its
// replacement nobody else of ours writes.

export interface PathLocks {
  /** Waits its turn, then runs. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

export function createPathLocks(): PathLocks {
  const last = new Map<string, Promise<unknown>>()
  return {
    async run(key, work) {
      const before = last.get(key)
      const mine = (before ?? Promise.resolve()).then(work)
      // Whoever waits for us waits for our end, not for our success.
      const settled = mine.catch(() => undefined)
      last.set(key, settled)
      try {
        return await mine
      } finally {
        if (last.get(key) === settled) last.delete(key)
      }
    },
  }
}
