// What model calls have cost: by day, model and workflow. Days and months are UTC. Calls that were refused
// are no calls here; calls whose cost nobody told are counted apart and in no sum of money.

import { sql } from 'kysely'
import { type Clock, DAY } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Budget, Spend, SpendSum } from './contract.ts'
import type { LlmTables } from './migrations.ts'

export interface SpendDeps {
  readonly store: Pick<Store, 'db'>
  readonly budget: () => Promise<Budget>
  readonly clock: Clock
}

/** @param days how many, today included */
export async function viewSpend({ store, budget, clock }: SpendDeps, days: number): Promise<Spend> {
  const today = Math.floor(clock.now() / DAY)
  const since = (today - days + 1) * DAY
  const now = new Date(clock.now())
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)
  const calls = (from: number) =>
    store
      .db<LlmTables>()
      .selectFrom('llm_calls')
      .where('started_at', '>=', from)
      .where('status', '<>', 'refused')
      .select(({ fn }) => [
        fn.sum('cost_usd').as('cost'),
        fn.countAll().as('calls'),
        sql`count(*) filter (where cost_usd is null and status in ('ok', 'cut_off'))`.as('unknown'),
        fn.sum('input_tokens').as('input'),
        fn.sum('output_tokens').as('output'),
      ])
  const day = sql<number>`started_at / ${sql.lit(DAY)}`
  const [byDay, byModel, byWorkflow, ofMonth, limits] = await Promise.all([
    calls(since).select(day.as('day')).groupBy(day).execute(),
    calls(since).select(['provider', 'model']).groupBy(['provider', 'model']).execute(),
    calls(since).select('workflow_id').groupBy('workflow_id').execute(),
    calls(month).executeTakeFirst(),
    budget(),
  ])
  const sums = new Map(byDay.map((row) => [row.day, toSum(row)]))
  return {
    today: sums.get(today) ?? toSum(undefined),
    month: toSum(ofMonth),
    budget: limits,
    days: Array.from({ length: days }, (_, index) => {
      const date = today - days + 1 + index
      return { date: new Date(date * DAY).toISOString().slice(0, 10), ...(sums.get(date) ?? toSum(undefined)) }
    }),
    models: byModel.map((row) => ({ provider: row.provider, model: row.model, ...toSum(row) })).sort(byCost),
    workflows: byWorkflow.map((row) => ({ workflowId: row.workflow_id, ...toSum(row) })).sort(byCost),
  }
}

type SumRow = Readonly<Record<'cost' | 'calls' | 'unknown' | 'input' | 'output', unknown>>

function toSum(row: SumRow | undefined): SpendSum {
  return {
    costUsd: Math.round(Number(row?.cost ?? 0) * 1e8) / 1e8,
    calls: Number(row?.calls ?? 0),
    unknownCalls: Number(row?.unknown ?? 0),
    inputTokens: Number(row?.input ?? 0),
    outputTokens: Number(row?.output ?? 0),
  }
}

const byCost = (a: SpendSum, b: SpendSum): number => b.costUsd - a.costUsd || b.calls - a.calls
