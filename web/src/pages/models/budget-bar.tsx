// How much of the month's budget is used: a bar, the figures, and a word when it is close.

import type { Spend } from '#src/llm/contract.ts'
import { cost } from '../../lib/format.ts'
import { monthShare, strainOf, type Strain } from './spend-series.ts'

const tones: Record<Strain, string> = { fine: 'text-brass-line', near: 'text-waiting', over: 'text-failed' }

export function BudgetBar({ spend }: { spend: Spend }) {
  const share = monthShare(spend.month, spend.budget)
  if (share === null) return null
  const strain = strainOf(share)
  return (
    <div>
      <progress
        className={`bar w-full ${tones[strain]}`}
        aria-label="Of this month's budget"
        max={100}
        value={Math.min(100, share * 100)}
      />
      <p className="mt-1 text-sm text-soft">
        {Math.round(share * 100)}% of {cost(spend.budget.monthlyUsd)} a month
        {strain === 'near' && <span className="font-medium text-waiting"> · close to the limit</span>}
        {strain === 'over' && (
          <span className="font-medium text-failed"> · used up: models are not asked until the month ends</span>
        )}
      </p>
    </div>
  )
}
