// The template language of Goose recipes (Jinja), as far as a recipe's text needs it: putting in the defaults
// of parameters, and writing a text so that Goose takes it as it is. Pure.

const rawBegin = /\{%[-+]?\s*raw\s*[-+]?%\}/g
const rawEnd = /\{%[-+]?\s*endraw\s*[-+]?%\}/g
const variable = /\{\{[-+]?\s*([A-Za-z_][\w]*)\s*[-+]?\}\}/g
/** A text put in as it is, as in `{{ '{' }}`. */
const literal = /\{\{[-+]?\s*(?:'([^']*)'|"([^"]*)")\s*[-+]?\}\}/g

export interface Filled {
  readonly text: string
  /** Names that had no value: they stand in the text as they were. */
  readonly missing: readonly string[]
  /** Conditions, loops, filters and the like are left as they are. */
  readonly hasLogic: boolean
}

export function fillIn(text: string, values: ReadonlyMap<string, string>): Filled {
  const missing = new Set<string>()
  let hasLogic = false
  const fill = (part: string): string => {
    // What is put in is not looked at again: a default may hold braces itself.
    const pieces: string[] = []
    let from = 0
    const marks = [...part.matchAll(variable), ...part.matchAll(literal)].sort((a, b) => a.index - b.index)
    for (const mark of marks) {
      const between = part.slice(from, mark.index)
      hasLogic ||= /\{[{%#]/.test(between)
      pieces.push(between, valueOf(mark))
      from = mark.index + mark[0].length
    }
    const rest = part.slice(from)
    hasLogic ||= /\{[{%#]/.test(rest)
    return [...pieces, rest].join('')
  }
  const valueOf = (mark: RegExpMatchArray): string => {
    const [whole, one, two] = mark
    if (whole.includes("'") || whole.includes('"')) return one ?? two ?? ''
    const value = values.get(one ?? '')
    if (value !== undefined) return value
    missing.add(one ?? '')
    return whole
  }
  const parts: string[] = []
  let from = 0
  for (const block of rawBlocks(text)) {
    parts.push(fill(text.slice(from, block.begin)), text.slice(block.contentBegin, block.contentEnd))
    from = block.end
  }
  parts.push(fill(text.slice(from)))
  return { text: parts.join(''), missing: [...missing], hasLogic }
}

/** In one pass: a pattern for both ends would look through the rest of the text for each begin without an end. */
function rawBlocks(text: string): { begin: number; contentBegin: number; contentEnd: number; end: number }[] {
  const ends = [...text.matchAll(rawEnd)]
  const blocks: ReturnType<typeof rawBlocks> = []
  let at = 0
  for (const mark of text.matchAll(rawBegin)) {
    if (mark.index < (blocks.at(-1)?.end ?? 0)) continue
    const contentBegin = mark.index + mark[0].length
    while ((ends[at]?.index ?? text.length) < contentBegin) at++
    const end = ends[at]
    if (end === undefined) break
    blocks.push({ begin: mark.index, contentBegin, contentEnd: end.index, end: end.index + end[0].length })
  }
  return blocks
}

/**
 * The text as a template that gives exactly the text: a brace that would open a mark becomes `{{ '{' }}`. Raw
 * blocks would read better, but Goose 1.52 puts blocks of its own around what looks like a variable to it, and
 * blocks within blocks are an error.
 */
export const escapeTemplate = (text: string): string => text.replace(/\{(?=[{%#])/g, "{{ '{' }}")
