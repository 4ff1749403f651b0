// One process owns a data folder: lock, rooms, port, socket, work, in this order. Ends in reverse.

import type { Socket } from 'node:net'
import { type Actor, type Config, MaestroError, SECOND } from '#src/core/index.ts'
import { acquireOwnerLock } from '#src/store/index.ts'
import { createApp } from './create-app.ts'
import { connectOwner, listenOwnerSocket } from './owner-socket.ts'

export interface ServeOptions {
  /** Started by a client: leaves by itself when nothing is to be done any more. */
  readonly onDemand: boolean
  readonly cloneRoot: string
  readonly version: string
}

export interface Serving {
  readonly url: string
  signInLink(): Promise<string>
  /** Resolves when the server has ended, whoever asked for it. */
  readonly done: Promise<void>
  close(): Promise<void>
}

const idleExitDefaultSec = 300
/** Longer than a start takes, the making of a first database included. */
const rivalMs = 15 * SECOND

/** @throws `conflict` with `details.url` and `details.pid` when another process owns the data folder. */
export async function serve(config: Config, options: ServeOptions): Promise<Serving> {
  await using open = new AsyncDisposableStack()
  const lock = open.use(await lockOrExplain(config.dataDir, options.version))
  const stopped = Promise.withResolvers<void>()
  /** Whoever asks to stop during the start is answered; the end comes after it. */
  const started = Promise.withResolvers<AsyncDisposableStack>()
  let ending: Promise<void> | undefined
  const app = open.use(
    await createApp(config, {
      root: options.cloneRoot,
      version: options.version,
      env: process.env,
      logTo: 'stderr',
      onStop: () => void close(),
      // No orderly end: whatever asked the database once more would never return.
      onBroken: () => process.exit(1),
    }),
  )
  const { url } = await app.listen()
  const connections = new Set<object>()
  const keep = (connection: Socket): void => {
    connections.add(connection)
    connection.on('close', () => connections.delete(connection))
  }
  const socket = open.use(
    await listenOwnerSocket({
      dataDir: config.dataDir,
      version: options.version,
      url: () => url,
      log: app.log,
      onHttp(connection) {
        keep(connection)
        app.http.trustSocket(connection)
        app.http.server.emit('connection', connection)
      },
      onMcp(connection, { as, client, cwd, profiles }) {
        keep(connection)
        const actor: Actor = { kind: 'client', name: as ?? client ?? 'mcp' }
        void app.mcp.serveStream(connection, { actor, profiles: profiles.length === 0 ? ['default'] : profiles, cwd })
      },
      onTcp(connection, { bind, peer, profiles }) {
        keep(connection)
        app.http.forwardSocket(connection, { ...bind, peer, profiles })
        app.http.server.emit('connection', connection)
      },
      readTools: app.readTools,
      whyNot: (hello) => (hello.maestro === 'tcp' ? app.http.whyNotForward(hello.bind) : undefined),
    }),
  )
  await lock.announce({ url, socket: socket.path })
  await app.start()
  started.resolve(open.move())

  function close(): Promise<void> {
    ending ??= started.promise.then((closing) => closing.disposeAsync()).then(stopped.resolve, stopped.reject)
    return ending
  }

  const idleSec = config.idleExitSec > 0 ? config.idleExitSec : options.onDemand ? idleExitDefaultSec : 0
  if (idleSec > 0) leaveWhenIdle(idleSec, () => app.isIdle() && connections.size === 0, close, stopped.promise)

  return { url, signInLink: () => app.signInLink(), done: stopped.promise, close }
}

/**
 * The lock, or who has it. Whoever has it may have begun a moment ago and have no address yet, or be what is
 * left of a killed one: until one answers (or the lock is free) it is tried again.
 */
async function lockOrExplain(dataDir: string, version: string) {
  const giveUpAt = Date.now() + rivalMs
  for (;;) {
    try {
      return await acquireOwnerLock(dataDir)
    } catch (thrown) {
      if (!(thrown instanceof MaestroError) || thrown.code !== 'conflict') throw thrown
      const owner = await reachOwner(dataDir, version)
      if (owner === undefined && Date.now() < giveUpAt) continue
      // What the file says of it may be out of date, but is all there is.
      const details = owner ?? thrown.details?.['owner']
      if (typeof details !== 'object' || details === null) throw thrown
      throw new MaestroError('conflict', thrown.message, {
        ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
        details: { ...details },
        cause: thrown,
      })
    }
  }
}

async function reachOwner(dataDir: string, version: string) {
  try {
    const connection = await connectOwner({ dataDir, version, anyVersion: true })
    connection?.socket.destroy()
    return connection?.hello
  } catch {
    // It is stuck, or another user's.
    return undefined
  }
}

/** Looks every second; leaves when it has been idle for `idleSec` in one piece. */
function leaveWhenIdle(idleSec: number, isIdle: () => boolean, close: () => Promise<void>, done: Promise<void>): void {
  let idleSince = Date.now()
  const timer = setInterval(() => {
    if (!isIdle()) idleSince = Date.now()
    else if (Date.now() - idleSince >= idleSec * SECOND) void close()
  }, SECOND)
  timer.unref()
  void done.finally(() => clearInterval(timer)).catch(() => undefined)
}
