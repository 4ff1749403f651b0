// Calls that wait for a person. One approval is for one caller, tool, resolved subject, input and folder; it is good
// once and for ten minutes, and it is used up in the transaction that records the call's beginning.
//
//   pending -> approved -> used          pending, approved -> expired (by the clock)
//   pending -> denied                    a "no" answers the same call for ten minutes more

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Actor, actorKey, type Clock, DAY, type Ids, MaestroError, MINUTE, SECOND } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { Approval, type approvalStates } from './contract.ts'
import type { CallsTables } from './migrations.ts'
import type { ShownInput } from './shown-input.ts'

/** What a yes is for. */
export interface AskedCall {
  readonly actor: Actor
  readonly tool: string
  readonly title: string
  readonly subject: readonly string[]
  readonly inputSha256: string
  /** Where relative paths of the caller begin, if it has a place. */
  readonly cwd: string | undefined
}

/** What a person is shown of it. */
export interface Question {
  /** Why it is asked, in words. */
  readonly reason: string
  readonly subject: readonly string[]
  input(): ShownInput
}

export interface ApprovalFilter {
  readonly state?: (typeof approvalStates)[number] | undefined
  /** Only of this caller. */
  readonly caller?: string | undefined
  readonly limit: number
}

export interface Approvals {
  /** Uses up the yes to this call, if there is one: its id. Of several at once, one gets it. */
  take(call: AskedCall): Promise<string | undefined>
  /**
   * The approval of this call that is open, or a new one. A "no" of the last ten minutes comes back as it is.
   * @throws `limit_exceeded` when this caller has too many open
   */
  ask(call: AskedCall, question: Question): Promise<Approval>
  /** @throws `not_found` */
  get(id: string): Promise<Approval>
  /** Newest first. */
  list(filter: ApprovalFilter): Promise<Approval[]>
  /** @throws `not_found`; `conflict` when it was decided already or is too old */
  decide(actor: Actor, id: string, isApproved: boolean, via: NonNullable<Approval['decidedVia']>): Promise<Approval>
}

const lifetimeMs = 10 * MINUTE
const keptMs = 30 * DAY
const maxOpen = 20

type Row = CallsTables['calls_approvals']

