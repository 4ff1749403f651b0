// Safe names for the items of a file that people and other programs write. Pure; the same names for the
// same content, since runs, versions and secrets are kept under them.

import { createHash } from 'node:crypto'
import { Slug } from './contract.ts'
import type { JsonObject } from './json-file.ts'

/**
 * A safe name for every item, in order. An id that is a Slug stays; any other (Maistro took everything,
 * even `../../../X`) gets one derived from it, so it is the same at every start.
 * @param noun stands in where an id has neither letters nor digits, `workflow`
 */
export function aliasesOf(items: readonly JsonObject[], noun: string): string[] {
  const taken = new Set<string>()
  const aliases = new Map<JsonObject, string>()
  const claim = (item: JsonObject, wanted: unknown): void => {
    if (aliases.has(item) || !Slug.safeParse(wanted).success || taken.has(String(wanted))) return
    taken.add(String(wanted))
    aliases.set(item, String(wanted))
  }
  for (const item of items) claim(item, item['alias'])
  for (const item of items) claim(item, item['id'])
  for (const item of items) {
    const original = typeof item['id'] === 'string' ? item['id'] : JSON.stringify(item['id'] ?? '')
    const base = `${slugOf(original).slice(0, 40) || noun}-${createHash('sha256').update(original).digest('hex').slice(0, 8)}`
    for (let n = 1; !aliases.has(item); n++) claim(item, n === 1 ? base : `${base}-${n}`)
  }
  return items.map((item) => aliases.get(item) ?? '')
}

/** Lower-case letters, digits and single dashes; may be empty. */
export function slugOf(text: string): string {
  return text
    .slice(0, 1_000)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
