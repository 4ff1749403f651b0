// What a rule, or a decision, says: a shape and a word.

import type { Rule } from '#src/calls/contract.ts'
import { Mark } from '../../ui/mark.tsx'
import type { State } from '../../ui/status.ts'

const marks: Record<Rule['effect'], { word: string; like: State }> = {
  allow: { word: 'Allow when', like: 'succeeded' },
  ask: { word: 'Ask me when', like: 'waiting' },
  deny: { word: 'Deny when', like: 'failed' },
}

export function EffectMark({ effect, className }: { effect: Rule['effect']; className?: string }) {
  return <Mark {...marks[effect]} className={className} />
}
