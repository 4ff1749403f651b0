// One prompt of a workflow as a Goose recipe. Goose reads a whole recipe as a template first and as YAML
// then, so every text is written as a template that gives exactly the text, and never in single quotes, which
// would change the marks. Pure. Tried on Goose 1.52.

import { stringify } from 'yaml'
import type { Workflow } from '../contract.ts'
import { limitDefaults } from '../contract.ts'
import { titleOf } from '../snapshot.ts'
import { isSecretRow, rowsOf, type ServerEntry, textOf, textsOf } from './server-entry.ts'
import { escapeTemplate } from './recipe-template.ts'

export interface RecipeExport {
  readonly yaml: string
  readonly warnings: string[]
}

/**
 * @param model what the prompt is asked with when neither it nor its workflow says
 * @param servers those of the prompt, without values of secrets
 */
export function toRecipe(
  workflow: Workflow,
  index: number,
  model: { provider: string; model: string } | null,
  servers: readonly ServerEntry[],
): RecipeExport {
  const step = workflow.steps[index]
  if (step === undefined) return { yaml: '', warnings: [`there is no prompt ${index + 1}`] }
  const warnings: string[] = []
  const warn = (condition: boolean, text: string): void => void (condition && warnings.push(text))
  const known = new Set(servers.map((server) => server.id))
  const missing = (step.mcpServerIds ?? []).filter((id) => !known.has(id))
  warn(index > 0 && (step.session ?? workflow.session) !== 'fresh', 'the prompts before it are not part of the recipe')
  warn(missing.length > 0, `MCP servers that are not here are left out: ${missing.join(', ')}`)
  warn((step.fallbackModels ?? workflow.fallbackModels ?? []).length > 0, 'a recipe has no fallback models')
  warn(workflow.maxCostUsd != null || workflow.maxTokens != null, 'a recipe has no limit on cost or tokens')
  warn(workflow.workingDir != null, `Goose works where it is started, not in ${workflow.workingDir ?? ''}`)
  const agent = step.agent ?? workflow.agent ?? 'goose'
  warn(agent !== 'goose', `the prompt is for the agent "${agent}"; the recipe is for Goose`)

  const mode = step.mode ?? (workflow.workingDir == null ? 'plan' : 'full')
  const title = workflow.steps.length === 1 ? workflow.name : `${workflow.name}: ${step.name ?? titleOf(step.text)}`
  const provider = step.provider ?? workflow.provider ?? model?.provider
  const modelId = step.model ?? workflow.model ?? model?.model
  const recipe = {
    version: '1.0.0',
    title,
    description: workflow.description?.trim() || title,
    prompt: step.text,
    extensions: [
      ...servers.map((server) => extensionOf(server, warnings)),
      ...(mode === 'full' ? [{ type: 'builtin', name: 'developer' }] : []),
    ],
    settings: {
      ...(provider === undefined ? {} : { goose_provider: provider }),
      ...(modelId === undefined ? {} : { goose_model: modelId }),
      max_turns: step.maxTurns ?? workflow.maxTurns ?? limitDefaults.maxTurns,
    },
  }
  const yaml = stringify(escaped(recipe), { lineWidth: 0, singleQuote: false, blockQuote: 'literal' })
  return { yaml, warnings }
}

function extensionOf(server: ServerEntry, warnings: string[]): object {
  const env = rowsOf(server, 'env')
  const headers = rowsOf(server, 'headers')
  const secrets = [...env, ...headers].filter(isSecretRow).map((row) => row.name)
  if (secrets.length > 0) warnings.push(`enter again for "${server.name}": ${secrets.join(', ')}`)
  const plain = (rows: typeof env) =>
    Object.fromEntries(rows.filter((row) => !isSecretRow(row)).map((row) => [row.name, row.value ?? '']))
  const shared = { name: server.name, description: textOf(server, 'description') }
  const timeout = typeof server['startTimeoutSec'] === 'number' ? { timeout: server['startTimeoutSec'] } : {}
  if (server['transport'] === 'http') {
    return { type: 'streamable_http', ...shared, uri: textOf(server, 'url'), headers: plain(headers), ...timeout }
  }
  const keys = env.filter(isSecretRow).map((row) => row.name)
  return {
    type: 'stdio',
    ...shared,
    cmd: textOf(server, 'command'),
    args: textsOf(server, 'args'),
    envs: plain(env),
    ...(keys.length === 0 ? {} : { env_keys: keys }),
    ...timeout,
  }
}

/** Every text in it as a template of itself. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeTemplate(value)
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [escapeTemplate(key), escaped(inner)]))
}
