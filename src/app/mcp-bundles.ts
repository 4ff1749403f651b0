// MCP servers between the room that keeps them and the bundles of workflows: what leaves this Maestro, and what
// comes in. Values of secrets never leave.

import { type McpServer, McpServerInput } from '#src/agents/contract.ts'
import { MaestroError, parseOrThrow, Slug } from '#src/core/index.ts'
import type { McpServers } from '#src/workflows/index.ts'

/** The part of the MCP servers that bundles need. */
export interface KeptServers {
  list(): Promise<McpServer[]>
  create(input: McpServerInput, id?: string): Promise<McpServer>
  /** Here for its refusals. @throws `invalid_input`, and others for a secret that has no value yet */
  launchUnsaved(input: McpServerInput): Promise<unknown>
}

type Entry = Parameters<McpServers['importServers']>[0][number]

export function createMcpBundles(servers: KeptServers): McpServers {
  return {
    list: async () => (await servers.list()).map(({ id, name }) => ({ id, name })),

    async exportServers(ids) {
      const all = new Map((await servers.list()).map((server) => [server.id, server]))
      return ids.map((id) => {
        const server = all.get(id)
        if (server === undefined) throw new MaestroError('not_found', `there is no MCP server "${id}"`)
        const { version: _version, updatedAt: _updatedAt, env, headers, ...rest } = server
        const rows = (list: McpServer['env']) => list.map(({ name, isSecret, value }) => ({ name, isSecret, value }))
        return { ...rest, env: rows(env), headers: rows(headers) }
      })
    },

    async importServers(entries, { dryRun }) {
      const inputs = entries.map((entry, index) => ({ entry, input: readEntry(entry, index) }))
      // All of them before the first is made.
      for (const { input } of inputs) await assertSaveable(servers, input)
      const here = await servers.list()
      const taken = new Set(here.map((server) => server.id))
      const report = []
      for (const { entry, input } of inputs) {
        const known = here.find((server) => server.id === entry.id)
        if (known !== undefined && isSame(known, input)) {
          report.push({ sourceId: entry.id, id: known.id, name: known.name, action: 'same' as const })
          continue
        }
        const isFree = !taken.has(entry.id) && Slug.safeParse(entry.id).success
        const id = isFree ? entry.id : freeId(entry.id, taken)
        taken.add(id)
        const action = known === undefined ? ('create' as const) : ('copy' as const)
        const name = action === 'copy' ? `${input.name.slice(0, 190)} (copy)` : input.name
        if (!dryRun) await servers.create({ ...input, name }, id)
        report.push({ sourceId: entry.id, id, name, action })
      }
      return report
    },
  }
}

/** @throws `invalid_input` naming the server and what is wrong with it */
function readEntry(entry: Entry, index: number): McpServerInput & { name: string } {
  const { id: _id, ...fields } = entry
  const known = Object.fromEntries(Object.entries(fields).filter(([field]) => field in McpServerInput.shape))
  return parseOrThrow(McpServerInput, known, `MCP server ${index + 1} of the file, "${entry.name}"`)
}

/** A secret that somebody has to enter yet keeps no server from being saved. */
async function assertSaveable(servers: KeptServers, input: McpServerInput): Promise<void> {
  try {
    await servers.launchUnsaved(input)
  } catch (error) {
    if (!(error instanceof MaestroError) || error.code !== 'invalid_input') return
    throw new MaestroError('invalid_input', `MCP server "${input.name}" of the file: ${error.message}`, {
      ...(error.issues === undefined ? {} : { issues: error.issues }),
      cause: error,
    })
  }
}

/** What it starts and with which variables, whatever it is called. A secret's value is not compared. */
function isSame(known: McpServer, input: McpServerInput): boolean {
  const rows = (
    list: readonly { name: string; isSecret?: boolean | undefined; value?: string | null | undefined }[] = [],
  ) => list.map(({ name, isSecret = true, value }) => [name, isSecret, isSecret ? null : (value ?? null)])
  const facts = (one: McpServer | McpServerInput) => [
    one.transport ?? 'stdio',
    one.command ?? '',
    one.args ?? [],
    one.url ?? '',
    rows(one.env),
    rows(one.headers),
  ]
  return JSON.stringify(facts(known)) === JSON.stringify(facts(input))
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  const base =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 48) || 'server'
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`
    if (!taken.has(id)) return id
  }
}
