// Limits on money: of a month, and of a run whose workflow names none.

import { useState, type SubmitEvent } from 'react'
import type { Budget } from '#src/llm/contract.ts'
import { setBudget, useModelsWrite } from '../../api/providers.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { parseUsd } from './price.ts'

/** Null: no limit. Undefined: not an amount. */
function limitOf(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const usd = parseUsd(text)
  return usd === undefined || usd <= 0 || usd > 1_000_000 ? undefined : usd
}

export function BudgetForm({ budget }: { budget: Budget }) {
  const [month, setMonth] = useState(String(budget.monthlyUsd ?? ''))
  const [run, setRun] = useState(String(budget.perRunUsd ?? ''))
  const write = useModelsWrite(setBudget)
  const toasts = useToasts()
  const [monthlyUsd, perRunUsd] = [limitOf(month), limitOf(run)]
  const isChanged = monthlyUsd !== budget.monthlyUsd || perRunUsd !== budget.perRunUsd

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    if (monthlyUsd === undefined || perRunUsd === undefined) return
    write.mutate(
      { monthlyUsd, perRunUsd },
      { onSuccess: () => toasts.say('Budget saved'), onError: (thrown) => toasts.fail(thrown) },
    )
  }

  const problem = 'An amount above 0, such as 20, or nothing for no limit.'
  return (
    <form onSubmit={onSubmit} aria-label="Budget" className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        <Amount
          label="Per month, $"
          value={month}
          onChange={setMonth}
          problem={monthlyUsd === undefined ? problem : undefined}
        />
        <Amount
          label="Per run, $"
          value={run}
          onChange={setRun}
          problem={perRunUsd === undefined ? problem : undefined}
        />
      </div>
      <p className="text-xs text-faint">
        A run stops before the model call after the one that reached its limit. Calls whose cost nobody tells do not
        count: give their models a price.
      </p>
      {isChanged && (
        <Button
          type="submit"
          look="primary"
          className="self-start"
          disabled={write.isPending || monthlyUsd === undefined || perRunUsd === undefined}
        >
          Save budget
        </Button>
      )}
    </form>
  )
}

interface AmountProps {
  label: string
  value: string
  onChange: (value: string) => void
  problem: string | undefined
}

function Amount({ label, value, onChange, problem }: AmountProps) {
  return (
    <Field label={label} problem={problem}>
      {(ties) => (
        <input
          {...ties}
          className="field"
          inputMode="decimal"
          autoComplete="off"
          placeholder="no limit"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
