// One MCP server between its stored form and what it means. The stored form is Maistro's (`command`, `args`,
// `env`, `description`, `defaultEnabled`) with our fields beside it, and every field we do not know. A
// value in `env` or `headers` is one of three:
//   "secret:<NAME>"      the value is in the encrypted store, under that name
//   listed in `plain`    it is no secret and stays readable
//   anything else        Maistro's, or written by hand: taken for a secret, and moved when the file is opened
// Pure.

import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject, MaestroError, splitArguments } from '#src/core/index.ts'

/** A variable or a header. */
export type StoredRow =
  | { readonly name: string; readonly kind: 'secret'; readonly secretName: string }
  | { readonly name: string; readonly kind: 'plain'; readonly value: string }
  | { readonly name: string; readonly kind: 'clear'; readonly value: string }

export const rowLists = ['env', 'headers'] as const
export type RowList = (typeof rowLists)[number]

export interface StoredServer {
  /** The safe name: Maistro's id, or one made from it. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly transport: 'stdio' | 'http'
  readonly command: string
  readonly args: readonly string[]
  readonly url: string
  readonly env: readonly StoredRow[]
  readonly headers: readonly StoredRow[]
  readonly defaultEnabled: boolean
  readonly required: boolean
  readonly startTimeoutSec: number
  readonly updatedAt: number | null
}

const ownFields = [
  'name',
  'description',
  'transport',
  'command',
  'args',
  'url',
  'env',
  'headers',
  'plain',
  'defaultEnabled',
  'required',
  'startTimeoutSec',
  'updatedAt',
]

const defaultStartTimeoutSec = 30
/** Of a command or an address. */
const maxAddress = 4_096
const reference = /^secret:([A-Z][A-Z0-9_]{1,63})$/

/** Would this value be read as the name of a secret? */
export const isReference = (value: string): boolean => reference.test(value)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Changes with every edit of the stored form, by hand too. */
export const versionOf = (raw: JsonObject): string => sha256(JSON.stringify(raw)).slice(0, 16)

/** @throws `corrupt_data` naming file and place */
export function toStoredServer(raw: JsonObject, id: string, place: string): StoredServer {
  const fail = (field: string, wanted: string): never => {
    throw new MaestroError('corrupt_data', `${place}.${field} should be ${wanted}`, {
      issues: [{ path: field, message: wanted }],
    })
  }
  const { args } = raw
  const timeout = raw['startTimeoutSec']
  return {
    id,
    name: (asText(raw['name']).trim() || asText(raw['id'])).slice(0, 200).trim() || 'Untitled',
    description: asText(raw['description']).slice(0, 10_000),
    transport: raw['transport'] === 'http' ? 'http' : 'stdio',
    command: atMost(asText(raw['command']).trim(), maxAddress) ?? fail('command', `at most ${maxAddress} characters`),
    args: argumentsOf(args) ?? fail('args', 'one line of text, or a list of at most 500 texts'),
    url: atMost(asText(raw['url']).trim(), maxAddress) ?? fail('url', `at most ${maxAddress} characters`),
    env: rowsOf(raw, 'env', fail),
    headers: rowsOf(raw, 'headers', fail),
    defaultEnabled: raw['defaultEnabled'] === true,
    required: raw['required'] !== false,
    startTimeoutSec:
      typeof timeout === 'number' && timeout >= 1 && timeout <= 600 ? Math.round(timeout) : defaultStartTimeoutSec,
    updatedAt: typeof raw['updatedAt'] === 'number' ? raw['updatedAt'] : null,
  }
}

/** Undefined for what cannot be arguments. */
function argumentsOf(args: unknown): string[] | undefined {
  const list = typeof args === 'string' ? splitArguments(args) : (args ?? [])
  if (!Array.isArray(list) || list.length > 500) return undefined
  const texts = list.map(asText)
  return texts.every((text) => text.length <= 100_000) ? texts : undefined
}

const atMost = (text: string, max: number): string | undefined => (text.length <= max ? text : undefined)

function rowsOf(raw: JsonObject, list: RowList, fail: (field: string, wanted: string) => never): StoredRow[] {
  const rows = raw[list] ?? {}
  if (!isJsonObject(rows)) return fail(list, 'an object of names and values')
  const plain = plainNames(raw, list)
  return Object.entries(rows).map(([name, content]): StoredRow => {
    if (isJsonObject(content) || Array.isArray(content)) return fail(`${list}.${name}`, 'a text')
    const value = asText(content)
    const secretName = reference.exec(value)?.[1]
    if (secretName !== undefined) return { name, kind: 'secret', secretName }
    return { name, kind: plain.has(name) ? 'plain' : 'clear', value }
  })
}

function plainNames(raw: JsonObject, list: RowList): Set<string> {
  const { plain } = raw
  const names = isJsonObject(plain) ? plain[list] : undefined
  return new Set(Array.isArray(names) ? names.map(asText) : [])
}

/** The stored form of `server`, over what was stored before: unknown fields and Maistro's id stay. */
export function toRaw(before: JsonObject, server: StoredServer): JsonObject {
  const kept = Object.fromEntries(Object.entries(before).filter(([field]) => !ownFields.includes(field)))
  const { id, alias: _alias, ...rest } = kept
  const isHttp = server.transport === 'http'
  const plain = Object.fromEntries(
    rowLists.flatMap((list) => {
      const names = server[list].filter((row) => row.kind === 'plain').map((row) => row.name)
      return names.length === 0 ? [] : [[list, names]]
    }),
  )
  return {
    id: id ?? server.id,
    ...(id === undefined || id === server.id ? {} : { alias: server.id }),
    name: server.name,
    ...(isHttp ? { transport: 'http', url: server.url } : server.url === '' ? {} : { url: server.url }),
    command: server.command,
    args: [...server.args],
    env: rawRows(server.env),
    ...(server.headers.length === 0 ? {} : { headers: rawRows(server.headers) }),
    ...(Object.keys(plain).length === 0 ? {} : { plain }),
    description: server.description,
    defaultEnabled: server.defaultEnabled,
    ...(server.required ? {} : { required: false }),
    ...(server.startTimeoutSec === defaultStartTimeoutSec ? {} : { startTimeoutSec: server.startTimeoutSec }),
    ...rest,
    ...(server.updatedAt === null ? {} : { updatedAt: server.updatedAt }),
  }
}

export function rawRows(rows: readonly StoredRow[]): JsonObject {
  return Object.fromEntries(
    rows.map((row) => [row.name, row.kind === 'secret' ? `secret:${row.secretName}` : row.value]),
  )
}

/**
 * A name for a row's secret that nothing else has: `MCP_<ID>_<NAME>`, numbered when that is taken.
 * @param isTaken is this name another row's, or somebody's own secret?
 */
export function freeSecretName(id: string, row: string, isTaken: (name: string) => boolean): string {
  const base = `MCP_${id}_${row}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  for (let n = 1; ; n++) {
    const end = n === 1 ? '' : `_${n}`
    const name = `${base.slice(0, 64 - end.length)}${end}`
    if (!isTaken(name)) return name
  }
}

/** What is text stays as it is; a number or a boolean that somebody wrote without quotes is meant as one. */
function asText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''
}
