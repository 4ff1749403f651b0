// The audit log's writer and checker. A row is one statement: it locks the head, chains, appends and moves
// the head, so rows of concurrent writers (and nodes) form one chain and a write costs one round trip.

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Store } from '#src/store/index.ts'
import { fitsFilter } from './audit-filter.ts'
import { AuditEntry, type AuditFilter, type AuditPage, type AuditReport, type AuditRow } from './contract.ts'
import { type CallsTables, genesisHash } from './migrations.ts'

export interface Audit {
  /**
   * @param version of the policy by which the call was judged: when it is not today's, nothing is written and the
   *   answer is false
   */
  append(entry: AuditEntry, version?: number): Promise<boolean>
  /** Newest first; `before` is the `seq` of the last row seen. */
  list(options: { limit: number; before?: number }): Promise<AuditRow[]>
  /** As `list`, of rows that fit. Looks at a bounded number of rows, so a page can be short and have a next one. */
  page(filter: AuditFilter, options: { limit: number; before?: number }): Promise<AuditPage>
  /** Checks the rows that were there when it began; nobody waits for it. */
  verify(): Promise<AuditReport>
}

const pageSize = 1_000
/** Rows that one page of a filtered list looks at. */
const maxLookedAt = 20_000

export function createAudit(store: Store): Audit {
  const db = () => store.db<CallsTables>()

  async function list({ limit, before }: { limit: number; before?: number }): Promise<AuditRow[]> {
    let query = db().selectFrom('calls_audit').select(['seq', 'body', 'hash']).orderBy('seq', 'desc').limit(limit)
    if (before !== undefined) query = query.where('seq', '<', before)
    const rows = await query.execute()
    return rows.map((row) => ({ seq: row.seq, hash: row.hash, ...AuditEntry.parse(JSON.parse(row.body)) }))
  }

  return {
    async append(entry, version) {
      const body = canonicalJson(entry)
      const judgedByToday =
        version === undefined
          ? sql`true`
          : sql`exists (select 1 from calls_policy where id = 1 and version = ${version})`
      // `for update` waits for a writer before us and then sees its head (read committed).
      const { numAffectedRows = 0n } = await sql`
        with head as (select seq, hash from calls_audit_head where id = 1 and ${judgedByToday} for update),
        added as (
          insert into calls_audit (seq, body, previous_hash, hash)
          select seq + 1, ${body}, hash,
            encode(sha256(convert_to(hash || chr(10) || (seq + 1)::text || chr(10) || ${body}, 'UTF8')), 'hex')
          from head
          returning seq, hash
        )
        update calls_audit_head set seq = added.seq, hash = added.hash from added where id = 1
      `.execute(db())
      return numAffectedRows > 0n
    },

    list,

    async page(filter, { limit, before }) {
      const items: AuditRow[] = []
      let last = before
      for (let seen = 0; seen < maxLookedAt; seen += pageSize) {
        const rows = await list({ limit: pageSize, ...(last === undefined ? {} : { before: last }) })
        for (const row of rows) {
          last = row.seq
          if (!fitsFilter(row, filter)) continue
          items.push(row)
          if (items.length === limit) return { items, next: row.seq > 1 ? row.seq : null }
        }
        if (rows.length < pageSize) return { items, next: null }
      }
      return { items, next: last ?? null }
    },

    async verify() {
      const head = await db()
        .selectFrom('calls_audit_head')
        .select(['seq', 'hash'])
        .select((eb) =>
          eb
            .selectFrom('calls_audit')
            .select(({ fn }) => fn.max('calls_audit.seq').as('last'))
            .as('last'),
        )
        .where('id', '=', 1)
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
          // Later ones are of calls that go on meanwhile.
          .where('seq', '<=', head?.last ?? 0)
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
    },
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
