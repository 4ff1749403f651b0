// Who may call a model through the gateway: one grant a turn, opened before its agent starts and closed when
// it has ended. The token is random and kept nowhere but with the agent; here is its hash.

import { createHash, randomBytes } from 'node:crypto'
import { type Clock, MaestroError } from '#src/core/index.ts'
import type { ProviderApi } from '../contract.ts'
import type { Models } from '../models.ts'
import type { CallRow, CallsRepo } from './calls-repo.ts'
import type { Ledger } from './ledger.ts'

export interface GrantRequest {
  readonly turnId: string
  readonly runId: string
  readonly provider: string
  readonly model: string
  /** Tools that the agent's program offers the model by itself; taken out of its calls. */
  readonly withheldTools: readonly string[]
  /** Of the whole run. Null: the general limit. */
  readonly budget: { readonly maxCostUsd: number | null; readonly maxTokens: number | null }
  /** When it ends by itself, whatever becomes of the turn. */
  readonly untilMs: number
}

/** What an agent is pointed at: the gateway, with a token as its key. */
export interface GrantedAccess {
  readonly provider: string
  readonly model: string
  readonly api: ProviderApi
  readonly baseUrl: string
  readonly apiKey: string
}

export interface GrantUse {
  readonly calls: number
  /** What the calls came to; null when there was none. A figure that one of them did not tell is unknown. */
  readonly usage: {
    readonly inputTokens: number | null
    readonly outputTokens: number | null
    readonly cacheReadTokens: number | null
    readonly cacheWriteTokens: number | null
    readonly costUsd: number | null
  } | null
  /** A call was refused because a budget had been reached. */
  readonly refusal: { readonly message: string; readonly hint: string } | null
  /** The gateway was away for a part of the turn, and no call has worked since it came back. */
  readonly wasCutOff: boolean
}

export interface Grants {
  /**
   * @throws `not_ready` without the provider's key, `invalid_input` for an unknown provider, `limit_exceeded`
   *         when a budget is used up already, `unavailable` while the gateway does not listen
   */
  open(request: GrantRequest): Promise<GrantedAccess>
  /** Ends the turn's calls and sums them up. May be asked again: says the same. */
  close(turnId: string): Promise<GrantUse>
}

interface Deps {
  readonly repo: CallsRepo
  readonly ledger: Ledger
  readonly models: Pick<Models, 'access'>
  readonly workflowOf: (runId: string) => Promise<string | null>
  readonly url: () => string | null
  readonly startedAt: () => number
  /** Resolves when the calls of the turn that were under way are settled. */
  readonly endCalls: (turnId: string) => Promise<void>
  readonly clock: Clock
}

export function createGrants(deps: Deps): Grants {
  const { repo, ledger, models, clock } = deps
  return {
    async open({ turnId, runId, provider, model, withheldTools, budget, untilMs }) {
      const access = await models.access(provider)
      const url = deps.url()
      if (url === null) {
        throw new MaestroError('unavailable', 'the gateway for model calls is not listening', {
          hint: 'look into the log for why its port could not be opened, then start Maestro again',
        })
      }
      const token = newToken()
      const grant = {
        turn_id: turnId,
        token_hash: hashOf(token),
        run_id: runId,
        workflow_id: await deps.workflowOf(runId),
        provider,
        model,
        withheld_tools: JSON.stringify(withheldTools),
        max_cost_usd: budget.maxCostUsd,
        max_tokens: budget.maxTokens,
        opened_at: clock.now(),
        expires_at: untilMs,
        closed_at: null,
        refusal: null,
      }
      const exceeded = await ledger.check(grant)
      if (exceeded !== null) throw new MaestroError('limit_exceeded', exceeded.message, { hint: exceeded.hint })
      await repo.insertGrant(grant)
      const baseUrl = access.api === 'openai' ? `${url}/v1` : url
      return { provider, model, api: access.api, baseUrl, apiKey: token }
    },

    async close(turnId) {
      // Shut first: a call that is let in while those under way end would be settled by nobody.
      await repo.closeGrant(turnId, clock.now())
      await deps.endCalls(turnId)
      await repo.cutOff({ turnId }, clock.now())
      const [grant, rows] = [await repo.findGrant(turnId), await repo.callsOfTurn(turnId)]
      const calls = rows.filter((row) => row.status !== 'refused')
      const startedAt = deps.startedAt()
      const worksSince = calls.some((row) => row.status === 'ok' && (row.ended_at ?? 0) >= startedAt)
      return {
        calls: calls.length,
        usage: calls.length === 0 ? null : usageOf(calls),
        refusal: grant?.refusal == null ? null : (JSON.parse(grant.refusal) as { message: string; hint: string }),
        wasCutOff: grant !== undefined && grant.opened_at < startedAt && !worksSince,
      }
    },
  }
}

/** Recognisable to people and secret scanners. */
function newToken(): string {
  return `mgt_${randomBytes(32).toString('base64url')}`
}

/** What is stored and looked up: comparing hashes in an index says nothing about the token. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

const figures = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'costUsd'] as const
const columns = {
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadTokens: 'cache_read_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  costUsd: 'cost_usd',
} as const

/**
 * A call that the provider answered with an error, or that never reached it, used nothing. One whose figure
 * is not known makes the sum unknown: a sum without it would be too low and look exact.
 */
function usageOf(calls: readonly CallRow[]): NonNullable<GrantUse['usage']> {
  const billed = calls.filter((row) => row.status !== 'failed' || row.cost_usd !== null)
  const sumOf = (figure: (typeof figures)[number]): number | null => {
    let sum = 0
    for (const row of billed) {
      const value = row[columns[figure]]
      if (value === null) return null
      sum += value
    }
    // Binary fractions: a millionth of a cent is enough.
    return Math.round(sum * 1e8) / 1e8
  }
  return {
    inputTokens: sumOf('inputTokens'),
    outputTokens: sumOf('outputTokens'),
    cacheReadTokens: sumOf('cacheReadTokens'),
    cacheWriteTokens: sumOf('cacheWriteTokens'),
    costUsd: sumOf('costUsd'),
  }
}
