// Beside the score: what models have cost today and this month. Nothing while nothing was spent and no limit is set.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { route } from '../../api/paths.ts'
import { spendQuery } from '../../api/providers.ts'
import { BudgetBar } from '../models/budget-bar.tsx'
import { SpendFigures } from '../models/spend-panel.tsx'

const days = 30

export function useHasSpend(): boolean {
  const { data } = useQuery(spendQuery(days))
  return data !== undefined && (data.month.calls > 0 || data.budget.monthlyUsd !== null)
}

export function SpendStrip() {
  const { data } = useQuery(spendQuery(days))
  if (data === undefined) return null
  return (
    <section aria-label="Spend" className="panel flex min-w-0 flex-col gap-3 px-4 py-3">
      <h2 className="flex items-baseline justify-between gap-2 text-sm font-semibold text-soft">
        Spend
        <Link to={route.models} className="font-normal text-brass-text hover:underline">
          Models and budget
        </Link>
      </h2>
      <SpendFigures spend={data} />
      <BudgetBar spend={data} />
    </section>
  )
}
