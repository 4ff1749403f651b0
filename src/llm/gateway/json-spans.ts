// Where the parts of a JSON text stand, so that some can be cut out and every other byte stays as it was: numbers
// that JavaScript cannot hold, escapes, the order of fields. The text is known to be valid JSON. Pure.

export interface Span {
  /** Of a member of an object: its name, as it stands between the quotes. Null for an element of an array. */
  readonly key: string | null
  /** Where it begins: at its key, if it has one. */
  readonly from: number
  readonly valueAt: number
  /** Just behind its value. */
  readonly to: number
}

/** The parts of the object or array that begins at `at`; none for any other value. */
export function partsAt(text: string, at: number): Span[] {
  const start = skipSpace(text, at)
  const open = text[start]
  if (open !== '{' && open !== '[') return []
  const parts: Span[] = []
  let next = skipSpace(text, start + 1)
  while (next < text.length && text[next] !== '}' && text[next] !== ']') {
    const from = next
    let key: string | null = null
    let valueAt = from
    if (open === '{') {
      const keyEnd = endOfString(text, from)
      key = text.slice(from + 1, keyEnd - 1)
      valueAt = skipSpace(text, skipSpace(text, keyEnd) + 1)
    }
    const to = endOfValue(text, valueAt)
    parts.push({ key, from, valueAt, to })
    next = skipSpace(text, to)
    if (text[next] === ',') next = skipSpace(text, next + 1)
  }
  return parts
}

/** The text without those of the `parts` (neighbours, in order) that `isCut` names, and without their commas. */
export function withoutParts(text: string, parts: readonly Span[], isCut: (part: Span) => boolean): string {
  const first = parts[0]
  const last = parts.at(-1)
  if (first === undefined || last === undefined) return text
  const kept = parts.filter((part) => !isCut(part)).map((part) => text.slice(part.from, part.to))
  return text.slice(0, first.from) + kept.join(',') + text.slice(last.to)
}

function skipSpace(text: string, at: number): number {
  let next = at
  while (next < text.length && ' \n\r\t'.includes(text.charAt(next))) next++
  return next
}

function endOfString(text: string, at: number): number {
  let next = at + 1
  while (next < text.length && text[next] !== '"') next += text[next] === '\\' ? 2 : 1
  return next + 1
}

function endOfValue(text: string, at: number): number {
  const open = text[at]
  if (open === '"') return endOfString(text, at)
  let next = at
  if (open !== '{' && open !== '[') {
    while (next < text.length && !',]} \n\r\t'.includes(text.charAt(next))) next++
    return next
  }
  for (let depth = 0; next < text.length;) {
    const letter = text[next]
    if (letter === '"') {
      next = endOfString(text, next)
      continue
    }
    if (letter === '{' || letter === '[') depth++
    if (letter === '}' || letter === ']') depth--
    next++
    if (depth === 0) break
  }
  return next
}
