// Wake-ups and timers on pg-boss. It starts at the first use and never makes anybody wait: what is sent
// before it runs, or to a queue it has not made yet, is kept in store_outbox in the sender's own transaction
// and handed over after the commit, or by the next start if this process does not live that long.

import { sql, type Kysely } from 'kysely'
import { PgBoss, fromKysely } from 'pg-boss'
import { MaestroError, type Clock, type Log } from '#src/core/index.ts'
import type { Database } from './database.ts'
import { bossOptions, checkQueue, queueOptions, workOptions } from './jobs-settings.ts'
import type { Jobs } from './types.ts'

interface OutboxTable {
  store_outbox: { id: number; queue: string; data: string; due_at: number | null; singleton_key: string | null }
}

interface Message {
  readonly queue: string
  readonly data: object
  readonly dueAt: number | null
  readonly key: string | null
}

export interface JobsControl extends Jobs, AsyncDisposable {}

export function createJobs(database: Database, log: Log, clock: Clock): JobsControl {
  const { scopes } = database
  const timers = new Set<NodeJS.Timeout>()
  const workers = new Map<string, string>()
  const queues = new Map<string, Promise<void>>()
  const readyQueues = new Set<string>()
  let starting: Promise<PgBoss> | undefined
  let running: PgBoss | undefined
  let closed = false
  let sweep: NodeJS.Timeout | undefined
  let delivering: Promise<void> = Promise.resolve()

  const outbox = (db: Kysely<unknown>) => db as unknown as Kysely<OutboxTable>

  const boss = (): Promise<PgBoss> => {
    if (closed) throw new MaestroError('unavailable', 'the store is closed')
    starting ??= scopes
      .outside(async () => {
        const instance = new PgBoss(bossOptions(database))
        instance.on('error', (error) => {
          log.warn({ err: error }, 'the job queue had an error')
        })
        instance.on('warning', (warning) => {
          log.debug({ warning }, 'the job queue warns')
        })
        try {
          await instance.start()
        } catch (error) {
          await instance.stop({ graceful: false })
          throw error
        }
        running = instance
        // Finds what a node that died between a commit and its delivery has left, and what failed to go out.
        sweep = setInterval(() => void deliver(), 30_000).unref()
        return instance
      })
      .catch((error: unknown) => {
        starting = undefined
        throw error
      })
    return starting
  }

  const ensureQueue = (queue: string): Promise<void> => {
    const known = queues.get(queue)
    if (known !== undefined) return known
    const made = scopes.outside(async () => {
      const instance = await boss()
      await instance.createQueue(queue, queueOptions)
      readyQueues.add(queue)
    })
    queues.set(queue, made)
    made.catch(() => {
      queues.delete(queue)
    })
    return made
  }

  /** Hands a message to pg-boss within the current transaction. */
  const hand = async (instance: PgBoss, message: Message): Promise<void> => {
    const trx = scopes.current()?.trx
    const due = message.dueAt === null ? {} : { startAfter: new Date(message.dueAt) }
    const db = trx === undefined ? {} : { db: fromKysely(trx) }
    // The queue keeps one waiting job for a key; a message without one gets its own.
    const singletonKey = message.key ?? crypto.randomUUID()
    const id = await instance.send(message.queue, message.data, { ...due, ...db, singletonKey })
    if (id === null) await bringForward(message, singletonKey)
  }

  /** The job that waits for this key may wait for a later time than this message asked for. */
  const bringForward = async (message: Message, key: string): Promise<void> => {
    const at = message.dueAt === null ? sql`now()` : sql`to_timestamp(${message.dueAt}::float8 / 1000)`
    await sql`update pgboss.job set start_after = ${at}
      where name = ${message.queue} and singleton_key = ${key} and state = 'created' and start_after > ${at}`.execute(
      scopes.db(),
    )
  }

  /** Wakes this node's workers when a delayed job is due; the others find it within `pollSeconds`. */
  const wakeLater = (queue: string, delayMs: number): void => {
    // A timer takes no more than 24 days; by then the queue is asked anyway.
    if (closed || delayMs > 2 ** 31 - 1) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      const worker = workers.get(queue)
      if (worker !== undefined) running?.notifyWorker(worker)
    }, delayMs)
    timer.unref()
    timers.add(timer)
  }
  const wakeFor = ({ queue, dueAt, key }: Message): void => {
    if (dueAt !== null) wakeLater(queue, Math.max(0, dueAt - clock.now()) + 5)
    // It may have brought a waiting job forward, of which the database does not notify.
    else if (key !== null) wakeLater(queue, 0)
  }

  /** Moves everything from the outbox to pg-boss, one run at a time. */
  const deliver = (): Promise<void> => {
    delivering = delivering.then(async () => {
      if (closed) return
      try {
        await scopes.outside(deliverOnce)
      } catch (error) {
        log.warn({ err: error }, 'messages wait in the outbox; they are tried again')
      }
    })
    return delivering
  }

  const deliverOnce = async (): Promise<void> => {
    const instance = await boss()
    const names = await outbox(scopes.db()).selectFrom('store_outbox').select('queue').distinct().execute()
    if (names.length === 0) return
    for (const { queue } of names) await ensureQueue(queue)
    const moved = await scopes.tx(async () => {
      const rows = await outbox(scopes.db())
        .deleteFrom('store_outbox')
        .where('id', 'in', (from) =>
          from
            .selectFrom('store_outbox')
            .select('id')
            .where(
              'queue',
              'in',
              names.map(({ queue }) => queue),
            )
            .orderBy('id')
            .limit(1_000)
            .forUpdate()
            .skipLocked(),
        )
        .returning(['id', 'queue', 'data', 'due_at', 'singleton_key'])
        .execute()
      const messages = rows
        .toSorted((a, b) => a.id - b.id)
        .map((row): Message => ({
          queue: row.queue,
          data: JSON.parse(row.data) as object,
          dueAt: row.due_at,
          key: row.singleton_key,
        }))
      for (const message of messages) await hand(instance, message)
      return messages
    })
    for (const message of moved) wakeFor(message)
    if (moved.length > 0) await deliverOnce()
  }

  return {
    async send(queue, data, options = {}) {
      checkQueue(queue)
      const dueAt = options.afterMs === undefined || options.afterMs <= 0 ? null : clock.now() + options.afterMs
      const message: Message = { queue, data, dueAt, key: options.singletonKey ?? null }
      if (running !== undefined && !closed && readyQueues.has(queue)) {
        await hand(running, message)
        scopes.afterCommit(() => {
          wakeFor(message)
        })
        return
      }
      await outbox(scopes.db())
        .insertInto('store_outbox')
        .values({ id: sql`default`, queue, data: JSON.stringify(data), due_at: dueAt, singleton_key: message.key })
        .execute()
      scopes.afterCommit(() => {
        void deliver()
      })
    },

    async work(queue, handler) {
      checkQueue(queue)
      scopes.assertOutside(`jobs.work("${queue}")`)
      await ensureQueue(queue)
      const instance = await boss()
      const id = await scopes.outside(() =>
        instance.work<object, unknown, typeof workOptions>(queue, workOptions, (jobs) =>
          Promise.all(
            jobs.map(async (job) => {
              try {
                await scopes.outside(() => handler(job.data))
                return { id: job.id, status: 'completed' as const }
              } catch (error) {
                log.warn({ err: error, queue, job: job.id }, 'a job failed; the queue tries it again')
                // The first pause is one to two seconds.
                wakeLater(queue, 2_050)
                return {
                  id: job.id,
                  status: 'failed' as const,
                  output: { message: error instanceof Error ? error.message : String(error) },
                }
              }
            }),
          ),
        ),
      )
      workers.set(queue, id)
      void deliver()
    },

    async [Symbol.asyncDispose]() {
      closed = true
      clearInterval(sweep)
      for (const timer of timers) clearTimeout(timer)
      const instance = await starting?.catch(() => undefined)
      await delivering
      await instance?.stop({ graceful: true, close: true, timeout: 5_000 })
    },
  }
}
