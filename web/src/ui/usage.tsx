// Tokens and money. What nobody told us reads "unknown".

import type { Usage } from '#src/core/contract.ts'
import { cost, tokens } from '../lib/format.ts'
import { Hint } from './button.tsx'

export function UsageFigures({ usage }: { usage: Usage | null }) {
  const known = usage ?? {
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    costUsd: null,
  }
  const cache =
    known.cacheReadTokens === null && known.cacheWriteTokens === null
      ? ''
      : ` Cache: ${tokens(known.cacheReadTokens)} read, ${tokens(known.cacheWriteTokens)} written.`
  return (
    <Hint text={`Tokens in and out, and what they cost.${cache}`}>
      <dl className="grid w-fit grid-cols-[auto_auto] gap-x-2 text-xs text-faint">
        <dt>In</dt>
        <dd className="text-soft">{tokens(known.inputTokens)}</dd>
        <dt>Out</dt>
        <dd className="text-soft">{tokens(known.outputTokens)}</dd>
        <dt>Cost</dt>
        <dd className="text-soft">{cost(known.costUsd)}</dd>
      </dl>
    </Hint>
  )
}
