// What a rule, or a decision, says: a shape and a word.

import { clsx } from 'clsx'
import type { Rule } from '#src/calls/contract.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { states, toneText, type State } from '../../ui/status.ts'

const marks: Record<Rule['effect'], { word: string; like: State }> = {
  allow: { word: 'Allow when', like: 'succeeded' },
  ask: { word: 'Ask me when', like: 'waiting' },
  deny: { word: 'Deny when', like: 'failed' },
}

export function EffectMark({ effect, className }: { effect: Rule['effect']; className?: string }) {
  const { word, like } = marks[effect]
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1.5 whitespace-nowrap text-sm font-medium',
        toneText[states[like].tone],
        className,
      )}
    >
      <Glyph status={like} size={14} />
      {word}
    </span>
  )
}
