// Opening a data folder that Maistro wrote: first a copy of everything in it, without keys and values, then its
// secrets move to the encrypted store. The files stay as they are until somebody saves. Once: a folder with such
// a copy, or with files of our own form, is left alone. Reads files; the rooms that own them move what is theirs.

import { constants } from 'node:fs'
import { access, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, extname, isAbsolute, join } from 'node:path'
import { isJsonObject, isNodeError, type JsonObject, type Log, MaestroError, parseJsonFile } from '#src/core/index.ts'
import { syncFolder } from '#src/store/index.ts'
import { z } from 'zod'

/** What was found, kept beside the copy for the doctor. */
const Opened = z.object({
  openedAt: z.int(),
  configurations: z.int(),
  mcpServers: z.int(),
  models: z.int(),
  /** How many values stood in clear: the key, and variables of MCP servers. */
  secrets: z.int(),
  /** What goose-path.txt names; null without the file. */
  goosePath: z.string().nullable(),
  /** Files that could not be read: they are kept where they are, not copied. */
  unreadable: z.array(z.string()),
})
export type Opened = z.infer<typeof Opened> & { readonly backup: string }

const prefix = 'maistro-'
const taken = 'moved to the encrypted store'

/**
 * @param move reads of the rooms that own the files: each moves the secrets that it finds in clear
 * @returns what was found, when the folder was opened now
 */
export async function openMaistroFolder(deps: {
  readonly dataDir: string
  readonly nowMs: number
  readonly log: Log
  /** The copy is complete: nothing needs another one. */
  readonly onCopied?: () => void
  readonly move: readonly (() => Promise<unknown>)[]
}): Promise<Opened | undefined> {
  const { dataDir, nowMs, log, move } = deps
  const opened = await backUp(dataDir, nowMs)
  if (opened !== undefined) {
    deps.onCopied?.()
    const { configurations, mcpServers, models, secrets, backup, unreadable } = opened
    log.info(
      { configurations, mcpServers, models, secrets, backup, unreadable },
      'opened a data folder of Maistro: it was copied without its keys, which move to the encrypted store',
    )
  }
  for (const read of move) {
    // A file that cannot be read is named by whoever asks for it; the rest of Maestro works.
    await read().catch((error: unknown) => log.warn({ error }, 'a file of the data folder cannot be read'))
  }
  return opened
}

/** The newest opening, as it was recorded. */
export async function lastOpened(dataDir: string): Promise<Opened | undefined> {
  const newest = (await copiesOf(dataDir)).at(-1)
  if (newest === undefined) return undefined
  const backup = join(dataDir, 'backups', newest)
  const { data } = Opened.safeParse(await readJson(join(backup, 'opened.json')).catch(() => undefined))
  return data === undefined ? undefined : { ...data, backup }
}

async function copiesOf(dataDir: string): Promise<string[]> {
  const names = await readdir(join(dataDir, 'backups')).catch(() => [])
  return names.filter((name) => name.startsWith(prefix) && !name.endsWith('.partial')).toSorted()
}

