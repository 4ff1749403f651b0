// Messages within the one process that owns the embedded database. Nothing is ever lost here, so there is
// never a gap.

import type { PGlite } from '@electric-sql/pglite'
import { checkChannel, type Bus } from './bus.ts'
import type { Gate } from './gate.ts'
import type { Scopes } from './scope.ts'

export function createPgliteBus(pglite: PGlite, gate: Gate, scopes: Pick<Scopes, 'outside' | 'assertOutside'>): Bus {
  return {
    async listen(channel, onMessage) {
      checkChannel(channel)
      scopes.assertOutside(`listen("${channel}")`)
      // PGlite calls back in the async context of whoever sent, which may be a transaction that goes on.
      const callback = (payload: string) => {
        scopes.outside(() => {
          onMessage(payload)
        })
      }
      const stop = await gate.run(() => pglite.listen(channel, callback))
      let stopped = false
      return {
        async [Symbol.asyncDispose]() {
          if (stopped) return
          stopped = true
          if (!pglite.closed) await gate.run(() => stop())
        },
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}
