// The chain holds when several nodes write to one PostgreSQL server at once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsPostgres, openPostgresTestStore } from '#src/store/testing/index.ts'
import { createAudit } from './audit.ts'
import type { Audit } from './audit.ts'
import type { AuditEntry } from './contract.ts'
import { callsMigrations } from './migrations.ts'

const entry = (callId: string): AuditEntry => ({
  at: 1_800_000_000_000,
  phase: 'denied',
  callId,
  traceId: 'req_1',
  actor: { kind: 'system' },
  tool: 'thing_write',
  subject: ['thing:é"\\\n'],
  inputSha256: '',
  decision: 'deny',
  reason: '',
  outcome: null,
  errorCode: 'forbidden',
  durationMs: null,
})

test('two nodes, ten writers each, make one whole chain', needsPostgres(), async () => {
  await using one = await openPostgresTestStore([callsMigrations])
  await using two = await openPostgresTestStore([callsMigrations], { databaseUrl: one.databaseUrl })
  const write = async (audit: Audit, writer: string) => {
    for (let i = 0; i < 20; i++) await audit.append(entry(`${writer}.${i}`))
  }
  const nodes = [createAudit(one), createAudit(two)]
  await Promise.all(nodes.flatMap((audit, node) => Array.from({ length: 10 }, (_, i) => write(audit, `${node}.${i}`))))
  const report = await createAudit(two).verify()
  assert.deepEqual(report, { ok: true, rows: 400, broken: null, unfinished: [] })
  const ids = (await createAudit(one).list({ limit: 500 })).map((row) => row.callId)
  assert.equal(new Set(ids).size, 400)
})
