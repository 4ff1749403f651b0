// models.json between its text and what it means. Maistro's form is read as it is (`defaultModel`,
// `apiKey`, `availableModels` of OpenRouter ids) and kept: models of other providers, or with a price, are
// objects in the same list, and `apiKey` names the secret that holds the key. Unknown fields stay. Pure.

import { isJsonObject, type JsonObject, MaestroError, parseJsonFile } from '#src/core/index.ts'
import { BaseUrl, ModelId, ModelPrice, ProviderApi, ProviderId, type ModelRef } from './contract.ts'
import { isBuiltIn, keyNameOf, type StoredProvider } from './providers.ts'

export interface ListedModel extends ModelRef {
  readonly price: ModelPrice | null
}

export interface ModelSettings {
  readonly models: readonly ListedModel[]
  readonly defaultModel: ModelRef | null
  readonly fallbacks: readonly ModelRef[]
  readonly providers: readonly StoredProvider[]
}

/** What the Maistro README promises out of the box. */
export const outOfTheBox: ModelSettings = {
  models: [
    'anthropic/claude-3.7-sonnet:thinking',
    'anthropic/claude-3.7-sonnet',
    'openai/o3-mini-high',
    'openai/gpt-4o-2024-11-20',
  ].map((id) => ({ provider: 'openrouter', id, price: null })),
  defaultModel: { provider: 'openrouter', id: 'anthropic/claude-3.7-sonnet' },
  fallbacks: [],
  providers: [],
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
  const { availableModels = [], fallbackModels = [], providers: entries = [] } = raw
  const { defaultModel, defaultProvider, apiKey } = raw
  if (!Array.isArray(entries)) return fail('providers', 'a list of {"id", "title", "api", "baseUrl", "keyName"}')
  const providers = entries.map((entry: unknown, index) => {
    const parsed = parseProvider(entry)
    return parsed ?? fail(`providers.${index}`, '{"id", "baseUrl"} and, unless it is built in, "title" and "api"')
  })
  const isKnown = (id: string): boolean => isBuiltIn(id) || providers.some((provider) => provider.id === id)
  const refsIn = (list: unknown, path: string): ListedModel[] => {
    if (!Array.isArray(list)) return fail(path, 'a list of model ids')
    return list.map((entry: unknown, index) => {
      const parsed = parseModel(entry, isKnown)
      const wanted = 'a model id, or {"provider", "id", "price"} with a provider that is known'
      return parsed ?? fail(`${path}.${index}`, wanted)
    })
  }
  const listed = refsIn(availableModels, 'availableModels')
  const fallbacks = refsIn(fallbackModels, 'fallbackModels').map(({ provider, id }) => ({ provider, id }))
  const defaultRef =
    defaultModel === undefined || defaultModel === null || defaultModel === ''
      ? null
      : (parseModel({ provider: defaultProvider ?? 'openrouter', id: defaultModel }, isKnown) ??
        fail('defaultModel', 'a model id, with defaultProvider naming a provider that is known'))
  // A default that somebody wrote by hand counts as listed.
  const all = defaultRef === null ? listed : [...listed, defaultRef]
  const models = all.filter((model, index) => all.findIndex((other) => isSame(other, model)) === index)
  const isClear = typeof apiKey === 'string' && apiKey.trim() !== '' && apiKey !== keyReference
  const settings = {
    models,
    defaultModel: defaultRef === null ? null : { provider: defaultRef.provider, id: defaultRef.id },
    fallbacks,
    providers,
  }
  return { raw, settings, clearKey: isClear ? apiKey.trim() : null }
}

function parseModel(entry: unknown, isKnown: (provider: string) => boolean): ListedModel | undefined {
  const { provider, id, price = null } = isJsonObject(entry) ? entry : { provider: 'openrouter', id: entry }
  const [parsedProvider, parsedId] = [ProviderId.safeParse(provider), ModelId.safeParse(id)]
  const parsedPrice = ModelPrice.nullable().safeParse(price)
  if (!parsedProvider.success || !parsedId.success || !parsedPrice.success) return undefined
  if (!isKnown(parsedProvider.data)) return undefined
  return { provider: parsedProvider.data, id: parsedId.data, price: parsedPrice.data }
}

function parseProvider(entry: unknown): StoredProvider | undefined {
  if (!isJsonObject(entry)) return undefined
  const [id, baseUrl] = [ProviderId.safeParse(entry['id']), BaseUrl.safeParse(entry['baseUrl'])]
  if (!id.success || !baseUrl.success) return undefined
  const api = ProviderApi.safeParse(isBuiltIn(id.data) ? id.data : (entry['api'] ?? 'openai'))
  const { title = id.data, keyName = keyNameOf(id.data) } = entry
  if (!api.success || typeof title !== 'string') return undefined
  if (keyName !== null && typeof keyName !== 'string') return undefined
  return { id: id.data, title, api: api.data, baseUrl: baseUrl.data, keyName }
}

/** @param raw the file as it was: its unknown fields stay, those of its providers too */
export function formatModelsFile(raw: JsonObject, settings: ModelSettings): string {
  const { defaultModel, models, fallbacks, providers } = settings
  const { defaultProvider: _replaced, fallbackModels: _fallbacks, providers: _providers, ...rest } = raw
  const isPlain = defaultModel === null || defaultModel.provider === 'openrouter'
  const content = {
    ...rest,
    defaultModel: defaultModel?.id ?? null,
    ...(isPlain ? {} : { defaultProvider: defaultModel.provider }),
    apiKey: keyReference,
    availableModels: models.map(modelEntry),
    ...(fallbacks.length === 0 ? {} : { fallbackModels: fallbacks.map((ref) => modelEntry({ ...ref, price: null })) }),
    ...(providers.length === 0 ? {} : { providers: providers.map((one) => providerEntry(one, raw['providers'])) }),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

function modelEntry({ provider, id, price }: ListedModel): string | JsonObject {
  if (price !== null) return { provider, id, price: { ...price } }
  return provider === 'openrouter' ? id : { provider, id }
}

function providerEntry(provider: StoredProvider, before: unknown): JsonObject {
  const entries: unknown[] = Array.isArray(before) ? before : []
  const old = entries.filter(isJsonObject).find((entry) => entry['id'] === provider.id)
  const { id, baseUrl } = provider
  return { ...old, ...(isBuiltIn(id) ? { id, baseUrl } : provider) }
}

/** The old file for the backup, without its key. */
export function redactModelsFile(raw: JsonObject): string {
  return `${JSON.stringify({ ...raw, apiKey: `moved to the secret ${keySecret}` }, null, 2)}\n`
}
