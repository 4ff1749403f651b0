// Takes known secret values out of text, in every form they commonly appear in: as they are, base64,
// URL-encoded and inside JSON strings. It knows only values it was given; it does not guess.

export const redacted = '[redacted]'

/** Shorter values would match ordinary text. */
const minLength = 6

export interface Redactor {
  text(text: string): string
  /** For text that arrives in pieces: what `push` and `flush` return together is what `text` returns for the whole. */
  stream(): RedactingStream
}

export interface RedactingStream {
  /** Gives out all but a tail that could be the beginning of a secret. */
  push(chunk: string): string
  /** Gives out what was held back: the text has ended. */
  flush(): string
}

/** The same over bytes, which need not be text: what was not a secret comes out as it came in. */
export interface ByteRedactor {
  stream(): { push(chunk: Uint8Array): Buffer; flush(): Buffer }
}

/** @param values asked at every chunk, so it must be cheap; a new array means that the values changed */
export function createByteRedactor(values: () => readonly string[]): ByteRedactor {
  // Each byte as one character: what is searched is the UTF-8 of a secret's forms, written the same way.
  const redactor = fromForms(values, (form) => Buffer.from(form).toString('latin1'))
  return {
    stream() {
      const text = redactor.stream()
      // While there is no secret at all, nothing is held back and nothing need be looked at.
      let isPlain = true
      return {
        push(chunk) {
          const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
          isPlain &&= values().length === 0
          return isPlain ? bytes : Buffer.from(text.push(bytes.toString('latin1')), 'latin1')
        },
        flush: () => Buffer.from(text.flush(), 'latin1'),
      }
    },
  }
}

/** @param values asked at every use, so it must be cheap; a new array means that the values changed */
export function createRedactor(values: () => readonly string[]): Redactor {
  return fromForms(values, (form) => form)
}

function fromForms(values: () => readonly string[], write: (form: string) => string): Redactor {
  let source: readonly string[] | undefined
  let matcher = compile([], write)
  const current = () => {
    const now = values()
    if (now !== source) {
      source = now
      matcher = compile(now, write)
    }
    return matcher
  }
  return {
    text: (text) => current()(text, 0, true).out,
    stream() {
      let held = ''
      let covered = 0
      const go = (chunk: string, isEnd: boolean): string => {
        const text = held + chunk
        const done = current()(text, covered, isEnd)
        held = text.slice(done.safe)
        covered = done.covered
        return done.out
      }
      return { push: (chunk) => go(chunk, false), flush: () => go('', true) }
    },
  }
}

/** For `createRedactor`: a new array only when what changes has changed, since the redactor compiles each new one. */
export function joinSecrets(fixed: readonly string[], changing: () => readonly string[]): () => readonly string[] {
  let seen: readonly string[] | undefined
  let joined = fixed
  return () => {
    const now = changing()
    if (now !== seen) {
      seen = now
      joined = [...fixed, ...now]
    }
    return joined
  }
}

/**
 * Redacts `text`, whose first `covered` characters belong to a secret that was already given out as redacted.
 * `out` is the redacted text up to `safe`; unless the text has ended, a secret may begin at `safe`, of which
 * (by overlap with the one before) `covered` characters are given out already.
 */
type Matcher = (text: string, covered: number, isEnd: boolean) => { out: string; safe: number; covered: number }

function compile(values: readonly string[], write: (form: string) => string): Matcher {
  const forms = [
    ...new Set(
      values
        .filter((value) => value.length >= minLength)
        .flatMap(formsOf)
        .map(write),
    ),
  ]
  if (forms.length === 0) return (text, covered) => ({ out: text.slice(covered), safe: text.length, covered: 0 })
  // Longest first: of two secrets that begin alike, the longer one is taken whole.
  const longestFirst = forms.toSorted((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(escape).join('|'), 'g')
  const longest = longestFirst[0]?.length ?? 0
  const tailStart = createTailFinder(forms, longest)

  return (text, covered, isEnd) => {
    const safe = isEnd ? text.length : tailStart(text)
    let out = ''
    let position = covered
    let openUntil = covered
    pattern.lastIndex = 0
    for (let match = pattern.exec(text); match !== null && match.index < safe; match = pattern.exec(text)) {
      const start = match.index
      const end = start + match[0].length
      // Secrets that overlap are one stretch: the rest of the second must not show.
      const overlaps = start < openUntil
      if (!overlaps) out += text.slice(position, start) + redacted
      openUntil = Math.max(openUntil, end)
      position = openUntil
      pattern.lastIndex = start + 1
    }
    if (position < safe) out += text.slice(position, safe)
    return { out, safe, covered: Math.max(0, openUntil - safe) }
  }
}

/** The first position from which the rest of the text is the beginning, but not all, of a form; else its length. */
function createTailFinder(forms: readonly string[], longest: number): (text: string) => number {
  const byFirst = Map.groupBy(forms, (form) => form.charAt(0))
  return (text) => {
    for (let at = Math.max(0, text.length - longest + 1); at < text.length; at++) {
      const candidates = byFirst.get(text.charAt(at))
      if (candidates === undefined) continue
      const rest = text.slice(at)
      if (candidates.some((form) => form.length > rest.length && form.startsWith(rest))) return at
    }
    return text.length
  }
}

const escape = (form: string): string => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const json = JSON.stringify(value).slice(1, -1)
  const url = encodeURIComponent(value)
  return [
    value,
    json,
    // As it appears in JSON within JSON: agents quote their tools' output.
    JSON.stringify(json).slice(1, -1),
    url,
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encodeURI(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    ...base64Forms(bytes, 'base64'),
    ...base64Forms(bytes, 'base64url'),
  ].filter((form) => form.length >= minLength)
}

/**
 * The value alone, and as it appears in the base64 of a longer text that holds it (`Basic user:password`):
 * what stays the same at each of the three offsets.
 */
function base64Forms(bytes: Buffer, encoding: 'base64' | 'base64url'): string[] {
  const alone = bytes.toString(encoding).replace(/=+$/, '')
  const inner = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString(encoding)
      .replace(/=+$/, '')
    const start = Math.ceil((offset * 8) / 6)
    const end = Math.floor(((offset + bytes.length) * 8) / 6)
    return text.slice(start, end)
  })
  // A shortened form of a short value would match by chance.
  return [alone, ...inner.filter((form) => form.length >= 8)]
}
