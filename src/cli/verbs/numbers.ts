// Figures as options take them. A wrong one says what would be right.

import { InvalidArgumentError } from 'commander'

export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`A whole number from ${min} to ${max} would be right.`)
  }
}

/** US dollars, as `2` or `0.5`. */
export function usd(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('US dollars such as 2 or 0.5 would be right.')
}

/** US dollars, or `none` for no limit. */
export function usdOrNone(text: string): number | 'none' {
  if (text === 'none') return text
  const limit = usd(text)
  if (limit > 0) return limit
  throw new InvalidArgumentError('US dollars above 0 such as 2 or 0.5, or none for no limit, would be right.')
}

/** How long ago, in milliseconds: `90m`, `12h`, `7d`. */
export function age(text: string): number {
  const match = /^(\d{1,5})([mhd])$/.exec(text)
  const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[match?.[2] ?? '']
  if (unit !== undefined) return Number(match?.[1]) * unit
  throw new InvalidArgumentError('A time such as 90m, 12h or 7d would be right.')
}
