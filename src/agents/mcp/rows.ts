// The variables and headers of a server between what a person sent, what is stored and what is shown: which
// values go to the encrypted store, which are kept, which are no longer needed. Pure; the registry acts on it.

import type { z } from 'zod'
import type { Issue } from '#src/core/contract.ts'
import type { SettingRow, SettingView } from '../contract.ts'
import { freeSecretName, type RowList, rowLists, type StoredRow, type StoredServer } from './stored.ts'

type InputRow = z.output<typeof SettingRow>

export interface SecretWrite {
  readonly name: string
  readonly value: string
}

export interface MergedRows {
  readonly rows: readonly StoredRow[]
  readonly writes: readonly SecretWrite[]
  readonly issues: readonly Issue[]
}

/**
 * What `rows` mean over what is stored. A secret without a value keeps the stored one; so does a row that
 * is no secret and never was. A secret that shall be shown from now on must be entered again.
 */
export function mergeRows(
  list: RowList,
  id: string,
  rows: readonly InputRow[],
  before: readonly StoredRow[],
  isTaken: (name: string) => boolean,
): MergedRows {
  const writes: SecretWrite[] = []
  const issues: Issue[] = []
  const merged = rows.map(({ name, isSecret, value }, index): StoredRow => {
    const known = before.find((row) => row.name === name)
    if (!isSecret) {
      const text = value ?? (known === undefined || known.kind === 'secret' ? undefined : known.value)
      if (text === undefined) {
        const again = known?.kind === 'secret' ? 'the value once more, since a stored secret is not shown' : 'a value'
        issues.push({ path: `${list}.${index}.value`, message: again })
      }
      return { name, kind: 'plain', value: text ?? '' }
    }
    const text = value ?? (known === undefined || known.kind === 'secret' ? undefined : known.value)
    const secretName =
      known?.kind === 'secret'
        ? known.secretName
        : freeSecretName(id, name, (wanted) => isTaken(wanted) || writes.some((write) => write.name === wanted))
    if (text !== undefined) writes.push({ name: secretName, value: text })
    return { name, kind: 'secret', secretName }
  })
  return { rows: merged, writes, issues }
}

export function secretNamesOf(server: Pick<StoredServer, RowList>): string[] {
  return rowLists.flatMap((list) => server[list].flatMap((row) => (row.kind === 'secret' ? [row.secretName] : [])))
}

/** @param hints of stored secrets by name; a name that is missing has no value */
export function viewRows(rows: readonly StoredRow[], hints: ReadonlyMap<string, string | null>): SettingView[] {
  return rows.map((row) =>
    row.kind === 'secret'
      ? {
          name: row.name,
          isSecret: true,
          value: null,
          isSet: hints.has(row.secretName),
          hint: hints.get(row.secretName) ?? null,
        }
      : { name: row.name, isSecret: false, value: row.value, isSet: true, hint: null },
  )
}
