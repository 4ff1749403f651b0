import assert from 'node:assert/strict'
import fs, { cpSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { MaestroError, silentLog, systemClock } from '#src/core/index.ts'
import { newestCopy } from './copies.ts'
import { openStore } from './open-store.ts'
import { openPglite } from './pglite-open.ts'
import type { RoomMigrations } from './types.ts'

/** One database made by initdb for the whole file; each test works on a copy of it. */
let made = ''
before(async () => {
  made = await mkdtemp(join(tmpdir(), 'maestro-pglite-'))
  const database = await openPglite(made)
  await database.exec('create table kept (id integer primary key); insert into kept values (42)')
  await database.close()
})
after(() => rm(made, { recursive: true, force: true }))

async function copyOf(t: TestContext): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-pglite-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  cpSync(made, dataDir, { recursive: true })
  return dataDir
}

async function refusal(dataDir: string): Promise<MaestroError> {
  try {
    const database = await openPglite(dataDir)
    await database.close()
  } catch (error) {
    assert.ok(error instanceof MaestroError, String(error))
    return error
  }
  assert.fail('it opened')
}

/** Every file with its size and time: proves that a refusal changed nothing. */
async function snapshot(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const lines = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const { size, mtimeMs } = await stat(path)
      return `${path} ${size} ${mtimeMs}`
    })
  return (await Promise.all(lines)).toSorted()
}

test('the first database appears whole, in a folder only its owner can read', async () => {
  assert.deepEqual((await readdir(made)).toSorted(), ['pg'])
  assert.equal((await stat(join(made, 'pg'))).mode & 0o077, 0)
})

test('a leftover of an initdb that was cut off is removed, and does not count as a database', async (t) => {
  const dataDir = await copyOf(t)
  await mkdir(join(dataDir, 'pg.new-1'))
  await writeFile(join(dataDir, 'pg.new-1', 'PG_VERSION'), '1')
  await rm(join(dataDir, 'pg'), { recursive: true })
  await mkdir(join(dataDir, 'pg'))
  const database = await openPglite(dataDir)
  await database.close()
  assert.deepEqual(await readdir(dataDir), ['pg'])
})

test('opens in spite of an empty postmaster.pid that a killed start left behind', async (t) => {
  const dataDir = await copyOf(t)
  await writeFile(join(dataDir, 'pg', 'postmaster.pid'), '')
  const database = await openPglite(dataDir)
  assert.deepEqual((await database.query('select id from kept')).rows, [{ id: 42 }])
  await database.close()
})

test('every commit is synced to disk before it is acknowledged', async (t) => {
  const dataDir = await copyOf(t)
  let syncs = 0
  const fsync = (fd: number) => {
    syncs++
    fs.fsyncSync(fd)
  }
  const database = await openPglite(dataDir, { fsync })
  for (let id = 0; id < 20; id++) {
    const before_ = syncs
    await database.query('insert into kept values ($1)', [id])
    assert.ok(syncs > before_, `commit ${id} was not synced`)
  }
  const settings = await database.query<{ setting: string }>(
    `select setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`,
  )
  assert.deepEqual(
    settings.rows.map(({ setting }) => setting),
    ['on', 'on', 'on'],
  )
  await database.close()
})

test('when the disk refuses a sync, the commit fails instead of being acknowledged', async (t) => {
  const dataDir = await copyOf(t)
  let broken = false
  const fsync = (fd: number) => {
    if (broken) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })
    fs.fsyncSync(fd)
  }
  const database = await openPglite(dataDir, { fsync })
  broken = true
  await assert.rejects(database.query('insert into kept values (1)'))
  broken = false
  const again = await openPglite(await copyFolder(t, dataDir))
  assert.deepEqual((await again.query('select id from kept order by id')).rows.at(-1), { id: 42 })
  await again.close()
})

async function copyFolder(t: TestContext, dataDir: string): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), 'maestro-pglite-'))
  t.after(() => rm(target, { recursive: true, force: true }))
  cpSync(dataDir, target, { recursive: true })
  return target
}

test('a folder of another PostgreSQL is refused by name and left alone', async (t) => {
  const dataDir = await copyOf(t)
  await writeFile(join(dataDir, 'pg', 'PG_VERSION'), '17\n')
  const before_ = await snapshot(dataDir)
  const error = await refusal(dataDir)
  assert.equal(error.code, 'unsupported')
  assert.match(error.message, /PostgreSQL 17.*PostgreSQL 18/)
  assert.deepEqual(await snapshot(dataDir), before_)
})

