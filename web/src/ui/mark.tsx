// A state as a shape and a word, in its colour.

import { clsx } from 'clsx'
import { Glyph } from './glyph.tsx'
import { states, toneText, type State } from './status.ts'

export function Mark({ like, word, className }: { like: State; word: string; className?: string | undefined }) {
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
