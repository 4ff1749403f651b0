// What a program wrote for a terminal, as text with colours. Only colours and weights are taken from its escape
// sequences; all others, and control characters, are dropped: a title, a link, a cursor move or a query of the
// terminal does nothing here. Pure.

export type Colour = 'black' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white'

/** How text looks from some point on. Absent: as the terminal has it by default. */
export interface Style {
  readonly colour?: Colour
  readonly bright?: boolean
  readonly back?: Colour
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly underline?: boolean
  readonly struck?: boolean
  readonly inverse?: boolean
}

export interface Span {
  readonly text: string
  readonly style: Style
}

export const plain: Style = {}

const order: readonly Colour[] = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

/**
 * Escape sequences: CSI; strings (OSC, DCS, SOS, PM, APC) up to their end; one that a chunk cut off; two-character
 * ones; in 8-bit form too. Then control characters other than tab.
 */
const sequence =
  // oxlint-disable-next-line no-control-regex -- these are what it looks for
  /(?:\x1b\[|\x9b)([0-?]*)([ -/]*)([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)|(?:\x1b\[|\x9b)[0-?]*[ -/]*$|\x1b[ -/]*[0-~]?|[\x00-\x08\x0a-\x1f\x7f-\x9f]/g

// oxlint-disable-next-line no-control-regex -- the question is whether there are any
const special = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/

/** What is left of a line after all that came back to its beginning: the last thing a progress bar showed. */
function afterReturn(line: string): string {
  const kept = line.endsWith('\r') ? line.slice(0, -1) : line
  const at = kept.lastIndexOf('\r')
  return at === -1 ? kept : kept.slice(at + 1)
}

/** The line as text alone. */
export function stripAnsi(line: string): string {
  return special.test(line) ? afterReturn(line).replace(sequence, '') : line
}

/** One line, without its line break, in spans; `next` is how the line after it begins. */
export function parseAnsi(line: string, from: Style = plain): { spans: Span[]; next: Style } {
  if (!special.test(line)) return { spans: line === '' ? [] : [{ text: line, style: from }], next: from }
  const spans: Span[] = []
  let style = from
  let at = 0
  // A style that was set before the return to the beginning still holds after it.
  const kept = afterReturn(line)
  const dropped = line.slice(0, line.length - kept.length - (line.endsWith('\r') ? 1 : 0))
  for (const match of dropped.matchAll(sequence)) style = restyle(style, match)
  const add = (text: string) => {
    if (text !== '') spans.push({ text, style })
  }
  for (const match of kept.matchAll(sequence)) {
    add(kept.slice(at, match.index))
    at = match.index + match[0].length
    style = restyle(style, match)
  }
  add(kept.slice(at))
  return { spans, next: style }
}

/** The style after a line, without making its spans. */
export function styleAfter(line: string, from: Style): Style {
  if (!special.test(line)) return from
  let style = from
  for (const match of line.matchAll(sequence)) style = restyle(style, match)
  return style
}

function restyle(style: Style, [, parameters, between, final]: RegExpMatchArray): Style {
  if (final !== 'm' || between !== '' || parameters === undefined || /[<-?]/.test(parameters)) return style
  return select(style, parameters === '' ? [0] : parameters.split(/[;:]/).map(Number))
}

/** Select Graphic Rendition: its numbers, one after the other. */
function select(from: Style, codes: readonly number[]): Style {
  let style: Style = from
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(at + 1))
      at += used
      if (colour !== undefined) style = { ...style, ...(code === 38 ? foreground(colour) : { back: colour.colour }) }
    } else style = one(style, code)
  }
  return style
}

const without = (style: Style, ...keys: (keyof Style)[]): Style =>
  Object.fromEntries(Object.entries(style).filter(([key]) => !(keys as string[]).includes(key)))

function one(style: Style, code: number): Style {
  if (code === 0) return plain
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 3) return { ...style, italic: true }
  if (code === 4) return { ...style, underline: true }
  if (code === 7) return { ...style, inverse: true }
  if (code === 9) return { ...style, struck: true }
  if (code === 22) return without(style, 'bold', 'dim')
  if (code === 23) return without(style, 'italic')
  if (code === 24) return without(style, 'underline')
  if (code === 27) return without(style, 'inverse')
  if (code === 29) return without(style, 'struck')
  if (code === 39) return without(style, 'colour', 'bright')
  if (code === 49) return without(style, 'back')
  const base = [30, 40, 90, 100].find((start) => code >= start && code < start + 8)
  const colour = base === undefined ? undefined : order[code - base]
  if (colour === undefined) return style
  if (base === 40 || base === 100) return { ...style, back: colour }
  return { ...style, ...foreground({ colour, bright: base === 90 }) }
}

interface Named {
  readonly colour: Colour
  readonly bright: boolean
}

const foreground = ({ colour, bright }: Named): Style => ({ colour, bright })

/** `5;n` or `2;r;g;b`, brought to the nearest of the sixteen: those are readable in both themes. */
function extended([kind, ...rest]: readonly number[]): [Named | undefined, used: number] {
  if (kind === 5) {
    const index = rest[0] ?? 0
    return [index < 16 ? { colour: order[index % 8] ?? 'white', bright: index > 7 } : nearest(...cube(index)), 2]
  }
  if (kind === 2) return [nearest(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4]
  return [undefined, 0]
}

/** The 6x6x6 cube and the greys of the 256 colours. */
function cube(index: number): [number, number, number] {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return [grey, grey, grey]
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  const at = index - 16
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)]
}

function nearest(red: number, green: number, blue: number): Named {
  const most = Math.max(red, green, blue)
  const least = Math.min(red, green, blue)
  if (most - least < 40) return most < 64 ? { colour: 'black', bright: false } : { colour: 'white', bright: most > 192 }
  const half = (most + least) / 2
  const bits = (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0)
  return { colour: order[bits] ?? 'white', bright: most > 192 }
}