const damages: Record<string, (pg: string) => Promise<unknown>> = {
  'PG_VERSION is missing': (pg) => rm(join(pg, 'PG_VERSION')),
  'pg_control is cut off': (pg) => truncate(join(pg, 'global', 'pg_control'), 100),
  'pg_control is garbage': (pg) => writeFile(join(pg, 'global', 'pg_control'), Buffer.alloc(8_192, 7)),
  'the log is missing': async (pg) => {
    for (const name of await readdir(join(pg, 'pg_wal'))) await rm(join(pg, 'pg_wal', name), { recursive: true })
  },
  'the folder is a file': async (pg) => {
    await rm(pg, { recursive: true })
    await writeFile(pg, 'x')
  },
}
for (const [what, damage] of Object.entries(damages)) {
  test(`a damaged database is named and never made anew: ${what}`, async (t) => {
    const dataDir = await copyOf(t)
    await damage(join(dataDir, 'pg'))
    const error = await refusal(dataDir)
    assert.equal(error.code, 'corrupt_data')
    assert.ok(error.message.includes(join(dataDir, 'pg')), error.message)
    assert.ok(error.hint)
    assert.deepEqual((await readdir(dataDir)).toSorted(), ['pg'])
  })
}

const rooms = (...ids: string[]): RoomMigrations[] => [
  {
    room: 'things',
    migrations: ids.map((id) => ({
      id,
      sql: [`create table things_${id} (id integer)`, `insert into things_${id} values (1)`],
    })),
  },
]
const open = (dataDir: string, migrations: RoomMigrations[], diskReserveMb = 0) =>
  openStore({ dataDir, migrations, log: silentLog, clock: systemClock, diskReserveMb })

test('copies the database before its schema changes, and only then; the copy opens', async (t) => {
  const dataDir = await copyOf(t)
  await (await open(dataDir, rooms('001')))[Symbol.asyncDispose]()
  assert.equal(await newestCopy(dataDir), undefined, 'a database without a schema needs no copy')
  await (await open(dataDir, rooms('001')))[Symbol.asyncDispose]()
  assert.equal(await newestCopy(dataDir), undefined)
  await (await open(dataDir, rooms('001', '002')))[Symbol.asyncDispose]()
  const copy = await newestCopy(dataDir)
  assert.ok(copy)
  const restored = await mkdtemp(join(tmpdir(), 'maestro-pglite-'))
  t.after(() => rm(restored, { recursive: true, force: true }))
  cpSync(copy, join(restored, 'pg'), { recursive: true })
  cpSync(join(dataDir, 'secret.key'), join(restored, 'secret.key'))
  await using store = await open(restored, rooms('001'))
  const rows = await store.db<{ things_001: { id: number } }>().selectFrom('things_001').selectAll().execute()
  assert.deepEqual(rows, [{ id: 1 }])
})

test('changes nothing when there is no room for the copy', async (t) => {
  const dataDir = await copyOf(t)
  await (await open(dataDir, rooms('001')))[Symbol.asyncDispose]()
  await assert.rejects(open(dataDir, rooms('001', '002'), 10 ** 9), {
    code: 'storage_full',
    message: /copy of the database/,
  })
  await using store = await open(dataDir, rooms('001'))
  await assert.rejects(store.db<{ things_002: { id: number } }>().selectFrom('things_002').selectAll().execute())
})

test('what is in the store survives closing and opening: secrets, sealed bytes, jobs nobody has taken; no file shows a secret', async (t) => {
  const dataDir = await copyOf(t)
  const first = await open(dataDir, rooms('001'))
  for (let n = 0; n < 20; n++) await first.secrets.set(`KEY${n}`, `canary-${n}-5f0c1b7e`)
  const sealed = first.secrets.seal(Uint8Array.of(1, 2, 3))
  await first.jobs.send('kept', { n: 1 })
  await first[Symbol.asyncDispose]()
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    assert.ok(!content.includes('5f0c1b7e'), join(entry.parentPath, entry.name))
  }
  await using second = await open(dataDir, rooms('001'))
  assert.ok(second.secrets.values().includes('canary-19-5f0c1b7e'))
  assert.deepEqual(second.secrets.open(sealed), Uint8Array.of(1, 2, 3))
  const { promise, resolve } = Promise.withResolvers<unknown>()
  await second.jobs.work('kept', async (data) => resolve(data))
  assert.deepEqual(await promise, { n: 1 })
})
