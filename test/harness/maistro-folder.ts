// A data folder as Maistro itself would have left it: bare arrays, prompts as texts and as objects, every kind of
// schedule, records that lack fields, ids that are no names, and its secrets in clear.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const canaries = {
  key: 'sk-or-v1-canary-of-the-key-0123456789abcdef',
  env: 'canary-of-a-server-0123456789abcdef',
  second: 'canary "with quotes" $HOME `id` 0123456789',
} as const

const prompt = (text: string, model: string | null = null, mcpServerIds: string[] = []) => ({
  text,
  mcpServerIds,
  model,
})

export const maistroConfigs = [
  {
    id: 'config-1741300000001',
    name: 'Old strings',
    path: '',
    prompts: ['first of all', 'and then'],
    schedule: { enabled: false, frequency: 'daily', time: '09:00', days: [], dayOfMonth: '1' },
  },
  {
    id: 'config-1741300000002',
    name: 'Weekly',
    path: 'reports/weekly',
    prompts: [prompt('Read the news', 'openai/o3-mini-high', ['mcp-server-1741300000001']), prompt('Sum it up')],
    trigger: { enabled: true, configId: 'config-1741300000003', preserveSession: true },
    schedule: { enabled: true, frequency: 'weekly', time: '07:30', days: ['mon', 'fri'], dayOfMonth: '1' },
  },
  {
    id: 'config-1741300000003',
    name: 'Monthly',
    path: 'reports',
    prompts: [prompt('Write the report {{x}} "q" $(y)', 'anthropic/claude-3.7-sonnet', ['mcp-server-1741300000002'])],
    trigger: { configId: '', preserveSession: false },
    schedule: { enabled: true, frequency: 'monthly', time: '23:59', days: [], dayOfMonth: '31' },
  },
  { id: 'config-1741300000004', name: 'Weekly', path: 'archive/2024/old', prompts: [prompt('the same name')] },
  { id: 'config-1741300000005', name: 'No path, no schedule', prompts: ['x'] },
  { id: 'config-1741300000006', name: 'No prompts', path: '', prompts: [] },
  { id: '../../../outside', name: 'Unsafe id', path: '', prompts: ['stay inside'] },
]

export const maistroServers = [
  {
    id: 'mcp-server-1741300000001',
    name: 'Search',
    command: 'node',
    args: '"/srv/with space/search.js" --fast',
    env: { SEARCH_KEY: canaries.env, OTHER: canaries.second },
    description: 'Looks things up',
    defaultEnabled: true,
  },
  {
    id: 'mcp-server-1741300000002',
    name: 'Files',
    command: 'npx',
    args: '-y @example/files /srv',
    env: {},
    description: '',
    defaultEnabled: false,
  },
]

export const maistroModels = {
  defaultModel: 'openai/o3-mini-high',
  apiKey: canaries.key,
  availableModels: [
    'anthropic/claude-3.7-sonnet:thinking',
    'anthropic/claude-3.7-sonnet',
    'openai/o3-mini-high',
    'someone/own-model',
  ],
}

/** Writes it, with the file modes that Maistro gave. */
export function writeMaistroFolder(dataDir: string, options: { readonly goosePath?: string } = {}): void {
  mkdirSync(join(dataDir, 'prompts'), { recursive: true })
  const write = (name: string, text: string) => writeFileSync(join(dataDir, name), text, { mode: 0o644 })
  const json = (name: string, value: unknown) => write(name, JSON.stringify(value, null, 2))
  json('configs.json', maistroConfigs)
  json('mcp-servers.json', maistroServers)
  json('models.json', maistroModels)
  for (const { id, prompts } of maistroConfigs)
    for (const [index, one] of prompts.entries())
      if (id.startsWith('config-')) write(`prompts/${id}_prompt_${index}.md`, typeof one === 'string' ? one : one.text)
  if (options.goosePath !== undefined) write('goose-path.txt', `${options.goosePath}\n`)
}
