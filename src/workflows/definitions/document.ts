// configs.json as text. Reads version 0 (Maistro's bare array) and version 1 (ours), writes version 1.
// Knows the outer shape only: what an item means is item.ts. Pure.

import { isJsonObject, type JsonObject, MaestroError, parseJsonFile } from '#src/core/index.ts'

export interface StoredDocument {
  /** Of the text it was read from. */
  readonly schemaVersion: 0 | 1
  /** Every top-level field but `schemaVersion` and `items`: ours (`sampleCreated`) and those we do not know. */
  readonly top: JsonObject
  readonly items: readonly JsonObject[]
}

export const emptyDocument: StoredDocument = { schemaVersion: 1, top: {}, items: [] }

/**
 * @param file named in errors
 * @throws `corrupt_data` with file, line and column; `unsupported` for a file of a newer Maestro
 */
export function parseDocument(text: string, file: string): StoredDocument {
  const value = parseJsonFile(text, file)
  if (Array.isArray(value)) return { schemaVersion: 0, top: {}, items: itemsOf(value, file) }
  if (!isJsonObject(value) || !Array.isArray(value['items'])) {
    throw new MaestroError(
      'corrupt_data',
      `${file} is ${describe(value)}; it should be {"schemaVersion": 1, "items": [...]}`,
    )
  }
  const { schemaVersion, items, ...top } = value
  if (schemaVersion !== 1) {
    throw new MaestroError(
      'unsupported',
      `${file} has schemaVersion ${JSON.stringify(schemaVersion)}; this Maestro knows 1`,
      {
        hint: 'it was written by a newer Maestro: start that one, or restore an older copy of the file',
      },
    )
  }
  return { schemaVersion: 1, top, items: itemsOf(items as unknown[], file) }
}

export function formatDocument(document: Omit<StoredDocument, 'schemaVersion'>): string {
  return `${JSON.stringify({ schemaVersion: 1, ...document.top, items: document.items }, null, 2)}\n`
}

function itemsOf(values: readonly unknown[], file: string): JsonObject[] {
  return values.map((value, index) => {
    if (isJsonObject(value)) return value
    throw new MaestroError(
      'corrupt_data',
      `${file}: items.${index} is ${describe(value)}; it should be a workflow object`,
    )
  })
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object without items' : `a ${typeof value}`
}
