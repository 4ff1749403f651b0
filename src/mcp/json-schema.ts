// Zod schemas as MCP clients are shown them: JSON Schema with an object at its root, without what only costs a model's
// context (bounds of safe integers, patterns of answers). Pure. What is refused is decided by the zod schema, in `calls`.

import { z } from 'zod'

export type JsonSchema = { readonly type: 'object'; readonly [key: string]: unknown }

/** What a caller may send. Keys in `hidden` are accepted too, but not shown. */
export function inputSchema(schema: z.ZodType, hidden: readonly string[] = []): JsonSchema {
  const made = withoutNoise(toJson(schema, 'input'), 'input') as Record<string, unknown>
  const properties = { ...(made['properties'] as Record<string, unknown> | undefined) }
  const required = ((made['required'] as string[] | undefined) ?? []).filter((key) => !hidden.includes(key))
  for (const key of hidden) delete properties[key]
  const { required: _required, ...rest } = made
  return { ...rest, type: 'object', properties, ...(required.length === 0 ? {} : { required }) }
}

/**
 * What comes back, or `{ error }`; undefined when the answer is not an object (it is text only then). Nothing is
 * required at the root, because clients in the field check failures by the same schema and would hide ours behind
 * their own.
 */
export function outputSchema(schema: z.ZodType): JsonSchema | undefined {
  const made = withoutNoise(toJson(schema, 'output'), 'output') as Record<string, unknown>
  if (made['type'] === 'object') {
    const { required: _required, properties, ...rest } = made
    const own = (properties ?? {}) as Record<string, unknown>
    // An answer may have a field of that name too: what went wrong with a run, or null.
    const error = Object.hasOwn(own, 'error') ? { anyOf: [own['error'], anError] } : anError
    return { ...rest, type: 'object', properties: { ...own, error } }
  }
  // A union of objects is an object too, and clients look for that word at the root.
  const key = made['anyOf'] === undefined ? 'oneOf' : 'anyOf'
  const options = made[key] as Record<string, unknown>[] | undefined
  if (options?.every((option) => option['type'] === 'object') !== true) return undefined
  const { [key]: _options, ...rest } = made
  return { ...rest, type: 'object', anyOf: [...options, { type: 'object', required: ['error'] }] }
}

const anError = { type: 'object' }

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
