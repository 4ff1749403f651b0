// The two databases behind one shape: the embedded one in the data folder, or a PostgreSQL server. Above
// this file nobody knows which it is, except where a promise differs (copies, jobs, key checks).

import type { PGlite } from '@electric-sql/pglite'
import { Kysely, PostgresDialect, type Dialect } from 'kysely'
import pg from 'pg'
import type { Clock, Log } from '#src/core/index.ts'
import type { Bus } from './bus.ts'
import { createPgliteBus } from './bus-pglite.ts'
import { createPostgresBus } from './bus-postgres.ts'
import { createGate, createTurns, type Gate } from './gate.ts'
import { guardDialect, translateDatabaseError } from './guarded-dialect.ts'
import { createPgliteDialect } from './pglite-dialect.ts'
import { createScopes, type Scopes } from './scope.ts'

interface Common {
  readonly root: Kysely<unknown>
  readonly scopes: Scopes
  readonly bus: Bus
  close(): Promise<void>
}
export interface EmbeddedDatabase extends Common {
  readonly kind: 'pglite'
  readonly pglite: PGlite
  readonly gate: Gate
  readonly turn: () => Promise<void> | undefined
}
export interface ServerDatabase extends Common {
  readonly kind: 'postgres'
  readonly connectionString: string
}
export type Database = EmbeddedDatabase | ServerDatabase

/** Owns `pglite` from now on. */
export function embeddedDatabase(pglite: PGlite, log: Log): EmbeddedDatabase {
  const gate = createGate()
  const turn = createTurns()
  const { root, scopes } = connect(createPgliteDialect(pglite, gate, turn), log)
  const bus = createPgliteBus(pglite, gate, scopes)
  return {
    kind: 'pglite',
    root,
    scopes,
    bus,
    pglite,
    gate,
    turn,
    async close() {
      await root.destroy()
      // Whoever is in a transaction finishes it first.
      await gate.run(() => pglite.close())
    },
  }
}

/** @throws `unavailable` when the server does not answer */
export async function serverDatabase(connectionString: string, log: Log, clock: Clock): Promise<ServerDatabase> {
  const clientConfig: pg.ClientConfig = { connectionString, application_name: 'maestro', types: { getTypeParser } }
  const pool = new pg.Pool({ ...clientConfig, max: 10, connectionTimeoutMillis: 10_000, keepAlive: true })
  // An idle connection that the server closes is replaced at the next query; without this it ends the process.
  pool.on('error', (error) => {
    log.warn({ err: error }, 'an idle database connection was lost')
  })
  // The same for a connection that is lost in the middle of a transaction, between two queries.
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      log.debug({ err: error }, 'a database connection was lost')
    })
  })
  try {
    const client = await pool.connect()
    client.release()
  } catch (error) {
    await pool.end()
    throw translateDatabaseError(error)
  }
  const { root, scopes } = connect(new PostgresDialect({ pool }), log)
  const bus = createPostgresBus({ clientConfig, scopes, log, clock })
  return {
    kind: 'postgres',
    root,
    scopes,
    bus,
    connectionString,
    async close() {
      await bus[Symbol.asyncDispose]()
      await root.destroy()
    },
  }
}

function connect(dialect: Dialect, log: Log): { root: Kysely<unknown>; scopes: Scopes } {
  const scopes: Scopes = createScopes(() => root, log)
  const root = new Kysely<unknown>({ dialect: guardDialect(dialect, scopes) })
  return { root, scopes }
}

const int8 = 20
const bytea = 17

/** The same JavaScript values as from the embedded database: bigint and count(*) as numbers, bytes as Uint8Array. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (format !== 'binary') {
    if (oid === int8) return Number
    if (oid === bytea) return (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex'))
  }
  return pg.types.getTypeParser(oid, format) as (value: string) => unknown
}
