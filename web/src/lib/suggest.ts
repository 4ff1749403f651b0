// Which of many known values what was typed may mean. Pure.

export interface Suggestion {
  readonly value: string
  /** Searched too, and shown below it. */
  readonly note: string
}

/** Every word must be in it; those that begin with what was typed come first, then those whose value has it. */
export function matching(all: readonly Suggestion[], typed: string): Suggestion[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...all]
  const first = words[0] ?? ''
  const rank = ({ value }: Suggestion) => {
    const text = value.toLowerCase()
    return text.startsWith(first) ? 0 : text.split(/[/:]/).some((part) => part.startsWith(first)) ? 1 : 2
  }
  return all
    .filter(({ value, note }) => words.every((word) => `${value} ${note}`.toLowerCase().includes(word)))
    .sort((a, b) => rank(a) - rank(b))
}
