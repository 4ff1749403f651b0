// The tables of the tasks room: nodes, tasks, their one event log per root.

import type { RoomMigrations } from '#src/store/index.ts'

export const tasksMigrations: RoomMigrations = {
  room: 'tasks',
  migrations: [
    {
      id: '001_tasks',
      sql: [
        `create table task_nodes (
          id text primary key,
          name text not null,
          -- ms of database time, so that nodes with wrong clocks agree
          lease_until bigint not null,
          started_at bigint not null
        )`,
        `create table tasks (
          id text primary key,
          kind text not null,
          title text not null,
          status text not null,
          root_id text not null,
          parent_id text,
          started_by text not null,
          place text,
          subject text,
          executed text not null default 'no',
          spec text not null,
          idempotency_key text unique,
          -- who works on it, under which fence; null when nobody does
          node_id text,
          fence integer not null default 0,
          created_at bigint not null,
          started_at bigint,
          ended_at bigint,
          stop_requested_at bigint,
          stop_reason text,
          waiting_for text,
          error text,
          usage text,
          -- source bytes behind the events of this task
          out_offset bigint not null default 0,
          err_offset bigint not null default 0,
          -- of the root's log; only meaningful on a root
          last_seq bigint not null default 0
        )`,
        `create index tasks_live on tasks (status, kind) where status in ('queued', 'running', 'waiting')`,
        `create index tasks_newest on tasks (kind, created_at desc, id desc)`,
        `create index tasks_subject on tasks (subject, created_at desc, id desc) where subject is not null`,
        `create index tasks_root on tasks (root_id)`,
        `create table task_events (
          root_id text not null,
          seq bigint not null,
          task_id text not null,
          at bigint not null,
          body text not null,
          primary key (root_id, seq)
        )`,
      ],
    },
    {
      id: '002_results',
      sql: [
        // what it came to, JSON; written with the end
        `alter table tasks add column result text`,
        // who started it, by a name that stays; see may-see.ts
        `alter table tasks add column actor_key text`,
        `create index tasks_of_actor on tasks (actor_key, created_at desc, id desc) where kind = 'command'`,
      ],
    },
  ],
}
