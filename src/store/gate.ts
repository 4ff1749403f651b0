// The one way to the embedded database. PGlite has a single session, so whoever holds the gate owns that
// session: a plain query for itself, a transaction from BEGIN to COMMIT. First come, first served.

export type Release = () => void

export interface Gate {
  /** Resolves when it is the caller's turn. `release` must be called exactly once. */
  enter(): Promise<Release>
  run<R>(work: () => Promise<R>): Promise<R>
}

export function createGate(): Gate {
  let tail: Promise<void> = Promise.resolve()
  const enter = async (): Promise<Release> => {
    const before = tail
    const { promise, resolve } = Promise.withResolvers<void>()
    tail = promise
    await before
    return resolve
  }
  return {
    enter,
    async run(work) {
      const release = await enter()
      try {
        return await work()
      } finally {
        release()
      }
    },
  }
}

/**
 * Lets timers and sockets have their turn about every `everyMs` of uninterrupted queries. PGlite settles in
 * microtasks, so without this a loop of awaited queries keeps the event loop from turning at all.
 */
export function createTurns(
  everyMs = 20,
  nowMs: () => number = () => performance.now(),
): () => Promise<void> | undefined {
  let lastTurn = nowMs()
  let turning: Promise<void> | undefined
  return () => {
    if (turning !== undefined) return turning
    if (nowMs() - lastTurn < everyMs) return undefined
    turning = new Promise((resolve) => {
      setImmediate(() => {
        lastTurn = nowMs()
        turning = undefined
        resolve()
      })
    })
    return turning
  }
}
