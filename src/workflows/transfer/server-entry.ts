// An MCP server as a bundle holds it: the fields that people give, with names of secrets and no values. Read
// here leniently; the room that owns the servers checks it when it takes it over. Pure.

import { isJsonObject } from '#src/core/index.ts'

export type ServerEntry = { readonly id: string; readonly name: string } & Readonly<Record<string, unknown>>

export interface ServerRow {
  readonly name: string
  readonly isSecret: boolean
  readonly value: string | null
}

export const textOf = (entry: Readonly<Record<string, unknown>>, field: string): string => {
  const value = entry[field]
  return typeof value === 'string' ? value : ''
}

export const textsOf = (entry: Readonly<Record<string, unknown>>, field: string): string[] => {
  const value = entry[field]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

export function rowsOf(entry: ServerEntry, list: 'env' | 'headers'): ServerRow[] {
  const rows = entry[list]
  if (!Array.isArray(rows)) return []
  return rows.flatMap((row: unknown) => {
    if (!isJsonObject(row) || typeof row['name'] !== 'string') return []
    const value = typeof row['value'] === 'string' ? row['value'] : null
    return [{ name: row['name'], isSecret: row['isSecret'] !== false, value }]
  })
}

export const isSecretRow = (row: ServerRow): boolean => row.isSecret

/** What starting it would run, or whom it would call, in full. */
export function commandOf(entry: ServerEntry): string {
  if (entry['transport'] === 'http') return `${textOf(entry, 'url')} (over HTTP)`
  return [textOf(entry, 'command'), ...textsOf(entry, 'args')].map(shown).join(' ')
}

/** As it would be read by a person, with its borders where they are not plain. */
const shown = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))

/** Names of secrets that have no value in the entry: somebody has to enter them. */
export function secretsWanted(entry: ServerEntry): string[] {
  return [...rowsOf(entry, 'env'), ...rowsOf(entry, 'headers')]
    .filter((row) => row.isSecret && row.value === null)
    .map((row) => row.name)
}
