// Name patterns of maestro_find: `*`, `?`, `[a-z]`, `{one,two}`, and `**` for any folders. Matched without regular
// expressions and without going back more than one step, so no pattern takes long. Pure.

import { MaestroError } from '#src/core/index.ts'

/** Of `{...}` written out; more is a mistake or an attack. */
const maxAlternatives = 64

/**
 * True for a path relative to where the search began. A pattern without `/` is about the last name, one with it about the
 * whole path. @throws `invalid_input` for too many alternatives
 */
export function createGlob(pattern: string): (path: string) => boolean {
  const alternatives = expand(pattern).map((one) => one.replace(/^\.\//, '').split('/'))
  return (path) => {
    const names = path.split('/')
    return alternatives.some((parts) => (parts.length === 1 ? fits(parts, names.slice(-1)) : fits(parts, names)))
  }
}

function expand(pattern: string): string[] {
  const done: string[] = []
  const open = [pattern]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = /\{([^{}]*,[^{}]*)\}/.exec(next)
    if (braces === null) done.push(next)
    else {
      const [all, inner = ''] = braces
      const [before, after] = [next.slice(0, braces.index), next.slice(braces.index + all.length)]
      open.push(...inner.split(',').map((part) => before + part + after))
    }
    if (done.length + open.length > maxAlternatives) {
      throw new MaestroError('invalid_input', `the name pattern has more than ${maxAlternatives} alternatives in { }`, {
        hint: 'search with a wider pattern, or in several calls',
        details: { reason: 'bad_pattern', executed: 'no' },
      })
    }
  }
  return done
}

/** Parts against names; `**` takes any number of names. */
function fits(parts: readonly string[], names: readonly string[]): boolean {
  return walk(
    parts.length,
    names.length,
    (part, name) => fitsName(parts[part] ?? '', names[name] ?? ''),
    (part) => parts[part] === '**',
  )
}

function fitsName(part: string, name: string): boolean {
  const tokens = tokensOf(part)
  const letters = [...name]
  return walk(
    tokens.length,
    letters.length,
    (token, letter) => tokens[token]?.(letters[letter] ?? '') === true,
    (token) => tokens[token] === star,
  )
}

/**
 * Wild cards in linear time but for one way back: only the newest star ever takes more, since an older one could not
 * give a fit that the newest cannot.
 */
function walk(
  parts: number,
  items: number,
  same: (part: number, item: number) => boolean,
  isStar: (part: number) => boolean,
) {
  let part = 0
  let starAt = -1
  let resumeAt = 0
  for (let item = 0; item < items;) {
    if (part < parts && isStar(part)) {
      starAt = part++
      resumeAt = item
    } else if (part < parts && same(part, item)) {
      part++
      item++
    } else if (starAt !== -1) {
      part = starAt + 1
      item = ++resumeAt
    } else return false
  }
  while (part < parts && isStar(part)) part++
  return part === parts
}

type Token = (letter: string) => boolean
const star: Token = () => false
const any: Token = () => true

function tokensOf(part: string): Token[] {
  const tokens: Token[] = []
  const letters = [...part]
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? ''
    const close = letter === '[' ? letters.indexOf(']', at + 2) : -1
    if (letter === '*') tokens.push(star)
    else if (letter === '?') tokens.push(any)
    else if (close !== -1) {
      tokens.push(classOf(letters.slice(at + 1, close)))
      at = close
    } else if (letter === '\\' && at + 1 < letters.length) {
      const next = letters[++at]
      tokens.push((found) => found === next)
    } else tokens.push((found) => found === letter)
  }
  return tokens
}

function classOf(inside: readonly string[]): Token {
  const isNot = inside[0] === '!' || inside[0] === '^'
  const letters = isNot ? inside.slice(1) : inside
  return (found) => {
    for (let at = 0; at < letters.length; at++) {
      const from = letters[at] ?? ''
      const isRange = letters[at + 1] === '-' && at + 2 < letters.length
      const to = isRange ? (letters[at + 2] ?? '') : from
      if (found >= from && found <= to) return !isNot
      if (isRange) at += 2
    }
    return isNot
  }
}
