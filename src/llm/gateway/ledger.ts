// The books of the gateway: a call is entered before it goes out, with what it may come to, and settled
// when its answer has ended. Refuses what no budget covers. Whatever is asked here is in the database: a
// second node, or this one after a restart, reads the same.

import type { Clock, Ids } from '#src/core/index.ts'
import type { ModelPrice } from '../contract.ts'
import { costOf, estimate, type Exceeded, findExceeded, type Limits } from './budget.ts'
import type { CallRow, CallsRepo, GrantRow } from './calls-repo.ts'
import type { CallUsage } from './usage.ts'

export interface OpenCall {
  readonly id: string
}

export interface CallOutcome {
  readonly status: 'ok' | 'failed' | 'cut_off'
  readonly httpStatus: number | null
  readonly usage: CallUsage
}

/** Whose budgets count: what a grant knows, before and after it is one. */
export type Payer = Pick<
  GrantRow,
  'turn_id' | 'run_id' | 'workflow_id' | 'provider' | 'model' | 'max_cost_usd' | 'max_tokens'
>

export interface Ledger {
  /** Which limit, if any, is reached before anything more is spent. */
  check(payer: Payer): Promise<Exceeded | null>
  /** Enters a call, or refuses it and notes that on its grant: `Exceeded`. */
  begin(payer: Payer, model: string, bodyBytes: number): Promise<OpenCall | Exceeded>
  settle(call: OpenCall, payer: Payer, outcome: CallOutcome): Promise<void>
}

interface Deps {
  readonly repo: CallsRepo
  readonly nodeId: string
  readonly clock: Clock
  readonly ids: Ids
  readonly priceOf: (provider: string, model: string) => Promise<ModelPrice | null>
}

export function createLedger({ repo, nodeId, clock, ids, priceOf }: Deps): Ledger {
  async function limitsOf(payer: Payer): Promise<Limits> {
    const budget = await repo.budget()
    return {
      runUsd: payer.max_cost_usd ?? budget.perRunUsd,
      isOwn: payer.max_cost_usd !== null,
      runTokens: payer.max_tokens,
      monthUsd: budget.monthlyUsd,
    }
  }

  async function exceededBy(limits: Limits, payer: Payer): Promise<Exceeded | null> {
    const isRunLimited = limits.runUsd !== null || limits.runTokens !== null
    const run = isRunLimited ? await repo.sumsOfRun(payer.run_id) : null
    const month = limits.monthUsd === null ? null : await repo.sumsSince(startOfMonth(clock.now()))
    return findExceeded(limits, run, month)
  }

  function rowOf(payer: Payer, model: string, changes: Partial<CallRow>): CallRow {
    return {
      id: ids('call'),
      turn_id: payer.turn_id,
      run_id: payer.run_id,
      workflow_id: payer.workflow_id,
      node_id: nodeId,
      provider: payer.provider,
      model,
      status: 'open',
      http_status: null,
      input_tokens: null,
      output_tokens: null,
      cache_read_tokens: null,
      cache_write_tokens: null,
      cost_usd: null,
      cost_from: null,
      reserved_usd: 0,
      reserved_tokens: 0,
      started_at: clock.now(),
      ended_at: null,
      ...changes,
    }
  }

  return {
    check: async (payer) => exceededBy(await limitsOf(payer), payer),

    async begin(payer, model, bodyBytes) {
      const price = await priceOf(payer.provider, payer.model)
      return repo.tx(async () => {
        const limits = await limitsOf(payer)
        const isLimited = limits.runUsd !== null || limits.runTokens !== null || limits.monthUsd !== null
        if (isLimited) await repo.lockBudgets()
        const exceeded = isLimited ? await exceededBy(limits, payer) : null
        if (exceeded !== null) {
          await repo.insertCall(rowOf(payer, model, { status: 'refused', http_status: 402, ended_at: clock.now() }))
          await repo.noteRefusal(payer.turn_id, JSON.stringify(exceeded))
          return exceeded
        }
        const recentUsd = isLimited ? await repo.recentCost(payer.provider, model) : null
        const { usd, tokens } = estimate(bodyBytes, price, recentUsd)
        const row = rowOf(payer, model, { reserved_usd: usd, reserved_tokens: tokens })
        await repo.insertCall(row)
        return { id: row.id }
      })
    },

    async settle(call, payer, { status, httpStatus, usage }) {
      const told = usage.costUsd
      // An answer that was cut off has used more than it had told by then.
      const price = told === null && status !== 'cut_off' ? await priceOf(payer.provider, payer.model) : null
      const byPrice = price === null ? null : costOf(price, usage)
      await repo.settleCall(call.id, {
        status,
        httpStatus,
        usage: status === 'cut_off' && told === null ? { ...usage, outputTokens: null } : usage,
        costUsd: told ?? byPrice,
        costFrom: told !== null ? 'provider' : byPrice !== null ? 'price' : null,
        endedAt: clock.now(),
      })
    },
  }
}

/** Months and days of money are UTC, wherever the server is. */
function startOfMonth(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}
