// Which transaction the running code belongs to. An AsyncLocalStorage carries it through awaits, so a
// verb of one room joins the transaction of its caller without passing it along.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely, Transaction } from 'kysely'
import { MaestroError, type Log } from '#src/core/index.ts'

export interface Scope {
  readonly trx: Transaction<unknown>
  readonly effects: (() => void)[]
  /** false once the transaction has ended: code started inside it may live on, but not in it. */
  open: boolean
}

export type Scopes = ReturnType<typeof createScopes>

/** @param root asked for late, since the guarded driver below the root needs the scopes first */
export function createScopes(root: () => Kysely<unknown>, log: Log) {
  const storage = new AsyncLocalStorage<Scope | undefined>()
  const current = (): Scope | undefined => {
    const scope = storage.getStore()
    return scope?.open === true ? scope : undefined
  }

  /** Runs `work` belonging to no transaction, whoever calls. For timers, callbacks and background work. */
  const outside = <R>(work: () => R): R => storage.run(undefined, work)

  const runEffects = (effects: readonly (() => void)[]): void => {
    for (const effect of effects) {
      try {
        outside(effect)
      } catch (error) {
        // The transaction has committed: an effect that fails must not make its caller believe otherwise.
        log.error({ err: error }, 'an effect after a commit failed')
      }
    }
  }

  return {
    current,
    outside,
    db: <T>(): Kysely<T> => (current()?.trx ?? root()) as unknown as Kysely<T>,
    async tx<R>(work: () => Promise<R>): Promise<R> {
      if (current() !== undefined) return work()
      const effects: (() => void)[] = []
      const result = await root()
        .transaction()
        .execute(async (trx) => {
          const scope: Scope = { trx, effects, open: true }
          try {
            return await storage.run(scope, work)
          } finally {
            scope.open = false
          }
        })
      runEffects(effects)
      return result
    },
    afterCommit(effect: () => void): void {
      const scope = current()
      if (scope === undefined) runEffects([effect])
      else scope.effects.push(effect)
    },
    /** @throws `internal` inside a transaction: what it guards would wait for the very transaction it is in. */
    assertOutside(what: string): void {
      if (current() === undefined) return
      throw new MaestroError(
        'internal',
        `${what} was used inside a transaction, which would wait for itself for ever`,
        {
          hint: 'call store.db() where the query is made instead of keeping its result',
        },
      )
    },
  }
}
