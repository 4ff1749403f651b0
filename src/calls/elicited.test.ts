// A yes that comes through the client's own program: for the caller's own question only, and on record.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Actor, randomIds, systemClock } from '#src/core/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { createAudit } from './audit.ts'
import { createElicitedApprovals } from './elicited.ts'
import { callsMigrations } from './migrations.ts'
import { testCalls } from './testing/index.ts'

const claude: Actor = { kind: 'client', name: 'claude' }
const codex: Actor = { kind: 'client', name: 'codex' }

test('a client answers for its own question, once, and the log says through what', async () => {
  await using store = await openTestStore([callsMigrations])
  const { approvals, calls } = testCalls(store, [])
  const audit = createAudit(store)
  const elicited = createElicitedApprovals({ store, approvals, audit, clock: systemClock, ids: randomIds })
  const asked = { actor: claude, tool: 't', title: 'T', subject: ['a'], inputSha256: 'x', cwd: undefined }
  const question = { reason: 'a rule', subject: ['a'], input: () => ({ json: '{}', isCut: false }) }
  const { id } = await approvals.ask(asked, question)

  await assert.rejects(elicited.decide(codex, id, true, 'elicitation'), { code: 'not_found' })
  assert.equal((await elicited.get(id)).state, 'pending')
  const decided = await elicited.decide(claude, id, true, 'elicitation')
  assert.deepEqual([decided.state, decided.decidedVia, decided.decidedBy], ['approved', 'elicitation', claude])
  await assert.rejects(elicited.decide(claude, id, false, 'elicitation'), { code: 'conflict' })

  const rows = await calls.auditRows({ limit: 10 })
  assert.deepEqual(
    rows.map((row) => [row.tool, row.approvalId, row.reason, row.subject]),
    [['approval_decide', id, 'a person at the client, by elicitation', [`approval:${id}`, 'decision:yes']]],
  )
  assert.deepEqual(await calls.verifyAudit(), { ok: true, rows: 1, broken: null, unfinished: [] })
  assert.equal(await approvals.take(asked), id)
  assert.equal(await approvals.take(asked), undefined)
})
