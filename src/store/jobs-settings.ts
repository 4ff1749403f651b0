// How pg-boss is set up: what it checks and how often, what a queue promises.

import type { ConstructorOptions, QueueOptions } from 'pg-boss'
import { MaestroError } from '#src/core/index.ts'
import type { Database } from './database.ts'
import { embeddedBossDb } from './jobs-pglite.ts'

const daySeconds = 24 * 60 * 60

export const queueOptions = {
  // One waiting job for a key: a second wake-up adds nothing to the first.
  policy: 'short',
  notify: true,
  // Without it, a job of a node that died would come back only after its expiry.
  heartbeatSeconds: 10,
  expireInSeconds: daySeconds,
  retryLimit: 20,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  deleteAfterSeconds: 60 * 60,
} as const satisfies QueueOptions & { policy: string; notify: boolean }

/** Checked when it is sent: in the outbox, a name that pg-boss refuses would stand in the way of all others. */
export function checkQueue(queue: string): void {
  if (/^[a-z][a-z0-9_-]{0,59}$/.test(queue)) return
  throw new MaestroError(
    'invalid_input',
    `${JSON.stringify(queue)} is not a queue: lower-case letters, digits, _ and -, at most 60, starting with a letter`,
  )
}

/** Jobs are fetched by the handful and run side by side; a full hand means there is more to fetch at once. */
export const workOptions = {
  batchSize: 8,
  localConcurrency: 2,
  burstWhenBatchFull: true,
  perJobResults: true,
  pollingIntervalSeconds: 2,
  // Wake-ups come by NOTIFY and timers; this finds what another node's timer would have woken.
  notifyPollingIntervalSeconds: 5,
} as const

export function bossOptions(database: Database): ConstructorOptions {
  const common: ConstructorOptions = {
    useListenNotify: true,
    schedule: false,
    monitorVacuum: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60 * 60,
  }
  if (database.kind === 'postgres') {
    return { ...common, connectionString: database.connectionString, application_name: 'maestro-jobs', max: 4 }
  }
  return {
    ...common,
    db: embeddedBossDb(database),
    backend: 'pglite',
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
  }
}
