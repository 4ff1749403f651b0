// The audit log: append-only rows in one hash chain. `body` is the canonical JSON that was hashed, so
// that checking needs no knowledge of columns; the head row is the lock that orders writers of all nodes.
// Beside it rules, the brakes (one row, whose version rises with every change of rules or brakes) and approvals.

import type { RoomMigrations } from '#src/store/index.ts'

export interface CallsTables {
  calls_audit: { seq: number; body: string; previous_hash: string; hash: string }
  calls_audit_head: { id: number; seq: number; hash: string }
  calls_policy: {
    id: number
    version: number
    paused: boolean
    read_only: boolean
    since: number | null
    changed_by: string | null
  }
  /** `body`: a Rule as JSON. */
  calls_rules: { id: string; body: string; created_at: number }
  calls_approvals: {
    id: string
    /** SHA-256 of caller, tool, subject, input and folder: what a yes is good for. */
    binding: string
    /** Key of the caller, for limits and for who may see it. */
    caller: string
    actor: string
    tool: string
    title: string
    subject: string
    input: string
    is_input_cut: boolean
    input_sha256: string
    reason: string
    /** `expired` is written late: what `expires_at` says wins. */
    state: 'pending' | 'approved' | 'denied' | 'expired' | 'used'
    created_at: number
    expires_at: number
    decided_at: number | null
    decided_by: string | null
    decided_via: 'page' | 'cli' | 'api' | 'elicitation' | null
  }
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
    {
      id: '002_policy',
      sql: [
        `create table calls_policy (
           id integer primary key check (id = 1),
           version bigint not null,
           paused boolean not null,
           read_only boolean not null,
           since bigint,
           changed_by text
         )`,
        `insert into calls_policy (id, version, paused, read_only) values (1, 1, false, false)`,
        `create table calls_rules (
           id text primary key,
           body text not null,
           created_at bigint not null
         )`,
        `create table calls_approvals (
           id text primary key,
           binding text not null,
           caller text not null,
           actor text not null,
           tool text not null,
           title text not null,
           subject text not null,
           input text not null,
           is_input_cut boolean not null,
           input_sha256 text not null,
           reason text not null,
           state text not null,
           created_at bigint not null,
           expires_at bigint not null,
           decided_at bigint,
           decided_by text,
           decided_via text
         )`,
        // One question is open at a time for one call, whoever asks it how often at once.
        `create unique index calls_approvals_open on calls_approvals (binding)
           where state in ('pending', 'approved')`,
        `create index calls_approvals_newest on calls_approvals (created_at desc, id desc)`,
      ],
    },
  ],
}
