// Who follows which log in this process. Calls are coalesced: a watcher hears that a log has grown,
// then reads it from its own cursor, so a missed or doubled call costs a read, never an event.

export interface Watchers {
  watch(rootId: string, onGrown: () => void): Disposable
  watchAll(onChanged: (rootIds: readonly string[]) => void): Disposable
  grown(rootId: string): void
  /** Notifications may have been missed: everyone looks again. */
  everyoneLooks(): void
}

export function createWatchers(): Watchers {
  const byRoot = new Map<string, Set<() => void>>()
  const forAll = new Set<(rootIds: readonly string[]) => void>()
  let pending = new Set<string>()

  function flush(): void {
    const rootIds = [...pending]
    pending = new Set()
    for (const rootId of rootIds) {
      for (const onGrown of byRoot.get(rootId) ?? []) onGrown()
    }
    for (const onChanged of forAll) onChanged(rootIds)
  }

  function grown(rootId: string): void {
    if (pending.size === 0) setImmediate(flush)
    pending.add(rootId)
  }

  return {
    grown,
    watch(rootId, onGrown) {
      const watchers = byRoot.get(rootId) ?? new Set()
      watchers.add(onGrown)
      byRoot.set(rootId, watchers)
      return {
        [Symbol.dispose]() {
          watchers.delete(onGrown)
          if (watchers.size === 0 && byRoot.get(rootId) === watchers) byRoot.delete(rootId)
        },
      }
    },
    watchAll(onChanged) {
      forAll.add(onChanged)
      return { [Symbol.dispose]: () => void forAll.delete(onChanged) }
    },
    everyoneLooks() {
      for (const rootId of byRoot.keys()) grown(rootId)
    },
  }
}
