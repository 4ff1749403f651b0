// Colours, and text made safe for a terminal. Colour only where a person looks and has not declined it
// (https://no-color.org).

type Paint = (text: string) => string

export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

export function createStyle(isTty: boolean, env: NodeJS.ProcessEnv): Style {
  const on = isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  const paint =
    (open: number, close: number): Paint =>
    (text) =>
      on ? `\x1b[${open}m${text}\x1b[${close}m` : text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  }
}

/**
 * Without control characters (but tab and line feed) and without marks that reorder text: what an agent, a
 * tool or a name says must not move the cursor, change the title or hide what follows.
 */
export function safe(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
  return text.replace(/\r\n/g, '\n').replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

/** One line, at most `width` characters. */
export function clip(text: string, width: number): string {
  const line = safe(text).replace(/\s+/g, ' ').trim()
  const letters = [...line]
  return letters.length <= width ? line : `${letters.slice(0, Math.max(1, width - 1)).join('')}…`
}
