// Text edits, one after the other, all or none. Pure.

import { type Issue, MaestroError } from '#src/core/index.ts'
import { carriesMask } from './masks.ts'

export interface Edit {
  readonly old: string
  readonly new: string
  readonly all: boolean
}

export interface Edited {
  readonly text: string
  readonly replacements: number
}

/**
 * @throws `conflict` when a text is not there, or more than once without `all`, naming the lines; `invalid_input` when an
 *   edit changes nothing
 */
export function applyEdits(text: string, edits: readonly Edit[], path: string): Edited {
  let replacements = 0
  // In a file with CRLF, a caller that was shown lines usually sends LF.
  const isCrlf = text.includes('\r\n') && !/(^|[^\r])\n/.test(text)
  const now = edits.reduce((before, edit, index) => {
    const [from, to] = isCrlf ? [toCrlf(edit.old), toCrlf(edit.new)] : [edit.old, edit.new]
    const name = `edits.${index}`
    if (from === to) throw problem('invalid_input', { path: name, message: 'old and new are the same' }, path)
    const places = placesOf(before, from)
    if (places.length === 0)
      throw problem('conflict', { path: `${name}.old`, message: notFound(before, edit.old) }, path)
    if (places.length > 1 && !edit.all) {
      const lines = places.slice(0, 10).map((place) => lineOf(before, place))
      const more = places.length > 10 ? ', ...' : ''
      const message = `is there ${places.length} times, on lines ${lines.join(', ')}${more}`
      throw problem('conflict', { path: `${name}.old`, message }, path)
    }
    replacements += places.length
    return places.length === 1 ? splice(before, places[0] ?? 0, from, to) : before.replaceAll(from, () => to)
  }, text)
  return { text: now, replacements }
}

const toCrlf = (text: string): string => text.replace(/\r?\n/g, '\r\n')
const splice = (text: string, at: number, from: string, to: string): string =>
  text.slice(0, at) + to + text.slice(at + from.length)

function placesOf(text: string, part: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) places.push(at)
  return places
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** Says where the first line of it stands, when it does: most often the white space differs, or a later line. */
function notFound(text: string, old: string): string {
  if (carriesMask(old)) return 'is not there: [redacted] stands for a secret, so edit only the text around it'
  const wanted = old
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim()
  if (wanted === undefined) return 'is not there'
  const near = text.split('\n').flatMap((line, index) => (line.includes(wanted) ? [index + 1] : []))
  if (near.length === 0) return `is not there, nor is its line ${JSON.stringify(wanted.slice(0, 80))}`
  const lines = near.slice(0, 5).join(', ')
  return `is not there as it is written; its line ${JSON.stringify(wanted.slice(0, 80))} is on line ${lines}, so white space or the lines around it differ`
}

function problem(code: 'conflict' | 'invalid_input', issue: Issue, path: string): MaestroError {
  return new MaestroError(code, `${path} was not changed: ${issue.path} ${issue.message}`, {
    hint:
      code === 'conflict'
        ? 'read the lines around it, then send the exact text with enough of its neighbours to be there once, or all: true'
        : 'leave this edit out',
    issues: [issue],
    details: { ...(code === 'conflict' ? { kind: 'CONFLICT', reason: 'edit_does_not_fit' } : {}), executed: 'no' },
  })
}
