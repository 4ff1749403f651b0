// Arguments of a tool that its server also wants as headers, so that what stands before it can route by them
// (MCP 2026-07-28, streamable HTTP, `x-mcp-header`). An agent on stdio does not send any: the bridge does. Pure.

// Its own, not core's: the bridge starts with every turn, and loads no more than it needs.
const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Declared {
  readonly path: readonly string[]
  readonly header: string
}

export interface ParamHeaders {
  /** A list of tools went by. */
  learn(tools: unknown): void
  /** For `tools/call`: nothing for a tool that wants none. */
  of(params: unknown): Record<string, string>
}

export function createParamHeaders(): ParamHeaders {
  const declared = new Map<string, readonly Declared[]>()
  return {
    learn(tools) {
      if (!Array.isArray(tools)) return
      for (const tool of tools as unknown[]) {
        if (!isJsonObject(tool) || typeof tool['name'] !== 'string') continue
        const found = declarationsOf(tool['inputSchema'], [])
        if (found.length > 0) declared.set(tool['name'], found)
        else declared.delete(tool['name'])
      }
    },
    of(params) {
      if (!isJsonObject(params) || typeof params['name'] !== 'string') return {}
      return Object.fromEntries(
        (declared.get(params['name']) ?? []).flatMap(({ path, header }) => {
          const value = textOf(valueAt(params['arguments'], path))
          return value === undefined ? [] : [[`Mcp-Param-${header}`, encoded(value)]]
        }),
      )
    },
  }
}

/** Only what a chain of `properties` leads to may be declared. */
function declarationsOf(schema: unknown, path: readonly string[]): Declared[] {
  const { properties } = isJsonObject(schema) ? schema : {}
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).flatMap(([name, inner]) => {
    const here = [...path, name]
    const header = isJsonObject(inner) ? inner['x-mcp-header'] : undefined
    const isToken = typeof header === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header)
    return [...(isToken ? [{ path: here, header }] : []), ...declarationsOf(inner, here)]
  })
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isJsonObject(node) ? node[key] : undefined), root)
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value)
  return undefined
}

/** What a header cannot hold as it is goes as base64 between marks. */
function encoded(value: string): string {
  const isPlain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value)
  return isPlain ? value : `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`
}