export function createApprovals(deps: {
  store: Store
  clock: Clock
  ids: Ids
  onChanged: () => Promise<void>
}): Approvals {
  const { store, clock, ids, onChanged } = deps
  const db = () => store.db<CallsTables>()

  async function get(id: string): Promise<Approval> {
    const row = await db().selectFrom('calls_approvals').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw unknown(id)
    return toApproval(row, clock.now())
  }

  return {
    get,

    async take(call) {
      const row = await db()
        .updateTable('calls_approvals')
        .set({ state: 'used' })
        .where('binding', '=', bindingOf(call))
        .where('state', '=', 'approved')
        .where('expires_at', '>', clock.now())
        .returning('id')
        .executeTakeFirst()
      if (row !== undefined) await onChanged()
      return row?.id
    },

    ask: (call, question) =>
      store.tx(async () => {
        const now = clock.now()
        const binding = bindingOf(call)
        const caller = actorKey(call.actor)
        // Callers count their open questions one after the other.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`calls_approvals ${caller}`}, 0))`.execute(db())
        await db()
          .updateTable('calls_approvals')
          .set({ state: 'expired' })
          .where('caller', '=', caller)
          .where('state', 'in', ['pending', 'approved'])
          .where('expires_at', '<=', now)
          .execute()
        const known = await db()
          .selectFrom('calls_approvals')
          .selectAll()
          .where('binding', '=', binding)
          .where('state', 'in', ['pending', 'approved', 'denied'])
          .where('expires_at', '>', now)
          .orderBy('created_at', 'desc')
          .executeTakeFirst()
        if (known !== undefined) return toApproval(known, now)
        const open = await db()
          .selectFrom('calls_approvals')
          .select(['expires_at'])
          .where('caller', '=', caller)
          .where('state', '=', 'pending')
          .orderBy('expires_at')
          .execute()
        if (open.length >= maxOpen) throw tooMany(open[0]?.expires_at ?? now, now)
        await db()
          .deleteFrom('calls_approvals')
          .where('created_at', '<', now - keptMs)
          .execute()
        const { json, isCut } = question.input()
        const row = await db()
          .insertInto('calls_approvals')
          .values({
            id: ids('apr'),
            binding,
            caller,
            actor: JSON.stringify(call.actor),
            tool: call.tool,
            title: call.title,
            subject: JSON.stringify(question.subject),
            input: json,
            is_input_cut: isCut,
            input_sha256: call.inputSha256,
            reason: question.reason,
            state: 'pending',
            created_at: now,
            expires_at: now + lifetimeMs,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        await onChanged()
        return toApproval(row, now)
      }),

    async list({ state, caller, limit }) {
      const now = clock.now()
      let query = db().selectFrom('calls_approvals').selectAll()
      if (caller !== undefined) query = query.where('caller', '=', caller)
      if (state === 'expired') {
        query = query.where((eb) =>
          eb.or([
            eb('state', '=', 'expired'),
            eb.and([eb('state', 'in', ['pending', 'approved']), eb('expires_at', '<=', now)]),
          ]),
        )
      } else if (state !== undefined) {
        query = query.where('state', '=', state)
        if (state === 'pending' || state === 'approved') query = query.where('expires_at', '>', now)
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => toApproval(row, now))
    },

    decide: (actor, id, isApproved, via) =>
      store.tx(async () => {
        const now = clock.now()
        const row = await db()
          .updateTable('calls_approvals')
          .set({
            state: isApproved ? 'approved' : 'denied',
            expires_at: now + lifetimeMs,
            decided_at: now,
            decided_by: JSON.stringify(actor),
            decided_via: via,
          })
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .where('expires_at', '>', now)
          .returningAll()
          .executeTakeFirst()
        if (row === undefined) throw cannotDecide(await get(id))
        await onChanged()
        return toApproval(row, now)
      }),
  }
}

/** One changed byte of any of it is another call. */
function bindingOf({ actor, tool, subject, inputSha256, cwd }: AskedCall): string {
  const call = JSON.stringify([actorKey(actor), tool, subject, inputSha256, cwd ?? null])
  return createHash('sha256').update(call).digest('hex')
}

function toApproval(row: Row, now: number): Approval {
  const isOver = (row.state === 'pending' || row.state === 'approved') && row.expires_at <= now
  return Approval.parse({
    id: row.id,
    state: isOver ? 'expired' : row.state,
    actor: JSON.parse(row.actor) as unknown,
    tool: row.tool,
    title: row.title,
    subject: JSON.parse(row.subject) as unknown,
    input: row.input,
    isInputCut: row.is_input_cut,
    inputSha256: row.input_sha256,
    reason: row.reason,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by === null ? null : (JSON.parse(row.decided_by) as unknown),
    decidedVia: row.decided_via,
  })
}

function unknown(id: string): MaestroError {
  return new MaestroError('not_found', `there is no approval "${id.slice(0, 100)}"`, {
    hint: 'see `maestro approvals`; what was decided is kept for 30 days',
  })
}

function cannotDecide({ id, state, tool }: Approval): MaestroError {
  const was = state === 'expired' ? 'waited for more than ten minutes' : `is ${state} already`
  return new MaestroError('conflict', `${id} cannot be decided: it ${was}`, {
    hint:
      state === 'expired' ? `let the caller call ${tool} again: that makes a new one` : 'see `maestro approvals --all`',
    details: { state },
  })
}

function tooMany(firstEndsAt: number, now: number): MaestroError {
  return new MaestroError('limit_exceeded', `${maxOpen} calls of this caller wait for an approval; no more are taken`, {
    hint: 'wait until a person has decided on them; do not call again before',
    details: { executed: 'no', retryAfterSec: Math.max(1, Math.ceil((firstEndsAt - now) / SECOND)) },
  })
}
