// From a request to a tool's raw input: path and query texts coerced by the schema, JSON bodies read with
// bounds. Only shapes are settled here; whether the input is valid is for `calls` to say.

import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { type Issue, MaestroError } from '#src/core/index.ts'
import { HttpRefusal } from './problems.ts'

const maxBodyBytes = 2 * 1024 * 1024
const maxDepth = 64

/** Path placeholders and query values as the schema's types. Repeat a name for an array. */
export function coerceTexts(
  shape: Record<string, z.ZodType>,
  texts: Iterable<readonly [string, string]>,
): Record<string, unknown> {
  const byName = new Map<string, string[]>()
  for (const [name, text] of texts) byName.set(name, [...(byName.get(name) ?? []), text])
  const issues: Issue[] = []
  const input: Record<string, unknown> = {}
  for (const [name, values] of byName) {
    if (name === '__proto__') {
      issues.push({ path: name, message: 'this name is not allowed' })
      continue
    }
    const schema = Object.hasOwn(shape, name) ? inner(shape[name]) : undefined
    if (schema instanceof z.ZodArray) {
      const element = inner(schema.element as z.ZodType)
      input[name] = values.map((value) => coerce(element, value))
    } else if (values.length > 1) {
      issues.push({ path: name, message: `given ${values.length} times; once is right` })
    } else {
      input[name] = coerce(schema, values[0] ?? '')
    }
  }
  if (issues.length > 0) throw notValid('the query', issues)
  return input
}

/** The schema under optional, nullable, default and the like. */
function inner(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch
  ) {
    return inner(schema.unwrap() as z.ZodType)
  }
  return schema instanceof z.ZodPipe ? inner(schema.in as z.ZodType) : schema
}

/** A text that does not fit stays text, so that the schema names what it expected. */
function coerce(schema: z.ZodType | undefined, text: string): unknown {
  if (schema instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (schema instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  if (schema instanceof z.ZodUnion) {
    for (const option of schema.options as z.ZodType[]) {
      const value = coerce(inner(option), text)
      if (option.safeParse(value).success) return value
    }
  }
  return text
}

/**
 * The JSON object in a body; `{}` when there is none.
 * @throws as `readJson`; `invalid_input` (400) for what is not a JSON object
 */
export async function readJsonBody(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const value = await readJson(incoming, { maxBytes: maxBodyBytes })
  if (value === undefined) return {}
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new MaestroError('invalid_input', 'the body must be a JSON object')
  }
  return value as Record<string, unknown>
}

/**
 * The JSON in a body; undefined when there is none.
 * @throws `invalid_input` (415 for another content type, 400 for what is not JSON, too deep or polluting),
 *   `limit_exceeded` (413) past `maxBytes`, without reading further
 */
export async function readJson(incoming: IncomingMessage, { maxBytes }: { maxBytes: number }): Promise<unknown> {
  const type = incoming.headers['content-type']
  const isJson = type !== undefined && /^application\/json *(;|$)/i.test(type)
  const bytes = type === undefined || isJson ? await readBytes(incoming, maxBytes) : undefined
  if (bytes === undefined || (bytes.length > 0 && !isJson)) {
    throw new HttpRefusal(
      415,
      'invalid_input',
      `the body is "${type ?? 'of no named type'}"; it must be application/json`,
      {
        hint: 'send the header Content-Type: application/json',
      },
    )
  }
  if (bytes.length === 0) return undefined
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new MaestroError('invalid_input', `the body is not valid JSON: ${(cause as Error).message}`, { cause })
  }
  if (value !== null && typeof value === 'object') {
    const issues: Issue[] = []
    inspect(value, [], issues)
    if (issues.length > 0) throw notValid('the body', issues)
  }
  return value
}

function readBytes(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new HttpRefusal(413, 'limit_exceeded', `the body is larger than ${maxBytes} bytes`, {
      hint: 'send less at once',
      details: { maxBytes },
    })
  return new Promise((resolve, reject) => {
    if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) {
      reject(tooLarge())
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    const settle = (finish: () => void) => {
      incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      finish()
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else {
        incoming.pause()
        settle(() => reject(tooLarge()))
      }
    }
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)))
    const onGone = () => settle(() => reject(new MaestroError('cancelled', 'the caller went away within its request')))
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

/** Depth first, never deeper than allowed, so the walk itself is bounded. */
function inspect(value: object, path: readonly string[], issues: Issue[]): void {
  if (path.length >= maxDepth) {
    if (issues.length === 0)
      issues.push({ path: path.slice(0, 8).join('.'), message: `nested deeper than ${maxDepth} levels` })
    return
  }
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    if (key === '__proto__') issues.push({ path: [...path, key].join('.'), message: 'this name is not allowed' })
    else if (child !== null && typeof child === 'object') inspect(child, [...path, key], issues)
  }
}

function notValid(what: string, issues: Issue[]): MaestroError {
  const list = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
  return new MaestroError('invalid_input', `${what} is not valid: ${list}`, { issues })
}
