// The verbs on MCP servers as people edit them. Owns mcp-servers.json and the secrets of its rows; starts
// nothing. Calls are queued: each sees the last one's result, and hand edits made in between.

import { type Clock, type JsonObject, MaestroError, parseOrThrow, slugOf } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import type { z } from 'zod'
import type { McpServerLaunch } from '../adapter.ts'
import type { McpServer, McpServerInput } from '../contract.ts'
import { launchOf } from './launch.ts'
import { moveClearValues } from './move-clear.ts'
import { mergeRows, secretNamesOf, type SecretWrite, viewRows } from './rows.ts'
import { createServersFile, type Item, type Loaded } from './servers-file.ts'
import { type RowList, type StoredServer, toRaw, versionOf } from './stored.ts'
import { ValidServer } from './validate.ts'

/** Every call throws `corrupt_data` while mcp-servers.json cannot be read; nothing is written then. */
export interface McpServers {
  /** In the order of the file. */
  list(): Promise<McpServer[]>
  /** By id, or by the id that Maistro gave it. @throws `not_found` */
  get(id: string): Promise<McpServer>
  /** @throws `invalid_input` with every problem; `conflict` when the id is taken */
  create(input: McpServerInput, id?: string): Promise<McpServer>
  /** @throws `conflict` with `details.current` when the stored version is not `ifVersion`; `not_found`; `invalid_input` */
  update(id: string, input: McpServerInput, ifVersion?: string): Promise<McpServer>
  /** Its secrets go with it. Returns what it was. @throws `not_found` */
  delete(id: string): Promise<McpServer>
  /** In the order of `ids`, with secrets filled in. @throws `not_found` naming the known ones */
  launches(ids: readonly string[]): Promise<McpServerLaunch[]>
  /** @throws `not_found` */
  launch(id: string): Promise<McpServerLaunch>
  /** Of a server that is not saved. `id`: whose stored secrets count for rows without a value. */
  launchUnsaved(input: McpServerInput, id?: string): Promise<McpServerLaunch>
}

export interface McpServersDeps {
  readonly dataDir: string
  readonly secrets: Pick<Secrets, 'set' | 'reveal' | 'list' | 'delete'>
  readonly clock: Clock
  /** The whole folder has just been copied: the file needs no copy of its own before its values move. */
  readonly isCopied?: () => boolean
}

