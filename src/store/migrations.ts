// The store's own tables.

import type { RoomMigrations } from './types.ts'

export const storeMigrations: RoomMigrations = {
  room: 'store',
  migrations: [
    {
      id: '001_outbox',
      sql: [
        `create table store_outbox (
          id bigint generated always as identity primary key,
          queue text not null,
          data text not null,
          due_at bigint,
          singleton_key text)`,
      ],
    },
    {
      id: '002_secrets',
      sql: [
        `create table store_secrets (
          name text primary key,
          sealed bytea not null,
          updated_at bigint not null)`,
        // One row: a known text under the key, so that a wrong key is found at the start.
        `create table store_key_check (
          id integer primary key check (id = 1),
          sealed bytea not null)`,
      ],
    },
  ],
}
