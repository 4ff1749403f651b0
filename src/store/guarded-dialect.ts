// A dialect that refuses the root handle inside a transaction, and says in our words when the database is
// away or its disk is full. On the embedded database such a use would hang for ever; on a server it would
// quietly run outside the transaction. Both are refused alike, so that tests on one find it for the other.

import type { DatabaseConnection, Dialect, Driver } from 'kysely'
import { MaestroError } from '#src/core/index.ts'
import type { Scopes } from './scope.ts'

export function guardDialect(dialect: Dialect, scopes: Pick<Scopes, 'assertOutside'>): Dialect {
  const guarded = new WeakMap<DatabaseConnection, DatabaseConnection>()
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>()
  const open = (connection: DatabaseConnection) => inner.get(connection) ?? connection

  const guardConnection = (connection: DatabaseConnection): DatabaseConnection => {
    const known = guarded.get(connection)
    if (known !== undefined) return known
    const outer: DatabaseConnection = {
      executeQuery: (query, options) => connection.executeQuery<never>(query, options).catch(rethrow),
      streamQuery: (query, chunkSize, options) => connection.streamQuery<never>(query, chunkSize, options),
    }
    guarded.set(connection, outer)
    inner.set(outer, connection)
    return outer
  }

  const guardDriver = (driver: Driver): Driver => ({
    init: (options) => driver.init(options),
    destroy: (options) => driver.destroy(options),
    async acquireConnection(options) {
      scopes.assertOutside('a database handle kept from outside')
      return guardConnection(await driver.acquireConnection(options).catch(rethrow))
    },
    releaseConnection: (connection, options) => driver.releaseConnection(open(connection), options),
    beginTransaction: (connection, settings) => driver.beginTransaction(open(connection), settings).catch(rethrow),
    commitTransaction: (connection) => driver.commitTransaction(open(connection)).catch(rethrow),
    rollbackTransaction: (connection) => driver.rollbackTransaction(open(connection)).catch(rethrow),
  })

  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => guardDriver(dialect.createDriver()),
  }
}

function rethrow(error: unknown): never {
  throw translateDatabaseError(error)
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and the codes Node gives sockets. */
const away = /^(08|57P0[1-5]|53300|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)/
const lostConnection =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/

/** Our error for what the caller can only wait out or repair; every other error as it is. */
export function translateDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MaestroError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '53100' || code === 'ENOSPC' || /No space left on device/.test(error.message)) {
    return new MaestroError('storage_full', `the database could not write: ${error.message}`, {
      hint: 'free some space; work goes on by itself',
      cause: error,
    })
  }
  if (away.test(code) || lostConnection.test(error.message)) {
    return new MaestroError('unavailable', `the database does not answer: ${error.message}`, {
      hint: 'start the PostgreSQL server that DATABASE_URL names; work goes on by itself',
      cause: error,
    })
  }
  if (code === 'XX001' || code === 'XX002') {
    return new MaestroError('corrupt_data', `the database found damaged data: ${error.message}`, {
      hint: 'stop Maestro, keep a copy of the data folder, then restore the newest folder in its backups/',
      cause: error,
    })
  }
  return error
}
