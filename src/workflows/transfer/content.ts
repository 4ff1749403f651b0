// A file that somebody brings, from its text to a value that is safe to look at: JSON or YAML, bounded in
// depth, size and references, without names that pollute objects. And which of the known formats it is. Pure.

import { isJsonObject, type JsonObject, MaestroError, parseJsonFile } from '#src/core/index.ts'
import { isMap, parseDocument, visit } from 'yaml'

/** What the HTTP surface takes in a body, with room for the rest of the request. */
export const maxContentChars = 2_000_000
const maxDepth = 40
const maxValues = 200_000
/** A recipe is small. Reading YAML takes a thousand times longer than JSON, by the number of its marks. */
const maxYamlChars = 500_000
const maxYamlMarks = 20_000
/** How often the anchors of a YAML file may be repeated in all. */
const maxAliases = 100
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

export type Content =
  | { readonly format: 'bundle'; readonly value: JsonObject }
  | { readonly format: 'maistro'; readonly items: readonly JsonObject[] }
  | { readonly format: 'goose_recipe'; readonly recipe: JsonObject }

/** @throws `invalid_input` saying what is wrong and where; `unsupported` for a bundle of a newer Maestro */
export function readContent(text: string): Content {
  if (text.length > maxContentChars) {
    throw new MaestroError('limit_exceeded', `the file has ${text.length} characters; at most ${maxContentChars}`, {
      hint: 'export fewer workflows at once',
    })
  }
  const value = parse(text.replace(/^\uFEFF/, ''))
  assertHarmless(value)
  return formatOf(value)
}

function parse(text: string): unknown {
  if (text.trim() === '') throw notReadable('the file is empty')
  // Any JSON is YAML too, but a mistake in it is told better by the JSON reader.
  if (/^\s*[[{]/.test(text)) {
    try {
      return parseJsonFile(text, 'the file')
    } catch (error) {
      const yaml = parseYaml(text)
      if (yaml.ok && isJsonObject(yaml.value) && isRecipe(yaml.value)) return yaml.value
      throw notReadable(error instanceof Error ? error.message : String(error))
    }
  }
  const yaml = parseYaml(text)
  if (yaml.ok) return yaml.value
  throw notReadable(`the file is not valid YAML: ${yaml.why}`)
}

function parseYaml(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  const marks = text.match(/[,:[{]|^ *- /gm)?.length ?? 0
  if (text.length > maxYamlChars || marks > maxYamlMarks) {
    return { ok: false, why: `it is too large: ${text.length} characters, ${marks} marks` }
  }
  try {
    // Its own search for doubled keys takes time by the square of their number.
    const document = parseDocument(text, { uniqueKeys: false, stringKeys: true, merge: false, version: '1.2' })
    const [error] = document.errors
    if (error !== undefined) return { ok: false, why: error.message.split('\n', 1)[0] ?? '' }
    let doubled: string | undefined
    visit(document, {
      Map(_, node) {
        if (!isMap(node)) return undefined
        const seen = new Set<unknown>()
        for (const { key } of node.items) {
          const name = String(key)
          if (seen.has(name)) doubled = name
          seen.add(name)
        }
        return doubled === undefined ? undefined : visit.BREAK
      },
    })
    if (doubled !== undefined) return { ok: false, why: `"${doubled.slice(0, 100)}" is there twice` }
    return { ok: true, value: document.toJS({ maxAliasCount: maxAliases }) as unknown }
  } catch (error) {
    // References that multiply, or nesting that no reader's stack holds.
    const why = error instanceof ReferenceError ? 'its references multiply without bounds' : 'it is nested too deeply'
    return { ok: false, why }
  }
}

/** Without recursion, so that depth cannot break the check for depth. */
function assertHarmless(root: unknown): void {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }]
  let count = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next
    if (typeof value !== 'object' || value === null) continue
    if (depth >= maxDepth) throw notReadable(`nested deeper than ${maxDepth} levels, at ${path.slice(0, 200)}`)
    for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
      if (forbiddenKeys.has(key)) throw notReadable(`the name "${key}" is not allowed, at ${path || 'the top'}`)
      if ((count += 1) > maxValues) throw notReadable(`more than ${maxValues} values`)
      open.push({ value: inner, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 })
    }
  }
}

function formatOf(value: unknown): Content {
  if (Array.isArray(value)) return { format: 'maistro', items: itemsOf(value) }
  if (!isJsonObject(value)) throw unknownFormat(`the file is a ${value === null ? 'null' : typeof value}`)
  if ('maestroBundle' in value) {
    if (value['maestroBundle'] === 1) return { format: 'bundle', value }
    const message = `the bundle is of version ${JSON.stringify(value['maestroBundle'])}; this Maestro knows 1`
    throw new MaestroError('unsupported', message, { hint: 'it was exported by a newer Maestro: import it there' })
  }
  if ('schemaVersion' in value && Array.isArray(value['items'])) {
    return { format: 'maistro', items: itemsOf(value['items']) }
  }
  // Goose Desktop keeps the recipe in a field of its own.
  const recipe = isJsonObject(value['recipe']) ? value['recipe'] : value
  if (isRecipe(recipe)) return { format: 'goose_recipe', recipe }
  throw unknownFormat(`the file is an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing in it'}`)
}

const isRecipe = (value: JsonObject): boolean => 'prompt' in value || 'instructions' in value

function itemsOf(values: readonly unknown[]): JsonObject[] {
  return values.map((value, index) => {
    if (isJsonObject(value)) return value
    throw notReadable(`entry ${index + 1} of the list is no configuration`)
  })
}

const hint = 'import a Maestro bundle, the content of a Maistro configs.json, or a Goose recipe (YAML or JSON)'

const notReadable = (message: string) =>
  new MaestroError('invalid_input', `it cannot be imported: ${message}`, {
    hint,
    issues: [{ path: 'content', message }],
  })

const unknownFormat = (message: string) => notReadable(`${message}, which is none of the formats that are known`)
