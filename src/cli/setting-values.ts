// Variables and headers as options give them: names of secret ones, whose values are asked for or come from
// stdin, and `NAME=value` for those that are no secrets.

import { type Issue, MaestroError } from '#src/core/index.ts'
import type { Io } from './io.ts'
import { askHidden, readAll } from './read-input.ts'

/** @throws `invalid_input` for `NAME=value`, with the reason */
export function secretNames(option: string, names: readonly string[]): readonly string[] {
  const given = names.filter((name) => name.includes('='))
  if (given.length === 0) return names
  const [name = ''] = (given[0] ?? '').split('=')
  throw new MaestroError(
    'invalid_input',
    `${option} takes a name, not "${name}=...": a value on the command line is seen by every user of this machine and kept by the shell`,
    {
      hint: `${option} ${name} asks for the value, or reads it from stdin; ${option === '--env' ? `for one that is no secret: --plain-env ${name}=...` : 'a header is always a secret'}`,
    },
  )
}

/** @throws `invalid_input` naming every one without a value */
export function plainValues(rows: readonly string[]): { name: string; value: string }[] {
  const issues: Issue[] = []
  const found = rows.map((row) => {
    const at = row.indexOf('=')
    if (at < 1) issues.push({ path: '--plain-env', message: `"${row}" should be NAME=value` })
    return { name: row.slice(0, at), value: row.slice(at + 1) }
  })
  if (issues.length > 0)
    throw new MaestroError('invalid_input', issues.map(({ message }) => message).join('; '), { issues })
  return found
}

/**
 * A value for each name: asked for one after the other at a terminal; from stdin the value alone when there is one
 * name, else lines `NAME=value`.
 * @throws `invalid_input` for names without a value
 */
export async function readValues(io: Io, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>()
  if (names.length === 0) return values
  if (io.stdin.isTTY === true) {
    for (const name of names) values.set(name, await askHidden(io, `Value of ${name} (not shown): `))
  } else {
    const text = await readAll(io)
    const [only] = names
    if (names.length === 1 && only !== undefined) values.set(only, withoutName(text, only))
    else
      for (const line of text.split(/\r?\n/)) {
        const at = line.indexOf('=')
        if (at > 0 && names.includes(line.slice(0, at))) values.set(line.slice(0, at), line.slice(at + 1))
      }
  }
  const missing = names.filter((name) => (values.get(name) ?? '') === '')
  if (missing.length > 0) {
    throw new MaestroError('invalid_input', `no value was given for ${missing.join(', ')}`, {
      hint:
        names.length === 1
          ? `printf %s "$${missing[0] ?? ''}" | maestro ...`
          : 'write one line NAME=value for each to stdin',
    })
  }
  return values
}

function withoutName(text: string, name: string): string {
  return text.startsWith(`${name}=`) ? text.slice(name.length + 1) : text
}
