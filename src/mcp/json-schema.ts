// Zod schemas as MCP clients are shown them: JSON Schema with an object at its root, without what only costs a model's
// context (bounds of safe integers, patterns of answers). Pure. What is refused is decided by the zod schema, in `calls`.

import { z } from 'zod'

export type JsonSchema = { readonly type: 'object'; readonly [key: string]: unknown }

/** What a caller may send. Only keys that `shows` says yes to; all others are accepted too. */
export function inputSchema(schema: z.ZodType, shows: (key: string) => boolean = () => true): JsonSchema {
  const made = withoutNoise(toJson(schema, 'input'), 'input') as Record<string, unknown>
  const properties = Object.entries((made['properties'] ?? {}) as Record<string, unknown>).filter(([key]) => shows(key))
  const required = ((made['required'] as string[] | undefined) ?? []).filter(shows)
  const { required: _required, ...rest } = made
  return {
    ...rest,
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  }
}

/**
 * What comes back, or `{ error }`; undefined when the answer is not an object (it is text only then). Nothing is
 * required at the root, because clients in the field check failures by the same schema and would hide ours behind
 * their own. What lies deeper than `levels` is any value: models pay for every word of it, and the API's document has
 * it whole.
 */
export function outputSchema(schema: z.ZodType, levels = 2): JsonSchema | undefined {
  const made = shallow(withoutNoise(toJson(schema, 'output'), 'output'), levels) as Record<string, unknown>
  if (made['type'] === 'object') {
    const { required: _required, properties, ...rest } = made
    const own = (properties ?? {}) as Record<string, unknown>
    // An answer may have a field of that name too: what went wrong with a run, or null.
    const error = Object.hasOwn(own, 'error') ? { anyOf: [own['error'], anError] } : anError
    return { ...rest, type: 'object', properties: { ...own, error } }
  }
  // A union of objects is an object too, and clients look for that word at the root.
  const options = optionsOf(made)
  if (options?.every((option) => option['type'] === 'object') !== true) return undefined
  const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = made
  return { ...rest, type: 'object', anyOf: [...options, { type: 'object', required: ['error'] }] }
}

const anError = { type: 'object' }

function optionsOf(node: Record<string, unknown>): Record<string, unknown>[] | undefined {
  return (node['anyOf'] ?? node['oneOf']) as Record<string, unknown>[] | undefined
}

/** Objects below `levels` keep only that they are objects, arrays that they are arrays. References are cut the same way. */
function shallow(node: unknown, levels: number): unknown {
  if (!isRecord(node)) return node
  const { $defs: _defs, properties, items, ...rest } = node
  if ('$ref' in rest) return {}
  const options = optionsOf(rest)
  const { anyOf: _anyOf, oneOf: _oneOf, allOf, required, ...plain } = rest
  return {
    ...plain,
    ...(options === undefined ? {} : { anyOf: options.map((option) => shallow(option, levels)) }),
    ...(Array.isArray(allOf) ? { allOf: allOf.map((part) => shallow(part, levels)) } : {}),
    ...(isRecord(properties) && levels > 0
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, child]) => [key, shallow(child, levels - 1)]),
          ),
          ...(required === undefined ? {} : { required }),
        }
      : {}),
    ...(items === undefined || levels === 0 ? {} : { items: shallow(items, levels - 1) }),
    ...('additionalProperties' in plain ? { additionalProperties: true } : {}),
  }
}

const leanDescriptionChars = 70

/** For a model that shall spend as little as possible: types, defaults and the beginning of what is said of each key. */
export function lean(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(lean)
  if (!isRecord(node)) return node
  const kept = Object.entries(node).filter(([key]) => !bounds.has(key))
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === 'description' && typeof value === 'string') return [key, beginning(value, leanDescriptionChars)]
      if (key === 'properties' && isRecord(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, lean(child)]))]
      }
      return [key, key === 'default' || key === 'enum' || key === 'const' ? value : lean(value)]
    }),
  )
}

const bounds = new Set([
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
  'pattern',
  'propertyNames',
])

/** Whole sentences or clauses as far as they fit; at least the first. */
export function beginning(text: string, chars: number): string {
  if (text.length <= chars) return text
  const ends = [...text.matchAll(/[.;](?= )/g)].map(({ index }) => index)
  const end = ends.findLast((index) => index <= chars) ?? ends[0] ?? text.length
  return text.slice(0, end)
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _schema, ...made } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >
  // Which dialect it is goes without saying, unless the schema says it.
  const dialect = schema.meta()?.['$schema']
  return dialect === undefined ? made : { $schema: dialect, ...made }
}

/**
 * An answer's schema loses patterns, formats and closedness: they tell a model nothing it can use, and an added field
 * must not break a client that checks.
 */
function withoutNoise(node: unknown, io: 'input' | 'output'): unknown {
  if (Array.isArray(node)) return node.map((item) => withoutNoise(item, io))
  if (!isRecord(node)) return node
  const kept = Object.entries(node).filter(([key, value]) => {
    if (key === 'maximum' || key === 'minimum') return Math.abs(value as number) < Number.MAX_SAFE_INTEGER
    if (io === 'input') return true
    if (key === 'pattern' || key === 'format') return typeof value !== 'string'
    return key !== 'additionalProperties' || value !== false
  })
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      // Names of properties are not keywords.
      key === 'properties' && isRecord(value)
        ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withoutNoise(child, io)]))
        : key === 'default' || key === 'const' || key === 'enum' || key === 'examples'
          ? value
          : withoutNoise(value, io),
    ]),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