async function backUp(dataDir: string, nowMs: number): Promise<Opened | undefined> {
  if ((await copiesOf(dataDir)).length > 0) return undefined
  const unreadable: string[] = []
  const read = (name: string) =>
    readJson(join(dataDir, name)).catch((error: unknown) => {
      // Its content may be a key: what cannot be read cannot be copied without it.
      if (!(error instanceof MaestroError)) throw error
      unreadable.push(name)
      return undefined
    })
  const [configs, servers, models] = [
    await read('configs.json'),
    await read('mcp-servers.json'),
    await read('models.json'),
  ]
  const values = Array.isArray(servers) ? servers.map((server: unknown) => clearValues(server)) : []
  const key = isJsonObject(models) && isClear(models['apiKey'])
  const secrets = values.flat().length + Number(key)
  // Our own form is an object with a version; without any configs.json, only a clear secret tells of Maistro.
  if (configs === undefined ? secrets === 0 : !Array.isArray(configs)) return undefined

  const found = {
    openedAt: nowMs,
    configurations: Array.isArray(configs) ? configs.length : 0,
    mcpServers: Array.isArray(servers) ? servers.length : 0,
    models: isJsonObject(models) && Array.isArray(models['availableModels']) ? models['availableModels'].length : 0,
    secrets,
    goosePath: (await readText(join(dataDir, 'goose-path.txt')))?.trim() ?? null,
    unreadable,
  }
  const backup = join(dataDir, 'backups', `${prefix}${new Date(nowMs).toISOString().replaceAll(':', '-')}`)
  const partial = `${backup}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  const write = (name: string, text: string) => writeFile(join(partial, name), text, { mode: 0o600, flush: true })
  const copy = async (name: string): Promise<void> => {
    const text = await readText(join(dataDir, name))
    if (text !== undefined) await write(name, text)
  }
  if (!unreadable.includes('configs.json')) await copy('configs.json')
  await copy('goose-path.txt')
  if (Array.isArray(servers)) await write('mcp-servers.json', pretty(servers.map(withoutValues)))
  if (models !== undefined) await write('models.json', pretty(isJsonObject(models) ? withoutKey(models) : models))
  await copyPrompts(join(dataDir, 'prompts'), join(partial, 'prompts'))
  await write('opened.json', pretty(found))
  await syncFolder(partial)
  await rename(partial, backup)
  await syncFolder(join(dataDir, 'backups'))
  return { ...found, backup }
}

/** The .md files only, no links: what Maistro wrote. */
async function copyPrompts(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && extname(entry.name) === '.md')
  if (files.length > 0) await mkdir(to, { mode: 0o700 })
  for (const { name } of files) await cp(join(from, name), join(to, basename(name)))
}

/** A number may be a PIN; and only the exact form of a name is one, `secret:hunter2` is somebody's password. */
const isClear = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.trim() !== '' && !/^secret:[A-Z][A-Z0-9_]{1,63}$/.test(value)
    : typeof value === 'number' || typeof value === 'boolean'

const rowLists = ['env', 'headers']

/** Names of variables and headers whose values stand in clear. Those listed in `plain` are no secrets. */
function clearValues(server: unknown): string[] {
  if (!isJsonObject(server)) return []
  return rowLists.flatMap((list) => {
    const rows = server[list]
    const names = isJsonObject(server['plain']) ? server['plain'][list] : undefined
    const plain = new Set<unknown>(Array.isArray(names) ? names : [])
    return isJsonObject(rows) ? Object.keys(rows).filter((name) => !plain.has(name) && isClear(rows[name])) : []
  })
}

function withoutValues(server: unknown): unknown {
  if (!isJsonObject(server)) return server
  const hidden = new Set(clearValues(server))
  const rows = (list: string): JsonObject => {
    const found = server[list]
    if (!isJsonObject(found)) return {}
    return {
      [list]: Object.fromEntries(
        Object.entries(found).map(([name, value]) => [name, hidden.has(name) ? taken : value]),
      ),
    }
  }
  return { ...server, ...rows('env'), ...rows('headers') }
}

function withoutKey(models: JsonObject): JsonObject {
  return isClear(models['apiKey']) ? { ...models, apiKey: taken } : models
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'EISDIR')) return undefined
    throw error
  }
}

/** @throws `corrupt_data` */
async function readJson(file: string): Promise<unknown> {
  const text = await readText(file)
  return text === undefined ? undefined : parseJsonFile(text, file)
}

/** Does goose-path.txt name a program that is there? */
export async function isGoosePathUsable(goosePath: string): Promise<boolean> {
  try {
    await access(goosePath, constants.X_OK)
    return isAbsolute(goosePath) && (await stat(goosePath)).isFile()
  } catch {
    return false
  }
}
