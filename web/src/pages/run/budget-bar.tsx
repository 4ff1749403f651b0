// How much of its limits a run has used. Only where there is one.

import { clsx } from 'clsx'
import type { Run } from '#src/workflows/contract.ts'
import { cost, tokens } from '../../lib/format.ts'

export function BudgetBars({ run }: { run: Run }) {
  const { usage, maxCostUsd, maxTokens } = run
  const used =
    usage?.inputTokens == null && usage?.outputTokens == null
      ? null
      : (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)
  return (
    <>
      {maxCostUsd !== null && <Bar name="Budget" used={usage?.costUsd ?? null} most={maxCostUsd} write={cost} />}
      {maxTokens !== null && <Bar name="Tokens" used={used} most={maxTokens} write={tokens} />}
    </>
  )
}

interface BarProps {
  name: string
  used: number | null
  most: number
  write: (value: number | null) => string
}

function Bar({ name, used, most, write }: BarProps) {
  const share = used === null ? 0 : Math.min(1, used / most)
  const words = `${write(used)} of ${write(most)}`
  return (
    <span className="inline-flex items-center gap-2">
      {name}
      <span
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={Math.min(used ?? 0, most)}
        aria-valuetext={words}
        className="h-2 w-20 overflow-hidden rounded-full bg-hover"
      >
        <span
          className={clsx('block h-full', share >= 1 ? 'bg-failed' : share >= 0.8 ? 'bg-waiting' : 'bg-brass-line')}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      {words}
    </span>
  )
}
