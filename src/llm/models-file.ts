// models.json between its text and what it means. Maistro's form is read as it is (`defaultModel`,
// `apiKey`, `availableModels` of OpenRouter ids) and kept: models of other providers are objects in the
// same list, and `apiKey` names the secret that holds the key. Unknown fields stay. Pure.

import { isJsonObject, type JsonObject, MaestroError, parseJsonFile } from '#src/core/index.ts'
import { ModelId, ProviderId } from './contract.ts'

export interface ModelRef {
  readonly provider: ProviderId
  readonly id: string
}

export interface ModelSettings {
  readonly models: readonly ModelRef[]
  readonly defaultModel: ModelRef | null
}

/** What the Maistro README promises out of the box. */
export const outOfTheBox: ModelSettings = {
  models: [
    'anthropic/claude-3.7-sonnet:thinking',
    'anthropic/claude-3.7-sonnet',
    'openai/o3-mini-high',
    'openai/gpt-4o-2024-11-20',
  ].map((id) => ({ provider: 'openrouter', id })),
  defaultModel: { provider: 'openrouter', id: 'anthropic/claude-3.7-sonnet' },
}

/** Maistro knew one provider; its key is this one's. */
export const keySecret = 'OPENROUTER_API_KEY'
const keyReference = `secret:${keySecret}`

export const isSame = (a: ModelRef, b: ModelRef | null): boolean => a.provider === b?.provider && a.id === b.id

export interface ModelsFile {
  readonly raw: JsonObject
  readonly settings: ModelSettings
  /** A key in clear that must not stay there. */
  readonly clearKey: string | null
}

/** @throws `corrupt_data` naming file and place */
export function parseModelsFile(text: string, file: string): ModelsFile {
  const raw = parseJsonFile(text, file)
  const fail = (path: string, wanted: string): never => {
    throw new MaestroError('corrupt_data', `${file}: ${path} should be ${wanted}`, {
      issues: [{ path, message: wanted }],
    })
  }
  if (!isJsonObject(raw)) return fail('the file', 'an object {"defaultModel", "apiKey", "availableModels"}')
  const { availableModels = [], defaultModel, defaultProvider, apiKey } = raw
  if (!Array.isArray(availableModels)) return fail('availableModels', 'a list of model ids')
  const listed = availableModels.map((entry: unknown, index): ModelRef => {
    const parsed = parseEntry(entry)
    return parsed ?? fail(`availableModels.${index}`, 'a model id, or {"provider", "id"} with a provider that is known')
  })
  const defaultRef =
    defaultModel === undefined || defaultModel === null || defaultModel === ''
      ? null
      : (parseEntry({ provider: defaultProvider ?? 'openrouter', id: defaultModel }) ??
        fail('defaultModel', 'a model id, with defaultProvider naming a provider that is known'))
  // A default that somebody wrote by hand counts as listed.
  const all = defaultRef === null ? listed : [...listed, defaultRef]
  const models = all.filter((model, index) => all.findIndex((other) => isSame(other, model)) === index)
  const isClear = typeof apiKey === 'string' && apiKey.trim() !== '' && apiKey !== keyReference
  return { raw, settings: { models, defaultModel: defaultRef }, clearKey: isClear ? apiKey.trim() : null }
}

function parseEntry(entry: unknown): ModelRef | undefined {
  const { provider, id } = isJsonObject(entry) ? entry : { provider: 'openrouter', id: entry }
  const [parsedProvider, parsedId] = [ProviderId.safeParse(provider), ModelId.safeParse(id)]
  return parsedProvider.success && parsedId.success ? { provider: parsedProvider.data, id: parsedId.data } : undefined
}

/** @param raw the file as it was: its unknown fields stay */
export function formatModelsFile(raw: JsonObject, settings: ModelSettings): string {
  const { defaultModel, models } = settings
  const { defaultProvider: _replaced, ...rest } = raw
  const isPlain = defaultModel === null || defaultModel.provider === 'openrouter'
  const content = {
    ...rest,
    defaultModel: defaultModel?.id ?? null,
    ...(isPlain ? {} : { defaultProvider: defaultModel.provider }),
    apiKey: keyReference,
    availableModels: models.map((model) => (model.provider === 'openrouter' ? model.id : { ...model })),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

/** The old file for the backup, without its key. */
export function redactModelsFile(raw: JsonObject): string {
  return `${JSON.stringify({ ...raw, apiKey: `moved to the secret ${keySecret}` }, null, 2)}\n`
}
