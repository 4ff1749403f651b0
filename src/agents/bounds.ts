// Limits of what one event may hold, the same for every adapter.

/** Of a tool's output or input in an event. */
export const maxToolChars = 16 * 1024
/** Of a warning or an error message. */
export const maxNoticeChars = 4 * 1024

export function bounded(text: string, maxChars: number): { text: string; truncated: boolean } {
  if (text.length <= maxChars) return { text, truncated: false }
  // Not in the middle of a surrogate pair: JSON and the database refuse half a character.
  const end = isHighSurrogate(text.charCodeAt(maxChars - 1)) ? maxChars - 1 : maxChars
  return { text: text.slice(0, end), truncated: true }
}

/** Is a text as long as `bounded` leaves one that was longer? Then its end may be half of a word, or of a secret. */
export function mayBeCut(text: string): boolean {
  return [maxToolChars, maxNoticeChars].some((max) => text.length === max || text.length === max - 1)
}

/**
 * The end of a long text: the last lines of a log say most. From the beginning of a line, if one begins there:
 * half a line may hold half a secret, which nobody would know again.
 */
export function tail(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const end = text.slice(-maxChars)
  const lineEnd = end.indexOf('\n')
  return `…${lineEnd === -1 || lineEnd === end.length - 1 ? end : end.slice(lineEnd + 1)}`
}

/** A tool's input as it is, or its beginning as text when it is too large. */
export function boundedInput(input: unknown): unknown {
  const json = input === undefined ? 'null' : JSON.stringify(input)
  return json.length <= maxToolChars ? (input ?? null) : { truncated: true, json: bounded(json, maxToolChars).text }
}

export function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}
