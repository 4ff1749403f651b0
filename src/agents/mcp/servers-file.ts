// mcp-servers.json as it stands in the data folder now: read again when it has changed, so a hand edit is
// seen at the next call; kept as it is while it cannot be read; with a copy of its last good content beside it.
// Decides nothing about servers. One caller at a time: the registry queues them.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { aliasesOf, isJsonObject, isNodeError, type JsonObject, MaestroError, parseJsonFile } from '#src/core/index.ts'
import { readTextIfExists, writeFileAtomic } from '#src/store/index.ts'
import { type StoredServer, toStoredServer } from './stored.ts'

export interface Item {
  readonly raw: JsonObject
  readonly server: StoredServer
}

export interface Loaded {
  readonly items: readonly Item[]
  readonly mtimeMs: number
}

export interface ServersFile {
  readonly path: string
  /** @throws `corrupt_data` naming file, line and column, or the server and field */
  load(): Promise<Loaded>
  /** Makes these the content. Returns what is there now. */
  save(items: readonly JsonObject[]): Promise<Loaded>
  /** Keeps the last content that could be read, for when a later one cannot. */
  keepCopy(): Promise<void>
  /** A copy under a name of its own, of which nothing is ever overwritten. */
  writeBackup(stamp: string, items: readonly JsonObject[]): Promise<void>
}

const format = (items: readonly JsonObject[]): string => `${JSON.stringify(items, null, 2)}\n`

export function createServersFile(dataDir: string): ServersFile {
  const path = join(dataDir, 'mcp-servers.json')
  const copy = `${path}.bak`
  let cached: { identity: string; value: Loaded } | undefined
  let copied: string | undefined

  function parse(text: string, mtimeMs: number): Loaded {
    const raw = parseJsonFile(text, path)
    if (!Array.isArray(raw)) throw corrupt(`${path} should be a list [{"id", "name", "command", ...}]`)
    const items = raw.map((item: unknown, index): JsonObject => {
      if (isJsonObject(item)) return item
      throw corrupt(`${path}: entry ${index} should be an object {"id", "name", "command", ...}`)
    })
    const aliases = aliasesOf(items, 'server')
    return {
      mtimeMs,
      items: items.map((item, index) => ({
        raw: item,
        server: toStoredServer(item, aliases[index] ?? '', `${path}: ${index}`),
      })),
    }
  }

  async function save(items: readonly JsonObject[]): Promise<Loaded> {
    await writeFileAtomic(path, format(items), { mode: 0o600 })
    const loaded = await load()
    await keepCopy()
    return loaded
  }

  async function load(): Promise<Loaded> {
    const status = await statIfExists(path)
    if (status === undefined) {
      if ((await statIfExists(copy)) === undefined) return { items: [], mtimeMs: 0 }
      throw withHint(corrupt(`${path} is missing, but its last good copy ${copy} is there`), copy)
    }
    if (cached?.identity === status.identity) return cached.value
    const text = (await readTextIfExists(path)) ?? '[]'
    try {
      cached = { identity: status.identity, value: parse(text, status.mtimeMs) }
      return cached.value
    } catch (error) {
      throw error instanceof MaestroError ? withHint(error, copy) : error
    }
  }

  async function keepCopy(): Promise<void> {
    if (cached === undefined || copied === cached.identity) return
    const text = format(cached.value.items.map((item) => item.raw))
    try {
      if ((await readTextIfExists(copy)) !== text) await writeFileAtomic(copy, text, { mode: 0o600 })
      copied = cached.identity
    } catch (error) {
      // Reading must not fail on a disk that is full or read-only; a save there fails by itself, and says so.
      if (!isNodeError(error) || !['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'].includes(error.code ?? '')) {
        throw error
      }
    }
  }

  return {
    path,
    load,
    save,
    keepCopy,
    writeBackup: (stamp, items) => writeFileAtomic(`${path}.${stamp}.bak`, format(items), { mode: 0o600 }),
  }
}

function corrupt(message: string): MaestroError {
  return new MaestroError('corrupt_data', message)
}

function withHint(error: MaestroError, copy: string): MaestroError {
  return new MaestroError(
    error.code,
    `${error.message}. The file is kept as it is, and nothing is written until it is mended`,
    {
      hint: `mend the file by hand, or put ${copy} in its place, or move both away to begin without MCP servers`,
      ...(error.issues === undefined ? {} : { issues: error.issues }),
      ...(error.details === undefined ? {} : { details: error.details }),
      cause: error,
    },
  )
}

async function statIfExists(path: string): Promise<{ identity: string; mtimeMs: number } | undefined> {
  try {
    const { ino, size, mtimeNs, mtimeMs } = await stat(path, { bigint: true })
    return { identity: `${ino}:${size}:${mtimeNs}`, mtimeMs: Number(mtimeMs) }
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return undefined
    throw error
  }
}
