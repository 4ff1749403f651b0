// What models have cost: today, this month, by day, by model and by workflow; and what they may cost.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Spend, SpendSum } from '#src/llm/contract.ts'
import { route } from '../../api/paths.ts'
import { spendQuery } from '../../api/providers.ts'
import { workflowsQuery } from '../../api/queries.ts'
import { cost, plural } from '../../lib/format.ts'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { BudgetBar } from './budget-bar.tsx'
import { BudgetForm } from './budget-form.tsx'
import { SpendChart } from './spend-chart.tsx'

const shownEach = 6

export function SpendPanel() {
  const [range, setRange] = useState(30)
  const spend = useQuery(spendQuery(range))
  if (spend.data === undefined)
    return spend.error === null ? (
      <Skeleton rows={3} className="h-24" />
    ) : (
      <ErrorCard thrown={spend.error} onRetry={() => void spend.refetch()} />
    )
  const { budget } = spend.data
  return (
    <div className="panel flex flex-col gap-5 px-5 py-4">
      <SpendFigures spend={spend.data} />
      <BudgetBar spend={spend.data} />
      <BudgetForm key={`${budget.monthlyUsd} ${budget.perRunUsd}`} budget={budget} />
      <SpendChart days={spend.data.days} range={range} onRange={setRange} />
      <ByModel spend={spend.data} />
      <ByWorkflow spend={spend.data} />
    </div>
  )
}

/** Today and this month, as two figures. */
export function SpendFigures({ spend }: { spend: Spend }) {
  return (
    <dl className="grid grid-cols-2 gap-3">
      <Figure label="Today" sum={spend.today} />
      <Figure label="This month" sum={spend.month} />
    </dl>
  )
}

function Figure({ label, sum }: { label: string; sum: SpendSum }) {
  return (
    <div>
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="text-xl leading-7 font-semibold tabular-nums">{cost(sum.costUsd)}</dd>
      <dd className="text-xs text-faint">
        {plural(sum.calls, 'call')}
        {sum.unknownCalls > 0 && <span className="text-waiting">, of {sum.unknownCalls} the cost is unknown</span>}
      </dd>
    </div>
  )
}

function ByModel({ spend }: { spend: Spend }) {
  return (
    <Shares
      title="By model"
      rows={spend.models.map((sum) => ({
        key: `${sum.provider} ${sum.model}`,
        name: <span className="font-mono text-xs wrap-anywhere">{sum.model}</span>,
        sum,
      }))}
    />
  )
}

function ByWorkflow({ spend }: { spend: Spend }) {
  const names = new Map(useQuery(workflowsQuery).data?.map((each) => [each.id, each.name]))
  return (
    <Shares
      title="By workflow"
      rows={spend.workflows.map((sum) => {
        const { workflowId } = sum
        const name = workflowId === null ? undefined : names.get(workflowId)
        return {
          key: workflowId ?? '',
          name:
            workflowId === null ? (
              'Outside workflows'
            ) : name === undefined ? (
              <span className="text-soft">{workflowId} (deleted)</span>
            ) : (
              <Link to={route.workflow} params={{ id: workflowId }} className="hover:underline">
                {name}
              </Link>
            ),
          sum,
        }
      })}
    />
  )
}

function Shares({ title, rows }: { title: string; rows: readonly { key: string; name: ReactNode; sum: SpendSum }[] }) {
  const sorted = rows.toSorted((a, b) => b.sum.costUsd - a.sum.costUsd)
  const most = Math.max(1e-9, ...sorted.map((row) => row.sum.costUsd))
  if (rows.length === 0) return null
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold text-soft">{title}</h3>
      <ul className="flex flex-col gap-2">
        {sorted.slice(0, shownEach).map((row) => (
          <li key={row.key}>
            <div className="flex items-baseline justify-between gap-3 text-sm">
              <span className="min-w-0">{row.name}</span>
              <span className="shrink-0 tabular-nums" title={plural(row.sum.calls, 'call')}>
                {row.sum.calls > 0 && row.sum.unknownCalls === row.sum.calls ? 'unknown' : cost(row.sum.costUsd)}
              </span>
            </div>
            <svg
              aria-hidden="true"
              className="mt-0.5 block h-1 w-full text-brass-line"
              preserveAspectRatio="none"
              viewBox="0 0 100 1"
            >
              <rect width="100" height="1" fill="var(--hover)" />
              <rect width={(row.sum.costUsd / most) * 100} height="1" fill="currentColor" />
            </svg>
          </li>
        ))}
      </ul>
      {sorted.length > shownEach && <p className="mt-1 text-xs text-faint">and {sorted.length - shownEach} more</p>}
    </section>
  )
}
