// Lengths of time as people type them. Pure.

const units: Record<string, number> = { s: 1, sec: 1, m: 60, min: 60, h: 3_600, d: 86_400 }

/** `90`, `90 s`, `10 min`, `1 h 30 min`, `1.5 h` as whole seconds; NaN when it is none of these. */
export function parseSpan(text: string): number {
  const compact = text.trim().toLowerCase()
  if (/^\d+(\.\d+)?$/.test(compact)) return Math.round(Number(compact))
  const parts = [...compact.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== compact) return NaN
  // An unknown unit makes it NaN.
  return Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? NaN), 0))
}

/** What `parseSpan` reads back: `90 s`, `10 min`, `1 h 30 min`. */
export function spanText(seconds: number): string {
  if (seconds < 60 || (seconds < 600 && seconds % 60 !== 0)) return `${seconds} s`
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ')
}
