// Messages between nodes over one dedicated PostgreSQL connection, never a pooled one. It comes back by
// itself with growing pauses, listens to everything again, and tells every listener that it may have missed
// something. A silent connection is found by a heartbeat.

import pg from 'pg'
import { MaestroError, type Clock, type Log } from '#src/core/index.ts'
import { checkChannel, type Bus } from './bus.ts'
import type { Scopes } from './scope.ts'
import { withinMs } from './within.ts'

interface Listener {
  readonly onMessage: (payload: string) => void
  readonly onGap: (() => void) | undefined
}

export interface PostgresBusOptions {
  readonly clientConfig: pg.ClientConfig
  readonly scopes: Pick<Scopes, 'outside'>
  readonly log: Log
  readonly clock: Clock
  readonly heartbeatMs?: number
  /** The first pause before connecting again; it doubles up to 5 s. */
  readonly firstPauseMs?: number
}

const maxPauseMs = 5_000

export function createPostgresBus(options: PostgresBusOptions): Bus {
  const { log, clock, scopes, heartbeatMs = 10_000, firstPauseMs = 100 } = options
  const listeners = new Map<string, Set<Listener>>()
  const closing = new AbortController()
  /** Resolves to the connection that listens now; replaced while reconnecting. */
  let current: Promise<pg.Client> | undefined

  const each = (set: Iterable<Listener>, call: (listener: Listener) => void): void => {
    scopes.outside(() => {
      for (const listener of set) {
        try {
          call(listener)
        } catch (error) {
          log.error({ err: error }, 'a listener failed')
        }
      }
    })
  }

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ ...options.clientConfig, keepAlive: true, connectionTimeoutMillis: 10_000 })
    client.on('notification', ({ channel, payload }) => {
      each([...(listeners.get(channel) ?? [])], (listener) => {
        listener.onMessage(payload ?? '')
      })
    })
    // Without a listener a lost connection would end the process.
    client.on('error', (error) => {
      log.debug({ err: error }, 'the listening connection had an error')
    })
    try {
      await client.connect()
      for (const channel of listeners.keys()) await client.query(`listen "${channel}"`)
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
    void watch(client)
    return client
  }

  /** Ends when the connection is lost, then replaces it. */
  const watch = async (client: pg.Client): Promise<void> => {
    const ended = new AbortController()
    client.once('end', () => {
      ended.abort()
    })
    const stop = AbortSignal.any([ended.signal, closing.signal])
    while (!stop.aborted) {
      try {
        await clock.sleep(heartbeatMs, stop)
        await withinMs(client.query('select 1'), 5_000)
      } catch {
        break
      }
    }
    client.removeAllListeners('notification')
    void client.end().catch(() => undefined)
    if (closing.signal.aborted) return
    log.warn({}, 'the listening connection to the database was lost')
    current = reconnect()
    current.catch(() => undefined)
  }

  const reconnect = async (): Promise<pg.Client> => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      await clock.sleep(pauseMs * (0.5 + Math.random() / 2), closing.signal)
      try {
        const client = await connect()
        log.info({}, 'listening to the database again')
        each(
          [...listeners.values()].flatMap((set) => [...set]),
          (listener) => {
            listener.onGap?.()
          },
        )
        return client
      } catch (error) {
        log.debug({ err: error }, 'the database does not answer yet')
      }
    }
  }

  const connected = (): Promise<pg.Client> => {
    if (closing.signal.aborted) throw new MaestroError('unavailable', 'the store is closed')
    if (current === undefined) {
      current = scopes.outside(connect)
      current.catch(() => {
        current = undefined
      })
    }
    return current
  }

  return {
    async listen(channel, onMessage, onGap) {
      checkChannel(channel)
      const listener: Listener = { onMessage, onGap }
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(listener))
      try {
        const client = await connected()
        await client.query(`listen "${channel}"`)
      } catch (error) {
        set.delete(listener)
        throw error
      }
      return {
        async [Symbol.asyncDispose]() {
          set.delete(listener)
          if (set.size > 0 || listeners.get(channel) !== set || closing.signal.aborted) return
          listeners.delete(channel)
          const client = await current?.catch(() => undefined)
          await client?.query(`unlisten "${channel}"`).catch(() => undefined)
          // Someone may have begun to listen while that was under way.
          if (listeners.has(channel)) await client?.query(`listen "${channel}"`).catch(() => undefined)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new MaestroError('unavailable', 'the store is closed'))
      const client = await current?.catch(() => undefined)
      await client?.end().catch(() => undefined)
    },
  }
}
