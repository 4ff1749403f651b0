import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunSummary } from '#src/workflows/contract.ts'
import { runsCsv } from './csv.ts'

const run: RunSummary = {
  id: 'run_00000000000000000000000000',
  workflowId: 'w',
  workflowName: 'Plain',
  status: 'failed',
  trigger: 'manual',
  parentRunId: null,
  startedBy: { kind: 'system' },
  agents: [],
  stepCount: 2,
  stepsDone: 1,
  createdAt: 0,
  startedAt: 1_000,
  endedAt: 2_500,
  stopRequestedAt: null,
  waitingFor: null,
  error: null,
  usage: null,
}

test('a run is a line; what is not known stays empty', () => {
  const [head, line, rest] = runsCsv([run]).split('\r\n')
  assert.match(head ?? '', /^id,workflow,.*,error$/)
  assert.equal(
    line,
    'run_00000000000000000000000000,Plain,w,failed,manual,1,2,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z,1970-01-01T00:00:02.500Z,1.5,,,,',
  )
  assert.equal(rest, '')
})

test('quotes, commas and line breaks stay in their cell, and nothing becomes a formula', () => {
  const error = { code: 'internal', kind: 'crashed', message: 'said "no",\nthen left' } as const
  const csv = runsCsv([{ ...run, workflowName: '=HYPERLINK("http://x")', error }])
  assert.ok(csv.includes(`"'=HYPERLINK(""http://x"")"`))
  assert.ok(csv.endsWith('"said ""no"",\nthen left"\r\n'))
})
