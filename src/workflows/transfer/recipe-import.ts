// A Goose recipe as a workflow of one prompt. What has no place in a workflow is told as a warning, never
// dropped in silence. Pure. Fields: https://block.github.io/goose/docs/guides/recipes/recipe-reference

import { isJsonObject, type JsonObject, Slug, slugOf } from '#src/core/index.ts'
import type { Brought } from './brought.ts'
import { fillIn } from './recipe-template.ts'
import { type ServerEntry, textOf, textsOf } from './server-entry.ts'

const known = new Set(['version', 'title', 'description', 'instructions', 'prompt', 'parameters', 'settings'])
const alsoKnown = new Set(['extensions', 'retry', 'response', 'sub_recipes'])

export function fromRecipe(recipe: JsonObject): Brought {
  const warnings: string[] = []
  const values = readParameters(recipe, warnings)
  const filled = (field: string): string => {
    const { text, missing, hasLogic } = fillIn(textOf(recipe, field), values)
    for (const name of missing) {
      warnings.push(`"${name}" has no value: put it in where {{ ${name} }} stands in the ${field}`)
    }
    if (hasLogic) warnings.push(`the ${field} has template logic, which is left as it is`)
    return text
  }
  const name = filled('title').replace(/\s+/g, ' ').trim().slice(0, 500) || 'Recipe'
  const [instructions, prompt] = [filled('instructions'), filled('prompt')]
  if (instructions.trim() !== '' && prompt.trim() !== '') {
    warnings.push('the instructions stand before the prompt: a prompt here has no system text of its own')
  }
  const { servers, hasTools } = readExtensions(recipe, warnings)
  const { provider, model, maxTurns } = readSettings(recipe, warnings)
  const maxRetries = readRetry(recipe, warnings)
  if (isJsonObject(recipe['response'])) warnings.push('the form that the answer must have (response) is not checked')
  for (const sub of listOf(recipe['sub_recipes'])) {
    warnings.push(`the sub-recipe "${textOf(sub, 'name')}" is left out: import it as a workflow of its own`)
  }
  const others = Object.keys(recipe).filter((field) => !known.has(field) && !alsoKnown.has(field))
  if (others.length > 0) warnings.push(`left out: ${others.map((field) => field.slice(0, 50)).join(', ')}`)
  const description = filled('description').slice(0, 10_000)
  return {
    format: 'goose_recipe',
    workflows: [
      {
        id: slugOf(name).slice(0, 64) || 'recipe',
        name,
        ...(description === '' || description === name ? {} : { description }),
        agent: 'goose',
        ...(provider === undefined ? {} : { provider }),
        ...(model === undefined ? {} : { model }),
        steps: [
          {
            id: 'step-1',
            text: [instructions, prompt].filter((text) => text.trim() !== '').join('\n\n'),
            ...(hasTools ? { mode: 'full' as const } : {}),
            ...(maxTurns === undefined ? {} : { maxTurns }),
            ...(maxRetries === undefined ? {} : { maxRetries }),
            mcpServerIds: servers.map((server) => server.id),
          },
        ],
      },
    ],
    mcpServers: servers,
    models: provider === undefined || model === undefined ? [] : [{ provider, id: model }],
    warnings,
  }
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : [])

/** Names with the values that the recipe itself gives. */
function readParameters(recipe: JsonObject, warnings: string[]): Map<string, string> {
  const values = new Map<string, string>()
  for (const parameter of listOf(recipe['parameters'])) {
    const key = textOf(parameter, 'key')
    const fallback = parameter['default']
    if (textOf(parameter, 'input_type') === 'file') {
      warnings.push(`the parameter "${key}" is the content of a file, which is not read`)
    } else if (typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean') {
      values.set(key, String(fallback))
    }
  }
  return values
}

function readSettings(recipe: JsonObject, warnings: string[]) {
  const settings = isJsonObject(recipe['settings']) ? recipe['settings'] : {}
  const { goose_provider: providerName, goose_model: modelName, max_turns: turns, ...others } = settings
  for (const field of Object.keys(others)) warnings.push(`the setting ${field.slice(0, 50)} is left out`)
  const provider = typeof providerName === 'string' && Slug.safeParse(providerName).success ? providerName : undefined
  if (provider === undefined && providerName !== undefined) {
    warnings.push(`the provider ${JSON.stringify(providerName).slice(0, 100)} is not known`)
  }
  const isModel = typeof modelName === 'string' && /^[!-~]{1,200}$/.test(modelName)
  if (!isModel && modelName !== undefined) warnings.push('the model of the recipe is not one that can be named here')
  const isTurns = typeof turns === 'number' && Number.isInteger(turns) && turns >= 1
  return {
    provider,
    model: isModel ? modelName : undefined,
    maxTurns: isTurns ? Math.min(turns, 1_000) : undefined,
  }
}

function readRetry(recipe: JsonObject, warnings: string[]): number | undefined {
  const { retry } = recipe
  if (!isJsonObject(retry)) return undefined
  const commands = [...listOf(retry['checks']).map((check) => textOf(check, 'command')), textOf(retry, 'on_failure')]
  for (const command of commands.filter((one) => one !== '')) {
    warnings.push(`not run after the prompt, as the recipe wanted: ${command.slice(0, 500)}`)
  }
  const max = retry['max_retries']
  return typeof max === 'number' && Number.isInteger(max) && max >= 0 ? Math.min(max, 10) : undefined
}

function readExtensions(recipe: JsonObject, warnings: string[]): { servers: ServerEntry[]; hasTools: boolean } {
  const servers: ServerEntry[] = []
  let hasTools = false
  for (const extension of listOf(recipe['extensions'])) {
    const name = textOf(extension, 'name').trim().slice(0, 200) || 'MCP server'
    const type = textOf(extension, 'type')
    if (type === 'builtin' && name === 'developer') {
      hasTools = true
      warnings.push('it works with files and runs commands (mode full): choose a working folder')
    } else if (type === 'stdio' || type === 'streamable_http') {
      servers.push(serverOf(extension, name, type, servers))
      if (Array.isArray(extension['available_tools']) && extension['available_tools'].length > 0) {
        warnings.push(`"${name}" offers all of its tools, not only those that the recipe names`)
      }
    } else {
      warnings.push(`the extension "${name}" of type ${type || 'unknown'} is left out`)
    }
  }
  return { servers, hasTools }
}

function serverOf(extension: JsonObject, name: string, type: string, before: readonly ServerEntry[]): ServerEntry {
  const base = slugOf(name).slice(0, 48) || 'server'
  let id = base
  for (let n = 2; before.some((server) => server.id === id); n++) id = `${base}-${n}`
  const pairs = (field: string) =>
    Object.entries(isJsonObject(extension[field]) ? extension[field] : {}).map(([key, value]) => ({
      name: key,
      isSecret: true,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    }))
  const wanted = textsOf(extension, 'env_keys').map((key) => ({ name: key, isSecret: true, value: null }))
  const timeout = extension['timeout']
  const seconds = typeof timeout === 'number' ? Math.min(600, Math.max(1, Math.round(timeout))) : 30
  return {
    id,
    name,
    description: textOf(extension, 'description').slice(0, 10_000),
    transport: type === 'stdio' ? 'stdio' : 'http',
    command: textOf(extension, 'cmd'),
    args: textsOf(extension, 'args'),
    url: textOf(extension, 'uri'),
    env: [...pairs('envs'), ...wanted],
    headers: pairs('headers'),
    startTimeoutSec: seconds,
  }
}
