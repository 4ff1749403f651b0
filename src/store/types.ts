// What the store gives the other rooms. One SQL dialect (PostgreSQL), embedded or on a server.

import type { Kysely } from 'kysely'

export interface Store {
  readonly kind: 'pglite' | 'postgres'
  readonly dataDir: string
  /**
   * The current transaction when called inside `tx`, else the database. `T` names only the caller's
   * own tables. Always ask again; never keep it across a `tx` border (on PGlite a query on the outer
   * handle inside a transaction would hang for ever, so a kept handle is refused there).
   */
  db<T>(): Kysely<T>
  /** Runs `work` in one transaction; nested calls join the outer one. */
  tx<R>(work: () => Promise<R>): Promise<R>
  /** Runs `effect` after the outermost transaction has committed; at once outside of one. Dropped on rollback. */
  afterCommit(effect: () => void): void
  /** Sends to every node (this one too), within the current transaction. At most 7,000 bytes. */
  notify(channel: string, payload: string): Promise<void>
  /** Calls `onMessage` for each payload; on a lost connection calls `onGap`, since payloads may have been missed. */
  listen(channel: string, onMessage: (payload: string) => void, onGap?: () => void): Promise<AsyncDisposable>
  readonly jobs: Jobs
  readonly secrets: Secrets
  /** @throws `storage_full` when less than the reserve is free on the data folder's disk. */
  assertSpace(): Promise<void>
  /** Is the database answering, is there space: for health and doctor. */
  health(): Promise<{ database: 'ok' | 'down'; freeBytes: number; reserveBytes: number; detail: string | null }>
  [Symbol.asyncDispose](): Promise<void>
}

/** Wake-ups and timers on pg-boss: delivery, delay, work sharing. A job is never the truth about work. */
export interface Jobs {
  /** In the current transaction: sent when it commits, not sent when it does not. */
  send(queue: string, data: object, options?: { afterMs?: number; singletonKey?: string }): Promise<void>
  /** Calls `handler` for each job of the queue, on whichever node gets it. A throw is retried by the queue. */
  work(queue: string, handler: (data: unknown) => Promise<void>): Promise<void>
}

/** Named values, encrypted at rest (AES-256-GCM), write-only from outside. */
export interface Secrets {
  set(name: string, value: string): Promise<void>
  /** For the code that hands a secret to its consumer. Never for a surface. */
  reveal(name: string): Promise<string | undefined>
  /** `hint` = the last 4 characters when the value has at least 12, else null. */
  list(): Promise<{ name: string; hint: string | null; updatedAt: number }[]>
  delete(name: string): Promise<boolean>
  /** Every stored value, for the redactor. */
  values(): readonly string[]
  /** Encrypts bytes of another room (checkpoints) under the same key. */
  seal(plain: Uint8Array): Uint8Array
  open(sealed: Uint8Array): Uint8Array
  /** 32 bytes made from the key for one purpose, the same on every node that has the key. */
  derive(purpose: string): Uint8Array
}

/** One step of the schema. Rooms own theirs; `id` sorts within the room: `001_tasks`. */
export interface Migration {
  readonly id: string
  /** Statements in order, run in one transaction with the record that they ran. */
  readonly sql: readonly string[]
}

export interface RoomMigrations {
  readonly room: string
  readonly migrations: readonly Migration[]
}
