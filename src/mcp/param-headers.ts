// Arguments that a tool wants as headers too (`x-mcp-header` in its input schema), so that what stands between a client
// and us can route by them: header and body must say the same. Modern era over HTTP. The SDK checks this only for lists of
// tools that it keeps itself.
// https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#server-behavior-for-custom-headers

import type { z } from 'zod'
import { inputSchema } from './json-schema.ts'
import type { ToolLists } from './tool-list.ts'

interface Declared {
  readonly header: string
  readonly path: readonly string[]
}

export type ParamHeaderCheck = (body: unknown, headers: Headers) => Response | undefined

/** Answers a call whose headers and arguments disagree; undefined for everything else. */
export function createParamHeaderCheck(lists: Pick<ToolLists, 'find'>): ParamHeaderCheck {
  const known = new Map<string, readonly Declared[]>()
  return (body, headers) => {
    const { id, method, params } = (body ?? {}) as Partial<Record<string, unknown>>
    if (method !== 'tools/call') return undefined
    const { name, arguments: input } = (params ?? {}) as Partial<Record<string, unknown>>
    const tool = typeof name === 'string' ? lists.find(name) : undefined
    if (tool === undefined) return undefined
    let declared = known.get(tool.name)
    if (declared === undefined) known.set(tool.name, (declared = declaredHeaders(inputSchema(tool.input as z.ZodType))))
    const problem = disagreement(declared, input, headers)
    if (problem === undefined) return undefined
    const isId = typeof id === 'string' || typeof id === 'number'
    return Response.json(
      { jsonrpc: '2.0', id: isId ? id : null, error: { code: headerMismatch, message: problem } },
      { status: 400 },
    )
  }
}

/** HeaderMismatch, which the SDK does not export. */
const headerMismatch = -32_020

/** The first one, as a sentence. */
function disagreement(declared: readonly Declared[], input: unknown, headers: Headers): string | undefined {
  for (const { header, path } of declared) {
    const value = path.reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | null | undefined)?.[key],
      input,
    )
    // What is not in the body is not expected in the headers either.
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue
    const name = path.join('.')
    const sent = headers.get(header)
    if (sent === null) return `the arguments have ${name}, and there is no header ${header} that says the same`
    const decoded = decode(sent)
    if (decoded === undefined) return `the header ${header} is marked as Base64 and is not`
    const isSame =
      typeof value === 'number' && decoded.trim() !== '' ? Number(decoded) === value : decoded === String(value)
    if (!isSame) return `the header ${header} does not say what ${name} in the arguments says`
  }
  return undefined
}

/** Only properties of properties are reached without knowing a value, so only there a header may be asked for. */
function declaredHeaders(schema: unknown, path: readonly string[] = []): Declared[] {
  const properties = (schema as { readonly properties?: Readonly<Record<string, unknown>> } | null)?.properties ?? {}
  return Object.entries(properties).flatMap(([key, child]) => {
    const here = [...path, key]
    const wanted = (child as Record<string, unknown> | null)?.['x-mcp-header']
    const own = typeof wanted === 'string' ? [{ header: `Mcp-Param-${wanted}`, path: here }] : []
    return [...own, ...declaredHeaders(child, here)]
  })
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Text that a header cannot carry comes as `=?base64?…?=`. Undefined when that is broken. */
function decode(value: string): string | undefined {
  const wrapped = /^=\?base64\?(.*)\?=$/.exec(value)?.[1]
  if (wrapped === undefined) return value
  if (!base64.test(wrapped)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(wrapped, 'base64'))
  } catch {
    return undefined
  }
}
