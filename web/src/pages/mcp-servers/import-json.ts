// The `mcpServers` block as other tools write it, read into servers to look at. Starts nothing and asks for
// nothing. Pure.

import { z } from 'zod'
import { argumentRow, blankServer, looksSecret, settingRow, type ServerDraft } from './draft.ts'

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const Entry = z.looseObject({
  type: z.string().optional(),
  command: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  args: z.union([z.string().transform((line) => [line]), z.array(text)]).optional(),
  env: z.record(z.string(), text).optional(),
  url: z.string().optional(),
  serverUrl: z.string().optional(),
  headers: z.record(z.string(), text).optional(),
  description: z.string().optional(),
  name: z.string().optional(),
})

export interface Imported {
  readonly server: ServerDraft
  /** What could not be taken over as it was. */
  readonly warnings: readonly string[]
}

export type ImportResult =
  | { readonly ok: true; readonly servers: readonly Imported[] }
  | { readonly ok: false; readonly reason: string }

/** Under these names tools keep their servers: most of them, VS Code, Zed, Goose's JSON. */
const blocks = ['mcpServers', 'servers', 'context_servers', 'extensions'] as const
const understood = new Set([
  'type',
  'transport',
  'command',
  'args',
  'env',
  'url',
  'serverUrl',
  'headers',
  'description',
  'name',
])

export function readMcpJson(pasted: string): ImportResult {
  let value: unknown
  try {
    value = JSON.parse(pasted)
  } catch (thrown) {
    // A block cut out of a file often lacks its outer braces.
    try {
      value = JSON.parse(`{${pasted.trim().replace(/,$/, '')}}`)
    } catch {
      return { ok: false, reason: `This is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` }
    }
  }
  const entries = entriesOf(value)
  if (entries.length === 0)
    return {
      ok: false,
      reason: 'There is no server in it. It looks like { "mcpServers": { "name": { "command": … } } }.',
    }
  const servers: Imported[] = []
  for (const [name, raw] of entries) {
    const entry = Entry.safeParse(raw)
    if (!entry.success) {
      const issue = entry.error.issues[0]
      return {
        ok: false,
        reason: `"${name}": ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
      }
    }
    const { command, url, serverUrl } = entry.data
    if (command === undefined && url === undefined && serverUrl === undefined)
      return { ok: false, reason: `"${name}" has neither a command nor a url.` }
    servers.push(serverOf(name, entry.data))
  }
  return { ok: true, servers }
}

function entriesOf(value: unknown): [string, unknown][] {
  if (!isObject(value)) return []
  for (const block of blocks) if (isObject(value[block])) return Object.entries(value[block])
  if (isObject(value['mcp']) && isObject(value['mcp']['servers'])) return Object.entries(value['mcp']['servers'])
  // One server by itself, or a block without its name.
  if (typeof value['command'] === 'string' || typeof value['url'] === 'string')
    return [[typeof value['name'] === 'string' ? value['name'] : 'server', value]]
  return Object.entries(value).filter(([, entry]) => isObject(entry))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function serverOf(name: string, entry: z.output<typeof Entry>): Imported {
  const warnings: string[] = []
  const url = entry.url ?? entry.serverUrl
  const [command = '', ...more] = Array.isArray(entry.command) ? entry.command : [entry.command ?? '']
  const rows = (values: Record<string, string> = {}) =>
    Object.entries(values).map(([key, value]) => {
      // `${input:token}`, `${env:X}`: a place for a value of the other tool's.
      const isPlace = /^\$\{[^}]*\}$|^<[^>]*>$|^YOUR[_-]/i.test(value.trim())
      if (isPlace) warnings.push(`${key} has the placeholder ${value}: enter its value.`)
      return settingRow(key, isPlace ? '' : value, looksSecret(key) || looksLikeKey(value))
    })
  const server: ServerDraft = {
    ...blankServer(),
    name: entry.name ?? name,
    description: entry.description ?? '',
    ...(url === undefined
      ? { command, args: [...more, ...(entry.args ?? [])].map(argumentRow), env: rows(entry.env) }
      : { transport: 'http' as const, url, headers: rows(entry.headers) }),
  }
  if (entry.type === 'sse' || (url !== undefined && /\/sse\/?$/.test(url)))
    warnings.push(
      'It speaks the older SSE transport. Maestro speaks streamable HTTP: its address is often the same with /mcp.',
    )
  const ignored = Object.keys(entry).filter((key) => !understood.has(key))
  if (ignored.length > 0) warnings.push(`Not taken over: ${ignored.join(', ')}.`)
  return { server, warnings }
}

/** A value like `sk-…`, `ghp_…` or a long run of letters and digits. */
function looksLikeKey(value: string): boolean {
  return (
    /^(sk|pk|rk|gh[pousr]|xox[abprs]|glpat|Bearer)[-_ ]/i.test(value) || /^(?=.*\d)(?=.*[a-z])[\w-]{24,}$/i.test(value)
  )
}
