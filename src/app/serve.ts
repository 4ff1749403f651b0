// One process owns a data folder: lock, rooms, port, socket, work, in this order. Ends in reverse.

import { type Config, MaestroError, SECOND } from '#src/core/index.ts'
import { acquireOwnerLock } from '#src/store/index.ts'
import { createApp } from './create-app.ts'
import { listenOwnerSocket } from './owner-socket.ts'

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

/** @throws `conflict` with `details.url` and `details.pid` when another process owns the data folder. */
export async function serve(config: Config, options: ServeOptions): Promise<Serving> {
  await using open = new AsyncDisposableStack()
  const lock = open.use(await lockOrExplain(config.dataDir))
  const stopped = Promise.withResolvers<void>()
  const app = open.use(
    await createApp(config, {
      root: options.cloneRoot,
      version: options.version,
      env: process.env,
      logTo: 'stderr',
      onStop: () => void close(),
    }),
  )
  const { url } = await app.listen()
  const connections = new Set<object>()
  const socket = open.use(
    await listenOwnerSocket({
      dataDir: config.dataDir,
      version: options.version,
      url: () => url,
      log: app.log,
      onHttp(connection) {
        connections.add(connection)
        connection.on('close', () => connections.delete(connection))
        app.http.trustSocket(connection)
        app.http.server.emit('connection', connection)
      },
    }),
  )
  await lock.announce({ url, socket: socket.path })
  await app.start()
  const closing = open.move()
  let ending: Promise<void> | undefined

  function close(): Promise<void> {
    ending ??= closing.disposeAsync().then(stopped.resolve, stopped.reject)
    return ending
  }

  const idleSec = config.idleExitSec > 0 ? config.idleExitSec : options.onDemand ? idleExitDefaultSec : 0
  if (idleSec > 0) leaveWhenIdle(idleSec, () => app.isIdle() && connections.size === 0, close, stopped.promise)

  return { url, signInLink: () => app.signInLink(), done: stopped.promise, close }
}

async function lockOrExplain(dataDir: string) {
  try {
    return await acquireOwnerLock(dataDir)
  } catch (thrown) {
    const owner = thrown instanceof MaestroError ? thrown.details?.['owner'] : undefined
    if (!(thrown instanceof MaestroError) || thrown.code !== 'conflict' || typeof owner !== 'object' || owner === null)
      throw thrown
    throw new MaestroError('conflict', thrown.message, {
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
      details: { ...owner },
      cause: thrown,
    })
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
