// The MCP servers, models and key of a Maistro data folder, taken in by the routes that everybody uses. What is
// there already stays, unless it is to be replaced. A dry run changes nothing.

import { McpServer } from '#src/agents/contract.ts'
import { listOf, MaestroError } from '#src/core/index.ts'
import { ModelList } from '#src/llm/contract.ts'
import type { ImportReport } from '#src/workflows/contract.ts'
import { Anything } from './answers.ts'
import type { Api } from './api.ts'
import type { MaistroData } from './maistro-data.ts'

export interface FolderReport extends ImportReport {
  /** The key of the folder is, or would be, in the encrypted store. */
  readonly keyStored: boolean
}

type Part = Pick<FolderReport, 'mcpServers' | 'models' | 'commands' | 'warnings' | 'keyStored'>

const keyName = 'OPENROUTER_API_KEY'

export async function importFolder(
  api: Api,
  data: MaistroData,
  onConflict: 'copy' | 'replace' | 'skip',
  dryRun: boolean,
): Promise<Part> {
  const warnings = [...data.warnings]
  const { items: known } = await api.call('GET', '/mcp-servers', listOf(McpServer))
  const mcpServers: Part['mcpServers'] = []
  for (const { id, input } of data.servers) {
    const stored = known.find((server) => server.id === id)
    const isKept = stored !== undefined && onConflict !== 'replace'
    try {
      if (!dryRun && stored === undefined) await api.call('POST', '/mcp-servers', Anything, { ...input, id })
      else if (!dryRun && !isKept) await api.call('PUT', `/mcp-servers/${id}`, Anything, input)
      mcpServers.push({ id, name: input.name, action: isKept ? 'same' : 'create' })
    } catch (thrown) {
      if (!(thrown instanceof MaestroError) || thrown.code !== 'invalid_input') throw thrown
      warnings.push(`the MCP server "${input.name}" (${id}) cannot be taken in: ${thrown.message}`)
    }
  }

  const list = await api.call('GET', '/models', ModelList)
  const models: Part['models'] = []
  for (const model of data.models) {
    const isKnown = list.items.some(({ provider, id }) => provider === model.provider && id === model.id)
    if (!dryRun && !isKnown) await api.call('POST', '/models', Anything, model)
    models.push({ ...model, action: isKnown ? 'same' : 'create' })
  }
  if (data.defaultModel !== undefined && data.defaultModel !== list.defaultModel)
    warnings.push(`the default model stays ${list.defaultModel ?? 'none'}; in the folder it is ${data.defaultModel}`)

  const hasKey = list.providers.some(({ id, keySet }) => id === 'openrouter' && keySet)
  const keyStored = data.apiKey !== undefined && (!hasKey || onConflict === 'replace')
  if (!dryRun && keyStored) await api.call('PUT', `/secrets/${keyName}`, Anything, { value: data.apiKey })
  if (data.apiKey !== undefined && !keyStored)
    warnings.push('the stored key of OpenRouter stays; the folder has one too')
  return { mcpServers, models, commands: data.servers.map(({ command }) => command), warnings, keyStored }
}
