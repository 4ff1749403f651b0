// Patterns of rules. Pure, and without regular expressions: a pattern is a row of letters and wildcards, a text is
// read once with the set of places it may have reached, so the time is at most pattern x text, whatever they are.

/**
 * What a wildcard may stand for.
 * - `segments`: `*` any text without `/`, `**` any text. Paths, names.
 * - `line`: both any text. Command lines, where `/` means nothing.
 * - `one-command`: both any text by which a shell does not begin another command, open a file or expand something.
 */
export type GlobKind = 'segments' | 'line' | 'one-command'

export type Glob = (text: string) => boolean

interface Token {
  /** A letter, or undefined for a wildcard. */
  readonly letter: string | undefined
  /** Of a wildcard: may it swallow this letter? */
  readonly takes: (letter: string) => boolean
}

const anything = () => true
const noSlash = (letter: string) => letter !== '/'
const shellWords = new Set(';|&<>$`(){}\n\r\0\\')
const plain = (letter: string) => !shellWords.has(letter)

export function compileGlob(pattern: string, kind: GlobKind): Glob {
  const tokens = tokensOf(pattern, kind)
  const matches = (text: string) => run(tokens, text)
  // `/srv/**` is everything below `/srv`, and `/srv`: who may not list a folder's content may not ask for the folder.
  if (kind !== 'segments' || !pattern.endsWith('/**') || pattern === '/**') return matches
  const folder = tokensOf(pattern.slice(0, -'/**'.length), kind)
  return (text) => matches(text) || run(folder, text)
}

function tokensOf(pattern: string, kind: GlobKind): Token[] {
  return [...pattern.matchAll(/\*+|[^*]/gs)].map(([part]) => {
    if (!part.startsWith('*')) return { letter: part, takes: anything }
    const wide = kind === 'one-command' ? plain : anything
    return { letter: undefined, takes: kind === 'segments' && part.length === 1 ? noSlash : wide }
  })
}

/** `reached[i]`: the letters read so far fit the first `i` tokens. */
function run(tokens: readonly Token[], text: string): boolean {
  let reached = new Uint8Array(tokens.length + 1)
  reached[0] = 1
  skipWildcards(tokens, reached)
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at)
    const next = new Uint8Array(tokens.length + 1)
    let isAlive = false
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]
      if (reached[i] !== 1 || token === undefined) continue
      if (token.letter === undefined) {
        if (!token.takes(letter)) continue
        next[i] = 1
      } else {
        if (token.letter !== letter) continue
        next[i + 1] = 1
      }
      isAlive = true
    }
    if (!isAlive) return false
    skipWildcards(tokens, next)
    reached = next
  }
  return reached[tokens.length] === 1
}

/** A wildcard may stand for nothing. */
function skipWildcards(tokens: readonly Token[], reached: Uint8Array): void {
  for (let i = 0; i < tokens.length; i++) {
    if (reached[i] === 1 && tokens[i]?.letter === undefined) reached[i + 1] = 1
  }
}
