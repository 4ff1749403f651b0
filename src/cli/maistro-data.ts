// The data folder of a Maistro (or of another Maestro) as somebody hands it to `maestro import`: its workflows as
// text for the server, its MCP servers and models as inputs of the API. Reads files; decides nothing.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { McpServerInput, SettingRow } from '#src/agents/contract.ts'
import {
  isJsonObject,
  isNodeError,
  type JsonObject,
  joinArguments,
  MaestroError,
  parseJsonFile,
  splitArguments,
} from '#src/core/index.ts'

export interface MaistroData {
  /** A configs.json array; undefined when the folder has none. */
  readonly configs: string | undefined
  readonly servers: readonly { readonly id: string; readonly input: McpServerInput; readonly command: string }[]
  readonly models: readonly { readonly provider: string; readonly id: string }[]
  readonly defaultModel: string | undefined
  /** Hand it to the encrypted store, never to a surface. */
  readonly apiKey: string | undefined
  readonly warnings: readonly string[]
}

/** @throws `invalid_input` when nothing of Maistro's is there; `corrupt_data` naming file, line and column */
export async function readMaistroData(folder: string): Promise<MaistroData> {
  const warnings: string[] = []
  const [configs, servers, models] = await Promise.all(
    ['configs.json', 'mcp-servers.json', 'models.json'].map((name) => readJson(join(folder, name))),
  )
  if (configs === undefined && servers === undefined && models === undefined) {
    throw new MaestroError(
      'invalid_input',
      `${folder} is no data folder of Maistro: it has no configs.json, mcp-servers.json or models.json`,
      { hint: 'it is the folder that holds these files, often called data' },
    )
  }
  const items = listIn(configs)
  return {
    configs: configs === undefined ? undefined : JSON.stringify(items),
    servers: listIn(servers).flatMap((entry) => (isJsonObject(entry) ? [toServer(entry, warnings)] : [])),
    ...modelsOf(models),
    warnings,
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return parseJsonFile(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Maistro's bare array, or the items of the versioned form. */
function listIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return isJsonObject(value) && Array.isArray(value['items']) ? value['items'] : []
}

function toServer(entry: JsonObject, warnings: string[]): MaistroData['servers'][number] {
  const id = text(entry['id'])
  const name = text(entry['name']) || id
  const { args, env, headers } = entry
  const words = Array.isArray(args) ? args.map(text) : splitArguments(text(args))
  const rowsOf = (list: unknown): SettingRow[] =>
    Object.entries(isJsonObject(list) ? list : {}).map(([row, value]) => {
      // A reference to a secret of the Maestro that it was in: its value does not lie in the folder.
      if (text(value).startsWith('secret:')) {
        warnings.push(`the value of ${row} of "${name}" is not in the folder: enter it again`)
        return { name: row, isSecret: true }
      }
      return { name: row, isSecret: true, value: text(value) }
    })
  const url = text(entry['url'])
  return {
    id,
    command: url === '' ? joinArguments([text(entry['command']), ...words]) : url,
    input: {
      name,
      description: text(entry['description']),
      transport: url === '' ? 'stdio' : 'http',
      url,
      command: text(entry['command']),
      args: words,
      env: rowsOf(env),
      headers: rowsOf(headers),
      defaultEnabled: entry['defaultEnabled'] === true,
    },
  }
}

function modelsOf(value: unknown): Pick<MaistroData, 'models' | 'defaultModel' | 'apiKey'> {
  if (!isJsonObject(value)) return { models: [], defaultModel: undefined, apiKey: undefined }
  const { availableModels, defaultModel, apiKey } = value
  const models = (Array.isArray(availableModels) ? (availableModels as unknown[]) : []).flatMap((entry) => {
    const { provider, id } = isJsonObject(entry) ? entry : { provider: 'openrouter', id: entry }
    return typeof provider === 'string' && typeof id === 'string' ? [{ provider, id }] : []
  })
  const key = text(apiKey).trim()
  return {
    models,
    defaultModel: text(defaultModel) || undefined,
    apiKey: key === '' || key.startsWith('secret:') ? undefined : key,
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
