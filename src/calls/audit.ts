// The audit log's writer and checker. A row is one statement: it locks the head, chains, appends and moves
// the head, so rows of concurrent writers (and nodes) form one chain and a write costs one round trip.

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Store } from '#src/store/index.ts'
import { AuditEntry, type AuditRow } from './contract.ts'
import { type CallsTables, genesisHash } from './migrations.ts'

export interface AuditReport {
  readonly ok: boolean
  /** Rows whose chain was checked. */
  readonly rows: number
  /** The first row that is wrong, and how; null when the chain is whole. */
  readonly broken: { readonly seq: number; readonly problem: string } | null
  /** Calls begun without a recorded outcome: under way now, or cut off by a crash. */
  readonly unfinished: readonly string[]
}

export interface Audit {
  append(entry: AuditEntry): Promise<void>
  /** Newest first; `before` is the `seq` of the last row seen. */
  list(options: { limit: number; before?: number }): Promise<AuditRow[]>
  verify(): Promise<AuditReport>
}

const pageSize = 1_000

export function createAudit(store: Store): Audit {
  const db = () => store.db<CallsTables>()
  return {
    async append(entry) {
      const body = canonicalJson(entry)
      // `for update` waits for a writer before us and then sees its head (read committed).
      await sql`
        with head as (select seq, hash from calls_audit_head where id = 1 for update),
        added as (
          insert into calls_audit (seq, body, previous_hash, hash)
          select seq + 1, ${body}, hash,
            encode(sha256(convert_to(hash || chr(10) || (seq + 1)::text || chr(10) || ${body}, 'UTF8')), 'hex')
          from head
          returning seq, hash
        )
        update calls_audit_head set seq = added.seq, hash = added.hash from added where id = 1
      `.execute(db())
    },

    async list({ limit, before }) {
      let query = db().selectFrom('calls_audit').select(['seq', 'body', 'hash']).orderBy('seq', 'desc').limit(limit)
      if (before !== undefined) query = query.where('seq', '<', before)
      const rows = await query.execute()
      return rows.map((row) => ({ seq: row.seq, hash: row.hash, ...AuditEntry.parse(JSON.parse(row.body)) }))
    },

    verify: () =>
      store.tx(async () => {
        const head = await db()
          .selectFrom('calls_audit_head')
          .selectAll()
          .where('id', '=', 1)
          .forUpdate()
          .executeTakeFirst()
        const open = new Set<string>()
        let seq = 0
        let hash = genesisHash
        const report = (problem: string | null, at: number): AuditReport => ({
          ok: problem === null,
          rows: seq,
          broken: problem === null ? null : { seq: at, problem },
          unfinished: [...open],
        })
        for (;;) {
          const rows = await db()
            .selectFrom('calls_audit')
            .selectAll()
            .where('seq', '>', seq)
            .orderBy('seq')
            .limit(pageSize)
            .execute()
          for (const row of rows) {
            const problem = problemOf(row, seq + 1, hash)
            if (problem !== null) return report(problem, row.seq)
            seq = row.seq
            hash = row.hash
            note(open, row.body)
          }
          if (rows.length < pageSize) break
        }
        if (head === undefined) return report('the head row is missing', seq)
        if (head.seq !== seq || head.hash !== hash) {
          return report(`the log ends at row ${seq} but ${head.seq} rows were written`, seq + 1)
        }
        return report(null, 0)
      }),
  }
}

function problemOf(row: CallsTables['calls_audit'], expectedSeq: number, previousHash: string): string | null {
  if (row.seq !== expectedSeq) return `row ${expectedSeq} is missing`
  if (row.previous_hash !== previousHash) return 'it does not follow the row before it'
  const hash = createHash('sha256').update(`${previousHash}\n${expectedSeq}\n${row.body}`).digest('hex')
  return hash === row.hash ? null : 'its content was changed'
}

function note(open: Set<string>, body: string): void {
  const entry = JSON.parse(body) as AuditEntry
  if (entry.phase === 'intent') open.add(entry.callId)
  else open.delete(entry.callId)
}

/** JSON with sorted keys: equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

export function inputSha256(input: unknown): string {
  return createHash('sha256').update(canonicalJson(input)).digest('hex')
}
