// Named values, encrypted at rest. Values in memory serve the redactor; the table is the truth.

import { hkdfSync } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { MaestroError, type Clock, type Log } from '#src/core/index.ts'
import type { Database } from './database.ts'
import { createKey, findKey, keyPath, seal, unseal, type SecretKey } from './secret-key.ts'
import type { Secrets } from './types.ts'

interface SecretTables {
  store_secrets: { name: string; sealed: Uint8Array; updated_at: number }
  store_key_check: { id: number; sealed: Uint8Array }
}

const channel = 'store_secrets'
const checkText = 'maestro'
/** Values that were replaced or deleted may still be in the output of a running agent. */
const maxRetired = 1_000

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const contextOf = (name: string): string => `secret:${name}`

/**
 * Finds or makes the key, checks it against the database and loads the values.
 * @throws `conflict` when the key is not the one the database was written with
 */
export async function openSecrets(options: {
  database: Database
  dataDir: string
  givenKey: string | undefined
  log: Log
  clock: Clock
}): Promise<Secrets & AsyncDisposable> {
  const { database, dataDir, clock, log } = options
  const { scopes } = database
  const tables = () => scopes.db<SecretTables>()
  const key = await agreeOnKey(tables(), dataDir, options.givenKey)

  let stored = new Map<string, string>()
  const retired = new Set<string>()
  let all: readonly string[] = []
  const refresh = (next: Map<string, string>): void => {
    for (const value of stored.values()) retired.add(value)
    stored = next
    for (const value of stored.values()) retired.delete(value)
    for (const value of retired) {
      if (retired.size <= maxRetired) break
      retired.delete(value)
    }
    all = [...new Set([...stored.values(), ...retired])]
  }

  const open = (row: { name: string; sealed: Uint8Array }): string =>
    decode(unseal(key, row.sealed, contextOf(row.name)))
  const load = async (): Promise<void> => {
    const rows = await tables().selectFrom('store_secrets').select(['name', 'sealed']).execute()
    refresh(new Map(rows.map((row) => [row.name, open(row)])))
  }
  const reload = (): void => {
    load().catch((error: unknown) => {
      log.warn({ err: error }, 'stored secrets could not be read again')
    })
  }
  const listening = await database.bus.listen(channel, reload, reload)
  await load()

  const tell = () => database.scopes.tx(() => notifyChange(scopes.db()))

  return {
    async set(name, value) {
      const row = { name, sealed: seal(key, encode(value), contextOf(name)), updated_at: clock.now() }
      // Redacted from now on, whatever becomes of the transaction.
      refresh(new Map([...stored, [name, value]]))
      await scopes.tx(async () => {
        await tables()
          .insertInto('store_secrets')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('name').doUpdateSet({ sealed: row.sealed, updated_at: row.updated_at }),
          )
          .execute()
        await tell()
      })
    },
    async reveal(name) {
      const row = await tables()
        .selectFrom('store_secrets')
        .select(['name', 'sealed'])
        .where('name', '=', name)
        .executeTakeFirst()
      return row === undefined ? undefined : open(row)
    },
    async list() {
      const rows = await tables().selectFrom('store_secrets').selectAll().orderBy('name').execute()
      return rows.map((row) => {
        const value = open(row)
        return { name: row.name, hint: value.length >= 12 ? value.slice(-4) : null, updatedAt: row.updated_at }
      })
    },
    async delete(name) {
      return scopes.tx(async () => {
        const { numDeletedRows } = await tables()
          .deleteFrom('store_secrets')
          .where('name', '=', name)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await tell()
        return true
      })
    },
    values: () => all,
    seal: (plain) => seal(key, plain, 'data'),
    open: (sealed) => unseal(key, sealed, 'data'),
    derive: (purpose) => new Uint8Array(hkdfSync('sha256', key.bytes, '', `maestro:${purpose}`, 32)),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  }
}

async function notifyChange(db: Kysely<unknown>): Promise<void> {
  await sql`select pg_notify(${channel}, '')`.execute(db)
}

/** The key, after the row of the first start has been opened with it. Makes one only for a new database. */
async function agreeOnKey(db: Kysely<SecretTables>, dataDir: string, given: string | undefined): Promise<SecretKey> {
  const check = () => db.selectFrom('store_key_check').select('sealed').where('id', '=', 1).executeTakeFirst()
  const found = await findKey(dataDir, given)
  const known = await check()
  if (found === undefined && known !== undefined) {
    throw new MaestroError(
      'conflict',
      `the secrets in the database were encrypted with a key that is not here: ${keyPath(dataDir)} is missing`,
      {
        hint: 'put that file back, or set MAESTRO_SECRET_KEY to the key of the node that was there first',
      },
    )
  }
  const key = found ?? (await createKey(dataDir))
  if (known === undefined) {
    await db
      .insertInto('store_key_check')
      .values({ id: 1, sealed: seal(key, encode(checkText), 'check') })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  const row = known ?? (await check())
  try {
    if (row !== undefined) unseal(key, row.sealed, 'check')
  } catch (cause) {
    throw new MaestroError(
      'conflict',
      `the key of ${key.source} is not the one the secrets in the database were encrypted with`,
      {
        hint: 'use the secret.key of the node that was there first, or set MAESTRO_SECRET_KEY to the same value on every node',
        cause,
      },
    )
  }
  return key
}
