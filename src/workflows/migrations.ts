// The tables of the workflows room. A run's status is its task's; these rows hold what only a workflow
// knows: the snapshot, and for each step its recorded result.

import type { RoomMigrations } from '#src/store/index.ts'

export const workflowsMigrations: RoomMigrations = {
  room: 'workflows',
  migrations: [
    {
      id: '001_runs',
      sql: [
        `create table workflow_runs (
          run_id text primary key,
          workflow_id text not null,
          workflow_name text not null,
          -- the definition as it was when the run was asked for, with every default resolved
          snapshot text not null,
          trigger text not null,
          rerun_of text,
          step_count integer not null,
          -- JSON array: who plays in it
          agents text not null,
          -- when a person last let it go on: the time limit counts from then, not the wait
          resumed_at bigint
        )`,
        `create table workflow_run_steps (
          run_id text not null,
          idx integer not null,
          status text not null,
          output text,
          error text,
          usage text,
          -- the turn whose result this is, and whose checkpoint the next step goes on from
          turn_id text,
          started_at bigint,
          ended_at bigint,
          primary key (run_id, idx)
        )`,
        `create table workflow_attempts (
          run_id text not null,
          idx integer not null,
          number integer not null,
          turn_id text not null,
          retryable boolean not null default false,
          primary key (run_id, idx, number)
        )`,
      ],
    },
    {
      id: '002_chains',
      sql: [
        `alter table workflow_runs
          -- the run whose success started this one, and how many such starts led here
          add column parent_run_id text,
          add column depth integer not null default 0,
          -- the first step that was not taken over from rerun_of
          add column rerun_from integer,
          -- the turn whose conversation the first step goes on with, and who holds it
          add column continue_turn text,
          add column continue_agent text`,
        `create index workflow_runs_parent on workflow_runs (parent_run_id) where parent_run_id is not null`,
        // its result stands here because another run recorded it
        `alter table workflow_run_steps add column reused boolean not null default false`,
        `alter table workflow_attempts
          add column provider text,
          add column model text,
          -- 0: the step's own; n: its n-th fallback
          add column model_index integer not null default 0`,
      ],
    },
    {
      id: '003_versions',
      sql: [
        `create table workflow_versions (
          -- whose data folder it stands in
          node_id text not null,
          workflow_id text not null,
          -- from the making of a workflow to its deletion: an id may be used again
          life text not null,
          seq integer not null,
          version text not null,
          saved_at bigint not null,
          -- null: found on the disk
          saved_by text,
          name text not null,
          step_count integer not null,
          summary text not null,
          content text not null,
          deleted_at bigint,
          primary key (node_id, workflow_id, life, seq)
        )`,
      ],
    },
  ],
}
