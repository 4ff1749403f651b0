// JSON files that people also edit by hand: read with a refusal that names the place. V8 tells the
// position in some of its messages only; who has to mend a file needs it always. Pure.

import { MaestroError } from './errors.ts'

export type JsonObject = Record<string, unknown>

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Deeper than anybody writes, and shallow enough for every walk that goes down by calling itself. */
const maxDepth = 200

/**
 * @param file named in the refusal
 * @throws `corrupt_data` with `details` file, line and column; without the latter two when it is nested too deeply
 */
export function parseJsonFile(text: string, file: string): unknown {
  // Some editors on Windows put a byte order mark first; JSON.parse does not take it.
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (error) {
    const { line, column } = findJsonError(source)
    const why = error instanceof Error ? error.message : String(error)
    throw new MaestroError('corrupt_data', `${file} is not valid JSON at line ${line}, column ${column}: ${why}`, {
      details: { file, line, column },
      cause: error,
    })
  }
  if (isDeeperThan(maxDepth, value)) {
    throw new MaestroError('corrupt_data', `${file} is nested deeper than ${maxDepth} levels`, { details: { file } })
  }
  return value
}

/** Level by level and without recursion: `JSON.parse` takes any depth, and the stack does not. */
function isDeeperThan(max: number, root: unknown): boolean {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > max) return true
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null
        ? (Object.values(value) as unknown[]).filter((inner) => typeof inner === 'object' && inner !== null)
        : [],
    )
  }
  return false
}

const space = /[ \t\r\n]*/y
const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these inside a string
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

/** Line and column, both from 1, of the first character that cannot be there. */
export function findJsonError(text: string): { line: number; column: number } {
  const at = Math.min(scan(text), text.length)
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

/** Offset of the first error; the text's length when it only ends too early (or is fine). */
function scan(text: string): number {
  let at = 0
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return false
    at += found[0].length
    return true
  }
  const eat = (character: string): boolean => {
    skip(space)
    if (text[at] !== character) return false
    at += 1
    return true
  }
  // `open` holds what closes each level; a loop, because a file may nest deeper than the stack.
  const open: ('}' | ']')[] = []
  const key = (): boolean => {
    skip(space)
    return skip(string) && eat(':')
  }
  for (;;) {
    skip(space)
    if (eat('{')) {
      if (!eat('}')) {
        open.push('}')
        if (!key()) return at
        continue
      }
    } else if (eat('[')) {
      if (!eat(']')) {
        open.push(']')
        continue
      }
    } else if (!skip(string) && !skip(literal)) return at
    for (let closer = open.at(-1); closer !== undefined && eat(closer); closer = open.at(-1)) open.pop()
    if (open.length === 0) {
      skip(space)
      return at
    }
    if (!eat(',')) return at
    if (open.at(-1) === '}' && !key()) return at
  }
}
