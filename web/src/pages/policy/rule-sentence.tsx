// A rule as a sentence: what it names stands out.

import type { NewRule } from '#src/calls/contract.ts'
import { sentenceOf } from './rule-words.ts'

export function RuleSentence({ rule }: { rule: NewRule }) {
  return sentenceOf(rule).map((part, index) => (
    <span key={index}>
      {index > 0 && ' '}
      {part.isCode ? (
        <code className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-xs">{part.text}</code>
      ) : (
        <span className="text-soft">{part.text}</span>
      )}
    </span>
  ))
}
