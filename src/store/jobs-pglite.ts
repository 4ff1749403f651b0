// pg-boss on the embedded database. Its own adapter lets other queries in between a failed script and the
// ROLLBACK that cleans up after it; here a script and its clean-up hold the gate together.

import { fromKysely, type Db } from 'pg-boss'
import type { EmbeddedDatabase } from './database.ts'

export function embeddedBossDb({ pglite, gate, bus, turn, scopes }: EmbeddedDatabase): Db {
  return {
    async executeSql(text: string, values?: unknown[]) {
      // A send inside a transaction may look up its queue first: there, waiting for the gate would never end.
      const scope = scopes.current()
      if (scope !== undefined) return fromKysely(scope.trx).executeSql(text, values)
      return gate.run(async () => {
        await turn()
        try {
          if (values !== undefined && values.length > 0) return await pglite.query<never>(text, values)
          // Without values it may be a script; rows of any of its statements count.
          const results = await pglite.exec(text)
          return { rows: results.flatMap((result) => result.rows) as never[] }
        } catch (error) {
          await pglite.exec('rollback')
          throw error
        }
      })
    },
    async listen(channel, onNotification, onReconnect) {
      const listening = await bus.listen(channel, onNotification)
      onReconnect()
      return { close: async () => listening[Symbol.asyncDispose]() }
    },
  }
}
