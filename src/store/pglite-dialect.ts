// Kysely over the embedded database. Kysely's own PGlite driver shares one connection object between a
// transaction and everybody else, so a query from another async context would land inside it; here a
// connection holds the gate for as long as it is held.

import type { PGlite } from '@electric-sql/pglite'
import {
  AbortedTransactionError,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
} from 'kysely'
import type { Gate, Release } from './gate.ts'

interface Session extends DatabaseConnection {
  readonly release: Release
}

export function createPgliteDialect(pglite: PGlite, gate: Gate, turn: () => Promise<void> | undefined): Dialect {
  const openSession = async (): Promise<Session> => {
    const leave = await gate.enter()
    let released = false
    return {
      async executeQuery<R>(query: { sql: string; parameters: readonly unknown[] }): Promise<QueryResult<R>> {
        if (released) throw new Error('the transaction of this handle has ended')
        await turn()
        const { rows, affectedRows, command } = await pglite.query<R>(query.sql, [...query.parameters])
        const changes = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE'
        return { rows, ...(changes && affectedRows !== undefined ? { numAffectedRows: BigInt(affectedRows) } : {}) }
      },
      streamQuery() {
        throw new Error('the embedded database cannot stream rows; page through them')
      },
      release() {
        released = true
        leave()
      },
    }
  }

  return {
    // Not the adapter for one connection: Kysely's mutex behind it is never released when a connection is refused.
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: openSession,
      beginTransaction: async (_connection, settings) => {
        const level = settings.isolationLevel === undefined ? '' : ` isolation level ${settings.isolationLevel}`
        const access = settings.accessMode === undefined ? '' : ` ${settings.accessMode}`
        await pglite.exec(`begin${level}${access}`)
      },
      commitTransaction: async () => {
        const [result] = await pglite.exec('commit')
        // PostgreSQL answers COMMIT with a ROLLBACK tag when an earlier statement of the transaction failed.
        if (result?.command === 'ROLLBACK') throw new AbortedTransactionError()
      },
      rollbackTransaction: async () => {
        await pglite.exec('rollback')
      },
      releaseConnection: async (connection) => {
        // Every connection of this driver is a session.
        const session = connection as Session
        session.release()
      },
      // The database is closed by whoever opened it.
      destroy: async () => undefined,
    }),
  }
}
