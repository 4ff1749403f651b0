// SQL of calls, grants and budgets. Takes and gives hashes only; a token never reaches this file.

import { type Kysely, sql } from 'kysely'
import type { Store } from '#src/store/index.ts'
import type { Budget, ModelCall } from '../contract.ts'
import type { LlmTables } from '../migrations.ts'
import type { Sums } from './budget.ts'
import type { CallUsage } from './usage.ts'

export type GrantRow = LlmTables['llm_grants']
export type CallRow = LlmTables['llm_calls']

export interface CallEnd {
  readonly status: 'ok' | 'failed' | 'cut_off'
  readonly httpStatus: number | null
  readonly usage: CallUsage
  readonly costUsd: number | null
  readonly costFrom: 'provider' | 'price' | null
  readonly endedAt: number
}

export type CallsRepo = ReturnType<typeof createCallsRepo>

export function createCallsRepo(store: Pick<Store, 'db' | 'tx'>) {
  const db = () => store.db<LlmTables>()

  return {
    tx: <R>(work: () => Promise<R>): Promise<R> => store.tx(work),

    /** A turn that is prepared again gets a new token, and its old one opens nothing any more. */
    async insertGrant(grant: GrantRow): Promise<void> {
      const { turn_id: _, ...changes } = grant
      await db()
        .insertInto('llm_grants')
        .values(grant)
        .onConflict((conflict) => conflict.column('turn_id').doUpdateSet(changes))
        .execute()
    },
    async findOpenGrant(hash: string, now: number): Promise<GrantRow | undefined> {
      return db()
        .selectFrom('llm_grants')
        .selectAll()
        .where('token_hash', '=', hash)
        .where('closed_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
    },
    async findGrant(turnId: string): Promise<GrantRow | undefined> {
      return db().selectFrom('llm_grants').selectAll().where('turn_id', '=', turnId).executeTakeFirst()
    },
    async closeGrant(turnId: string, now: number): Promise<void> {
      await db()
        .updateTable('llm_grants')
        .set({ closed_at: now })
        .where('turn_id', '=', turnId)
        .where('closed_at', 'is', null)
        .execute()
    },
    async noteRefusal(turnId: string, refusal: string): Promise<void> {
      await db().updateTable('llm_grants').set({ refusal }).where('turn_id', '=', turnId).execute()
    },

    /** Held to the end of the transaction, so that of two calls at once one sees the other's reservation. */
    async lockBudgets(): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtext('llm_budget'))`.execute(db())
    },
    async sumsOfRun(runId: string): Promise<Sums> {
      return sumsOf(await sums(db()).where('run_id', '=', runId).executeTakeFirst())
    },
    async sumsSince(since: number): Promise<Sums> {
      return sumsOf(await sums(db()).where('started_at', '>=', since).executeTakeFirst())
    },
    /** What the latest calls of a model cost on average; null when none has told. */
    async recentCost(provider: string, model: string): Promise<number | null> {
      const rows = await db()
        .selectFrom('llm_calls')
        .select('cost_usd')
        .where('provider', '=', provider)
        .where('model', '=', model)
        .where('cost_usd', 'is not', null)
        .orderBy('started_at', 'desc')
        .limit(5)
        .execute()
      const costs = rows.flatMap((row) => row.cost_usd ?? [])
      return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0) / costs.length
    },

    async insertCall(call: CallRow): Promise<void> {
      await db().insertInto('llm_calls').values(call).execute()
    },
    /** A call that was given up in the meantime keeps that end. */
    async settleCall(id: string, end: CallEnd): Promise<void> {
      const { usage } = end
      // What was cut off has cost something that nobody tells: for budgets it is what it might have come to.
      const isUntold = end.status === 'cut_off'
      await db()
        .updateTable('llm_calls')
        .set({
          status: end.status,
          http_status: end.httpStatus,
          input_tokens: usage.inputTokens,
          output_tokens: usage.outputTokens,
          cache_read_tokens: usage.cacheReadTokens,
          cache_write_tokens: usage.cacheWriteTokens,
          cost_usd: end.costUsd,
          cost_from: end.costFrom,
          ...(isUntold && end.costUsd === null ? {} : { reserved_usd: 0 }),
          ...(isUntold && usage.inputTokens === null ? {} : { reserved_tokens: 0 }),
          ended_at: end.endedAt,
        })
        .where('id', '=', id)
        .where('status', '=', 'open')
        .execute()
    },
    /** What they had reserved stays, as in `settleCall`. */
    async cutOff(of: { turnId: string } | { nodeId: string }, now: number): Promise<void> {
      const update = db()
        .updateTable('llm_calls')
        .set({ status: 'cut_off', ended_at: now })
        .where('status', '=', 'open')
      await (
        'turnId' in of ? update.where('turn_id', '=', of.turnId) : update.where('node_id', '=', of.nodeId)
      ).execute()
    },
    async callsOfTurn(turnId: string): Promise<CallRow[]> {
      return db().selectFrom('llm_calls').selectAll().where('turn_id', '=', turnId).execute()
    },
    async callsOfRun(runId: string, limit: number): Promise<CallRow[]> {
      return db()
        .selectFrom('llm_calls')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('started_at')
        .orderBy('id')
        .limit(limit)
        .execute()
    },

    async budget(): Promise<Budget> {
      const row = await db().selectFrom('llm_budget').selectAll().where('id', '=', 1).executeTakeFirst()
      return { monthlyUsd: row?.monthly_usd ?? null, perRunUsd: row?.per_run_usd ?? null }
    },
    async setBudget({ monthlyUsd, perRunUsd }: Budget): Promise<void> {
      const values = { monthly_usd: monthlyUsd, per_run_usd: perRunUsd }
      await db()
        .insertInto('llm_budget')
        .values({ id: 1, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute()
    },
  }
}

function sums(db: Kysely<LlmTables>) {
  return db
    .selectFrom('llm_calls')
    .select(({ fn }) => [
      fn.sum('cost_usd').as('spent'),
      fn.sum('reserved_usd').as('reserved'),
      fn.sum('input_tokens').as('input'),
      fn.sum('output_tokens').as('output'),
      fn.sum('reserved_tokens').as('reservedTokens'),
    ])
}

type SumRow = Readonly<Record<'spent' | 'reserved' | 'input' | 'output' | 'reservedTokens', unknown>>

/** Sums come as text or null, by their type and the driver. */
function sumsOf(row: SumRow | undefined): Sums {
  return {
    spentUsd: Number(row?.spent ?? 0),
    reservedUsd: Number(row?.reserved ?? 0),
    tokens: Number(row?.input ?? 0) + Number(row?.output ?? 0),
    reservedTokens: Number(row?.reservedTokens ?? 0),
  }
}

export function toModelCall(row: CallRow): ModelCall {
  return {
    id: row.id,
    runId: row.run_id,
    turnId: row.turn_id,
    provider: row.provider,
    model: row.model,
    status: row.status,
    httpStatus: row.http_status,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    costUsd: row.cost_usd,
    costFrom: row.cost_from,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}