export function createMcpServers({ dataDir, secrets, clock, isCopied }: McpServersDeps): McpServers {
  const file = createServersFile(dataDir)
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other; a failure is its caller's alone. */
  function queued<R>(work: (loaded: Loaded) => Promise<R>): Promise<R> {
    const run = async (): Promise<R> => {
      const loaded = await moveClearValues(file, secrets, clock, isCopied)
      await file.keepCopy()
      return work(loaded)
    }
    const result = last.then(run, run)
    last = result.catch(() => undefined)
    return result
  }

  const findItem = ({ items }: Loaded, id: string): Item | undefined =>
    items.find((item) => item.server.id === id) ?? items.find((item) => item.raw['id'] === id)

  function getItem(loaded: Loaded, id: string): Item {
    const item = findItem(loaded, id)
    if (item !== undefined) return item
    const known = loaded.items.map(({ server }) => server.id).join(', ')
    throw new MaestroError('not_found', `there is no MCP server "${id}" in ${file.path}`, {
      hint: known === '' ? 'add it under MCP servers, or take it off the prompt' : `there are: ${known}`,
    })
  }

  async function viewsOf(loaded: Loaded, items: readonly Item[]): Promise<McpServer[]> {
    const hints = new Map((await secrets.list()).map(({ name, hint }) => [name, hint]))
    return items.map(({ raw, server }) => ({
      ...server,
      args: [...server.args],
      env: viewRows(server.env, hints),
      headers: viewRows(server.headers, hints),
      version: versionOf(raw),
      updatedAt: server.updatedAt ?? Math.round(loaded.mtimeMs),
    }))
  }

  async function viewOf(loaded: Loaded, id: string): Promise<McpServer> {
    const [view] = await viewsOf(loaded, [getItem(loaded, id)])
    if (view === undefined) throw new MaestroError('internal', `MCP server "${id}" has no view`)
    return view
  }

  function freeId(loaded: Loaded, name: string): string {
    const base = slugOf(name).slice(0, 48) || 'server'
    for (let n = 1; ; n++) {
      const id = n === 1 ? base : `${base}-${n}`
      if (findItem(loaded, id) === undefined) return id
    }
  }

  /** What was sent over what is stored, and the secrets that must be written for it. */
  async function merge(loaded: Loaded, id: string, input: McpServerInput, before: StoredServer | undefined) {
    const valid: z.output<typeof ValidServer> = parseOrThrow(ValidServer, input, 'the MCP server')
    const stored = new Set((await secrets.list()).map(({ name }) => name))
    const used = new Set(loaded.items.flatMap(({ server }) => secretNamesOf(server)))
    const taken = new Set([...stored, ...used])
    const rows = (list: RowList) => {
      const merged = mergeRows(list, id, valid[list], before?.[list] ?? [], (name) => taken.has(name))
      for (const row of merged.rows) if (row.kind === 'secret') taken.add(row.secretName)
      return merged
    }
    const [env, headers] = [rows('env'), rows('headers')]
    const issues = [...env.issues, ...headers.issues]
    if (issues.length > 0) {
      const list = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
      throw new MaestroError('invalid_input', `the MCP server is not valid: ${list}`, { issues })
    }
    const server: StoredServer = { ...valid, id, env: env.rows, headers: headers.rows, updatedAt: clock.now() }
    return { server, writes: [...env.writes, ...headers.writes] }
  }

  /** Secrets first: a crash in between leaves a value that nobody names, never a name without a value. */
  async function write(writes: readonly SecretWrite[], items: readonly JsonObject[]): Promise<Loaded> {
    for (const { name, value } of writes) await secrets.set(name, value)
    return file.save(items)
  }

  async function forget(names: readonly string[], loaded: Loaded): Promise<void> {
    const used = new Set(loaded.items.flatMap(({ server }) => secretNamesOf(server)))
    for (const name of names) if (!used.has(name)) await secrets.delete(name)
  }

  return {
    list: () => queued((loaded) => viewsOf(loaded, loaded.items)),
    get: (id) => queued((loaded) => viewOf(loaded, id)),

    create: (input, wanted) =>
      queued(async (loaded) => {
        if (wanted !== undefined && findItem(loaded, wanted) !== undefined) {
          throw new MaestroError('conflict', `there is an MCP server "${wanted}" already`, {
            hint: 'change that one, or choose another id',
          })
        }
        const id = wanted ?? freeId(loaded, input.name)
        const { server, writes } = await merge(loaded, id, input, undefined)
        const raws = loaded.items.map((item) => item.raw)
        return viewOf(await write(writes, [...raws, toRaw({ id }, server)]), id)
      }),

    update: (id, input, ifVersion) =>
      queued(async (loaded) => {
        const item = getItem(loaded, id)
        const current = await viewOf(loaded, id)
        const { server, writes } = await merge(loaded, item.server.id, input, item.server)
        if (ifVersion !== undefined && ifVersion !== current.version) {
          const message = `MCP server "${current.id}" has changed: it is at version ${current.version}, the edit began from ${ifVersion}`
          throw new MaestroError('conflict', message, {
            hint: 'compare with the stored one, then save again with its version',
            details: { current },
          })
        }
        const raws = loaded.items.map((other) => (other === item ? toRaw(item.raw, server) : other.raw))
        const saved = await write(writes, raws)
        await forget(secretNamesOf(item.server), saved)
        return viewOf(saved, server.id)
      }),

    delete: (id) =>
      queued(async (loaded) => {
        const item = getItem(loaded, id)
        const view = await viewOf(loaded, id)
        const saved = await file.save(loaded.items.filter((other) => other !== item).map((other) => other.raw))
        await forget(secretNamesOf(item.server), saved)
        return view
      }),

    launches: async (ids) => {
      if (ids.length === 0) return []
      return queued((loaded) => Promise.all(ids.map((id) => launchOf(getItem(loaded, id).server, secrets))))
    },

    launch: (id) => queued((loaded) => launchOf(getItem(loaded, id).server, secrets)),

    launchUnsaved: (input, id) =>
      queued(async (loaded) => {
        const before = id === undefined ? undefined : getItem(loaded, id).server
        const { server, writes } = await merge(loaded, before?.id ?? 'unsaved', input, before)
        const values = new Map(writes.map(({ name, value }) => [name, value]))
        return launchOf(server, { reveal: async (name) => values.get(name) ?? (await secrets.reveal(name)) })
      }),
  }
}
