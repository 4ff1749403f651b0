// A throw-away PostgreSQL server for tests: initdb and pg_ctl of the machine, a folder in the temporary
// folder, a port on loopback, fsync off. One server per process, started at the first use; a database each
// for whoever asks. PostgreSQL refuses to run as root, so then it runs as the user postgres.

import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { MaestroError, silentLog, systemClock, type Clock, type Log } from '#src/core/index.ts'
import { openStore } from '../open-store.ts'
import type { RoomMigrations, Store } from '../types.ts'

const run = promisify(execFile)

/** Where Debian and others put the server's programs; the newest version first. */
function findPrograms(): string | undefined {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(home, version, 'bin')),
    '/usr/local/pgsql/bin',
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/bin',
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')))
}

const isRoot = process.getuid?.() === 0

/** Can a server be started here? */
function postgresAvailable(): boolean {
  return findPrograms() !== undefined && (!isRoot || existsSync('/usr/sbin/runuser') || existsSync('/sbin/runuser'))
}

/** For `test(name, needsPostgres(), ...)`: skipped with its reason, or, with MAESTRO_TEST_REQUIRE=1, left to fail. */
export function needsPostgres(): { skip: string | false } {
  const required = process.env['MAESTRO_TEST_REQUIRE'] === '1'
  return { skip: postgresAvailable() || required ? false : 'no PostgreSQL on this machine' }
}

export interface PostgresServer extends AsyncDisposable {
  readonly port: number
  /** Makes a database and returns its address. */
  createDatabase(): Promise<string>
  dropDatabase(url: string): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
}

/** A server of one's own, for tests that stop it. Most want `openPostgresTestStore`. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms()
  if (programs === undefined || !postgresAvailable())
    throw new MaestroError('unavailable', 'no PostgreSQL on this machine', { hint: 'install the package postgresql' })
  const folder = mkdtempSync(join(tmpdir(), 'maestro-pg-'))
  const data = join(folder, 'data')
  if (isRoot) {
    const { stdout } = await run('id', ['-u', 'postgres'])
    chmodSync(folder, 0o755)
    chownSync(folder, Number(stdout), -1)
  }
  const command = (program: string, args: string[]) => {
    const path = join(programs, program)
    return isRoot
      ? run('runuser', ['-u', 'postgres', '--', path, ...args], { cwd: folder })
      : run(path, args, { cwd: folder })
  }
  const port = await freePort()
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=80`
  const start = async () => {
    await command('pg_ctl', ['-D', data, '-l', join(folder, 'log'), '-o', options, '-w', '-t', '30', 'start'])
  }
  const stop = async () => {
    await command('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
  }
  const addressOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  const admin = async (statement: string) => {
    const client = new pg.Client(addressOf('postgres'))
    await client.connect()
    try {
      await client.query(statement)
    } finally {
      await client.end()
    }
  }
  try {
    await command('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'])
    await start()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  const postmaster = join(data, 'postmaster.pid')
  // Whatever ends this process, a watchdog of plain sh ends the server with it and removes the folder.
  const stopCommand = `${isRoot ? 'runuser -u postgres -- ' : ''}"${join(programs, 'pg_ctl')}" -D "${data}" -m immediate -w stop`
  const watchdog = spawn(
    'sh',
    ['-c', `trap '' INT TERM; cat >/dev/null; cd /; ${stopCommand} >/dev/null 2>&1; rm -rf "${folder}"`],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  )
  watchdog.unref()
  // A pipe is a socket underneath: it must not keep the test process waiting.
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref()

  return {
    port,
    async createDatabase() {
      const name = `t_${randomBytes(8).toString('hex')}`
      await admin(`create database ${name} template template0`)
      return addressOf(name)
    },
    async dropDatabase(url) {
      await admin(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`)
    },
    start,
    stop,
    async [Symbol.asyncDispose]() {
      if (existsSync(postmaster)) await stop()
      watchdog.stdin.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

// One server serves all tests of a process; it must not outlive a test file only to be started again.
let shared: Promise<PostgresServer> | undefined

/** The server that all tests of this process share. It ends with the process. */
function sharedPostgres(): Promise<PostgresServer> {
  shared ??= startPostgres()
  return shared
}

export interface PostgresStoreOptions {
  readonly log?: Log
  readonly clock?: Clock
  /** An existing database, to open another node on it: `databaseUrl` of the first. Default: a new one. */
  readonly databaseUrl?: string
  readonly dataDir?: string
  readonly secretKey?: string
}

/** All nodes of a test share one key, as nodes of a real database do. */
const testKey = Buffer.alloc(32, 7).toString('base64')

/** A store on a database of its own, which is dropped when it is disposed (unless `databaseUrl` was given). */
export async function openPostgresTestStore(
  migrations: readonly RoomMigrations[] = [],
  options: PostgresStoreOptions = {},
): Promise<Store & { readonly databaseUrl: string }> {
  const server = await sharedPostgres()
  const databaseUrl = options.databaseUrl ?? (await server.createDatabase())
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'maestro-test-store-'))
  const store = await openStore({
    dataDir,
    databaseUrl,
    migrations,
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
    diskReserveMb: 0,
    secretKey: options.secretKey ?? testKey,
  })
  return {
    ...store,
    databaseUrl,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      if (options.databaseUrl === undefined) await server.dropDatabase(databaseUrl)
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.on('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    server.close(() => {
      resolve(port)
    })
  })
  return promise
}
