// The audit log: append-only rows in one hash chain. `body` is the canonical JSON that was hashed, so
// that checking needs no knowledge of columns; the head row is the lock that orders writers of all nodes.

import type { RoomMigrations } from '#src/store/index.ts'

export interface CallsTables {
  calls_audit: { seq: number; body: string; previous_hash: string; hash: string }
  calls_audit_head: { id: number; seq: number; hash: string }
}

/** Hash before the first row. */
export const genesisHash = '0'.repeat(64)

export const callsMigrations: RoomMigrations = {
  room: 'calls',
  migrations: [
    {
      id: '001_audit',
      sql: [
        `create table calls_audit (
           seq bigint primary key,
           body text not null,
           previous_hash text not null,
           hash text not null
         )`,
        `create table calls_audit_head (
           id integer primary key check (id = 1),
           seq bigint not null,
           hash text not null
         )`,
        `insert into calls_audit_head (id, seq, hash) values (1, 0, '${genesisHash}')`,
        `create function calls_audit_is_append_only() returns trigger language plpgsql as $$
           begin raise exception 'the audit log is append-only'; end
         $$`,
        `create trigger calls_audit_append_only before update or delete or truncate on calls_audit
           for each statement execute function calls_audit_is_append_only()`,
      ],
    },
  ],
}
