// `maestro budget` and `maestro spend`.

import { Budget, Spend, type SpendSum } from '#src/llm/contract.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { money, plural, table } from '../format.ts'

interface BudgetOptions extends GlobalOptions {
  readonly monthly?: number | 'none'
  readonly perRun?: number | 'none'
}

export function budget(cli: Cli, options: BudgetOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { monthly, perRun } = options
    let current = await api.call('GET', '/budget', Budget)
    if (monthly !== undefined || perRun !== undefined) {
      current = await api.call('PUT', '/budget', Budget, {
        monthlyUsd: limitOf(monthly, current.monthlyUsd),
        perRunUsd: limitOf(perRun, current.perRunUsd),
      })
    }
    if (options.json === true) printJson(cli, current)
    else {
      const limit = (usd: number | null) => (usd === null ? 'no limit' : money(usd))
      cli.io.out(`Of a month   ${limit(current.monthlyUsd)}\nOf a run     ${limit(current.perRunUsd)}\n`)
    }
    return exit.ok
  })
}

function limitOf(wanted: number | 'none' | undefined, current: number | null): number | null {
  return wanted === undefined ? current : wanted === 'none' ? null : wanted
}

export function spend(cli: Cli, options: GlobalOptions & { days: number }): Promise<number> {
  return withApi(cli, options, async (api) => {
    const found = await api.call('GET', `/spend?days=${options.days}`, Spend)
    if (options.json === true) printJson(cli, found)
    else cli.io.out(report(cli, found, options.days))
    return exit.ok
  })
}

function report({ style }: Cli, spent: Spend, days: number): string {
  const limit = spent.budget.monthlyUsd === null ? '' : ` of ${money(spent.budget.monthlyUsd)}`
  const head = `Today       ${sum(spent.today)}\nThis month  ${sum(spent.month, limit)}\n`
  const models = spent.models.map((row) => [
    row.model,
    row.provider,
    money(row.costUsd),
    String(row.calls),
    unknown(row),
  ])
  const workflows = spent.workflows.map((row) => [
    row.workflowId ?? '(none)',
    money(row.costUsd),
    String(row.calls),
    unknown(row),
  ])
  const used = spent.days.filter(({ calls }) => calls > 0)
  const dates = used.map((row) => [row.date, money(row.costUsd), String(row.calls), unknown(row)])
  const section = (title: string, columns: readonly string[], rows: readonly string[][]) =>
    rows.length === 0 ? '' : `\n${style.bold(title)}\n${table(style, columns, rows)}`
  return [
    head,
    section(`By model, ${plural(days, 'day')}`, ['MODEL', 'PROVIDER', 'COST', 'CALLS', 'OF UNKNOWN COST'], models),
    section('By workflow', ['WORKFLOW', 'COST', 'CALLS', 'OF UNKNOWN COST'], workflows),
    section('By day (UTC)', ['DAY', 'COST', 'CALLS', 'OF UNKNOWN COST'], dates),
  ].join('')
}

function sum(one: SpendSum, limit = ''): string {
  const missing = one.unknownCalls === 0 ? '' : `, and ${plural(one.unknownCalls, 'call')} of unknown cost`
  return `${money(one.costUsd)}${limit} for ${plural(one.calls, 'call')}${missing}`
}

const unknown = (one: SpendSum): string => (one.unknownCalls === 0 ? '' : String(one.unknownCalls))
