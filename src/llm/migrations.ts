// The tables of the llm room: who may call a model through the gateway, every call that was made, budgets.

import type { RoomMigrations } from '#src/store/index.ts'

export interface LlmTables {
  llm_grants: {
    turn_id: string
    token_hash: string
    run_id: string
    workflow_id: string | null
    provider: string
    model: string
    /** Names, as a JSON array. */
    withheld_tools: string
    max_cost_usd: number | null
    max_tokens: number | null
    opened_at: number
    expires_at: number
    closed_at: number | null
    /** Why a call was refused for money, as JSON {message, hint}. */
    refusal: string | null
  }
  llm_calls: {
    id: string
    turn_id: string | null
    run_id: string | null
    workflow_id: string | null
    node_id: string
    provider: string
    model: string
    status: 'open' | 'ok' | 'failed' | 'refused' | 'cut_off'
    http_status: number | null
    input_tokens: number | null
    output_tokens: number | null
    cache_read_tokens: number | null
    cache_write_tokens: number | null
    cost_usd: number | null
    cost_from: 'provider' | 'price' | null
    /** While it is open: what it may come to. */
    reserved_usd: number
    reserved_tokens: number
    started_at: number
    ended_at: number | null
  }
  llm_budget: { id: number; monthly_usd: number | null; per_run_usd: number | null }
}

export const llmMigrations: RoomMigrations = {
  room: 'llm',
  migrations: [
    {
      id: '001_gateway',
      sql: [
        `create table llm_grants (
          turn_id text primary key,
          -- of the token; the token itself is stored nowhere
          token_hash text not null unique,
          run_id text not null,
          workflow_id text,
          provider text not null,
          model text not null,
          -- JSON array: what the agent offers of its own accord and its step did not ask for
          withheld_tools text not null,
          max_cost_usd double precision,
          max_tokens bigint,
          opened_at bigint not null,
          expires_at bigint not null,
          closed_at bigint,
          refusal text
        )`,
        `create table llm_calls (
          id text primary key,
          turn_id text,
          run_id text,
          workflow_id text,
          node_id text not null,
          provider text not null,
          model text not null,
          status text not null,
          http_status integer,
          input_tokens bigint,
          output_tokens bigint,
          cache_read_tokens bigint,
          cache_write_tokens bigint,
          cost_usd double precision,
          cost_from text,
          reserved_usd double precision not null default 0,
          reserved_tokens bigint not null default 0,
          started_at bigint not null,
          ended_at bigint
        )`,
        `create index llm_calls_run on llm_calls (run_id, started_at)`,
        `create index llm_calls_turn on llm_calls (turn_id)`,
        `create index llm_calls_time on llm_calls (started_at)`,
        `create index llm_calls_open on llm_calls (node_id) where status = 'open'`,
        `create table llm_budget (
          id integer primary key,
          monthly_usd double precision,
          per_run_usd double precision
        )`,
      ],
    },
  ],
}
