// `maestro audit list | verify`: who called what, how it was decided and how it ended.

import { AuditPage, AuditReport, type AuditRow } from '#src/calls/contract.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { plural, table } from '../format.ts'
import { clip } from '../style.ts'
import { callerOf } from './approvals.ts'

interface ListOptions extends GlobalOptions {
  readonly tool?: string
  readonly actor?: string
  readonly outcome?: string
  readonly subject?: string
  readonly before?: number
  readonly limit: number
}

export function list(cli: Cli, options: ListOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items, next } = await read()
    if (options.json === true) printJson(cli, { items, next })
    else if (items.length === 0) cli.io.err('no such rows\n')
    else {
      const rows = items.map((row) => [
        String(row.seq),
        new Date(row.at).toISOString().slice(0, 19).replace('T', ' '),
        callerOf(row.actor),
        row.tool,
        resultOf(cli, row),
        clip(row.subject.join(' '), 60),
      ])
      cli.io.out(table(cli.style, ['ROW', 'WHEN (UTC)', 'WHO', 'TOOL', 'RESULT', 'TOUCHED'], rows))
      if (next !== null) cli.io.err(`older ones: --before ${next}\n`)
    }
    return exit.ok

    /** A filtered page may come back short: goes on until there is something to show. */
    async function read(): Promise<AuditPage> {
      const found: AuditRow[] = []
      let before = options.before
      for (;;) {
        const query = new URLSearchParams({ limit: String(options.limit - found.length) })
        for (const key of ['tool', 'actor', 'outcome', 'subject'] as const) {
          if (options[key] !== undefined) query.set(key, options[key])
        }
        if (before !== undefined) query.set('before', String(before))
        const page = await api.call('GET', `/audit?${query.toString()}`, AuditPage)
        found.push(...page.items)
        if (page.next === null || found.length >= options.limit) return { items: found, next: page.next }
        before = page.next
      }
    }
  })
}

export function verify(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const report = await api.call('POST', '/audit/verify', AuditReport)
    if (options.json === true) printJson(cli, report)
    else if (report.broken === null) {
      cli.io.out(`${cli.style.green('✓')} ${plural(report.rows, 'row')}, each follows from the one before\n`)
    } else {
      const { seq, problem } = report.broken
      cli.io.out(`${cli.style.red('✗')} row ${seq}: ${problem}\n`)
      cli.io.err(`${plural(report.rows, 'row')} before it are whole; a copy of the database may say what stood there\n`)
    }
    if (options.json !== true && report.unfinished.length > 0) {
      cli.io.err(
        `${plural(report.unfinished.length, 'call')} without an end on record: under way, or cut off by a crash\n`,
      )
    }
    return report.ok ? exit.ok : exit.failed
  })
}

function resultOf({ style }: Cli, row: AuditRow): { text: string; paint: (text: string) => string } {
  if (row.phase === 'denied') return { text: row.errorCode ?? 'denied', paint: style.yellow }
  if (row.outcome === null) return { text: 'begun', paint: style.dim }
  return row.outcome === 'succeeded'
    ? { text: 'succeeded', paint: style.green }
    : { text: row.errorCode ?? 'failed', paint: style.red }
}
