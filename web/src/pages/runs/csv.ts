// Runs as CSV (RFC 4180), for a spreadsheet. Pure.

import type { RunSummary } from '#src/workflows/contract.ts'

const columns: readonly (readonly [string, (run: RunSummary) => string | number | null])[] = [
  ['id', (run) => run.id],
  ['workflow', (run) => run.workflowName],
  ['workflow_id', (run) => run.workflowId],
  ['status', (run) => run.status],
  ['trigger', (run) => run.trigger],
  ['steps_done', (run) => run.stepsDone],
  ['steps', (run) => run.stepCount],
  ['created_at', (run) => time(run.createdAt)],
  ['started_at', (run) => time(run.startedAt)],
  ['ended_at', (run) => time(run.endedAt)],
  [
    'duration_s',
    (run) => (run.startedAt === null || run.endedAt === null ? null : (run.endedAt - run.startedAt) / 1_000),
  ],
  ['input_tokens', (run) => run.usage?.inputTokens ?? null],
  ['output_tokens', (run) => run.usage?.outputTokens ?? null],
  ['cost_usd', (run) => run.usage?.costUsd ?? null],
  ['error', (run) => run.error?.message ?? null],
]

/** Times are UTC; what is not known is empty, never 0. */
export function runsCsv(runs: readonly RunSummary[]): string {
  const lines = [columns.map(([name]) => name), ...runs.map((run) => columns.map(([, value]) => cell(value(run))))]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** A text that a spreadsheet would take for a formula gets an apostrophe: names and errors are not ours. */
function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
