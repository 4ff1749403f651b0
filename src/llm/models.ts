// Which models there are, which one is meant when none is named, and with which key and address each is
// reached. Providers are changed in provider-list.ts; keys live in the secrets store. Calls no model.

import { MaestroError, parseOrThrow } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import {
  ModelId,
  type ModelList,
  type ModelPrice,
  type ModelRef,
  type ProviderApi,
  type ProviderId,
} from './contract.ts'
import { isSame, type ListedModel, type ModelSettings } from './models-file.ts'
import { createModelsStore, type ModelsStoreDeps } from './models-store.ts'
import { createProviderList, findProvider, type ProviderList } from './provider-list.ts'
import { allProviders, apiRoot, type ModelsConfig, type Provider } from './providers.ts'
import { createSecretTools, type SecretChanges } from './secrets.ts'

/** Where a provider is called, and with what. Hand it to its consumer, never to a surface. */
export interface ProviderAccess {
  readonly provider: ProviderId
  readonly title: string
  readonly api: ProviderApi
  /** The address below which the wire's operations are, such as `https://openrouter.ai/api/v1`. */
  readonly root: string
  /** Null: the provider needs none. */
  readonly apiKey: string | null
}

/** Every call throws `corrupt_data` while models.json cannot be read; nothing is written then. */
export interface Models extends ProviderList, SecretChanges {
  /**
   * @throws `not_ready` when the provider's key is missing, with the hint where to enter it;
   *         `invalid_input` for an unknown provider
   */
  access(provider: string): Promise<ProviderAccess>
  /** What somebody entered as the price of a model of the list. */
  priceOf(provider: string, model: string): Promise<ModelPrice | null>
  /** The model a step gets that names none; null when there is no default. Says nothing about its key. */
  defaults(): Promise<{ provider: ProviderId; model: string } | null>
  view(): Promise<ModelList>
  /** Without a provider: the one model of that id. @throws `not_found` when it is not in the list */
  setDefault(provider: string | null, model: string): Promise<ModelList>
  /** A model already there is left as it is. @throws `invalid_input` */
  addModel(provider: string, model: string, price?: ModelPrice | null): Promise<ModelList>
  /** @throws `not_found` */
  updateModel(provider: string | null, model: string, price: ModelPrice | null): Promise<ModelList>
  /** @throws `conflict` for the default model, `not_found` */
  removeModel(provider: string | null, model: string): Promise<ModelList>
  /** @throws `invalid_input` for an unknown provider */
  setFallbacks(fallbacks: readonly ModelRef[]): Promise<ModelList>
}

export interface ModelsDeps extends ModelsStoreDeps {
  readonly config: ModelsConfig
  readonly secrets: Secrets
}

export function createModels(deps: ModelsDeps): Models {
  const { config, secrets } = deps
  const store = createModelsStore(deps)
  const providers = createProviderList({ store, config, secrets })
  const providersOf = (settings: ModelSettings): Provider[] => allProviders(settings.providers, config)

  async function viewOf(settings: ModelSettings): Promise<ModelList> {
    return {
      items: settings.models.map((model) => ({ ...model, isDefault: isSame(model, settings.defaultModel) })),
      provider: settings.defaultModel?.provider ?? null,
      defaultModel: settings.defaultModel?.id ?? null,
      fallbacks: settings.fallbacks.map((ref) => ({ ...ref })),
      providers: await providers.describe(settings),
    }
  }
  const change = async (decide: (settings: ModelSettings) => ModelSettings): Promise<ModelList> =>
    viewOf(await store.change(decide))

  function refOf(settings: ModelSettings, provider: string, model: string): ModelRef {
    return {
      provider: findProvider(providersOf(settings), provider).id,
      id: parseOrThrow(ModelId, model, 'the model id'),
    }
  }

  function getListed(settings: ModelSettings, provider: string | null, id: string): ListedModel {
    const found = settings.models.filter(
      (model) => model.id === id && (provider === null || model.provider === provider),
    )
    const [only, another] = found
    if (only !== undefined && another === undefined) return only
    if (only !== undefined) {
      const names = found.map((model) => model.provider).join(' and ')
      throw new MaestroError('invalid_input', `"${id}" is a model of ${names}: name the provider`)
    }
    const whose = provider === null ? '' : ` of ${findProvider(providersOf(settings), provider).title}`
    throw new MaestroError('not_found', `"${id}"${whose} is not in the list of models`, { hint: 'add it first' })
  }

  return {
    ...providers,
    ...createSecretTools({ secrets, providers: async () => providersOf(await store.read()) }),

    async access(name) {
      const provider = findProvider(providersOf(await store.read()), name)
      return {
        provider: provider.id,
        title: provider.title,
        api: provider.api,
        root: apiRoot(provider.api, provider.baseUrl),
        apiKey: await keyOf(provider, secrets),
      }
    },
    async priceOf(provider, id) {
      const { models } = await store.read()
      return models.find((model) => isSame(model, { provider, id }))?.price ?? null
    },
    async defaults() {
      const { defaultModel } = await store.read()
      return defaultModel === null ? null : { provider: defaultModel.provider, model: defaultModel.id }
    },
    view: async () => viewOf(await store.read()),

    setDefault: (provider, model) =>
      change((settings) => {
        const { provider: owner, id } = getListed(settings, provider, model)
        const ref = { provider: owner, id }
        return isSame(ref, settings.defaultModel) ? settings : { ...settings, defaultModel: ref }
      }),
    addModel: (provider, model, price = null) =>
      change((settings) => {
        const ref = refOf(settings, provider, model)
        if (settings.models.some((known) => isSame(known, ref))) return settings
        return {
          ...settings,
          models: [...settings.models, { ...ref, price }],
          defaultModel: settings.defaultModel ?? ref,
        }
      }),
    updateModel: (provider, model, price) =>
      change((settings) => {
        const listed = getListed(settings, provider, model)
        return {
          ...settings,
          models: settings.models.map((known) => (isSame(known, listed) ? { ...known, price } : known)),
        }
      }),
    removeModel: (provider, model) =>
      change((settings) => {
        const listed = getListed(settings, provider, model)
        if (isSame(listed, settings.defaultModel)) {
          throw new MaestroError('conflict', `"${listed.id}" is the default model and cannot be removed`, {
            hint: 'make another model the default first',
          })
        }
        return { ...settings, models: settings.models.filter((known) => !isSame(known, listed)) }
      }),
    setFallbacks: (fallbacks) =>
      change((settings) => {
        const refs = fallbacks.map((ref) => refOf(settings, ref.provider, ref.id))
        return {
          ...settings,
          fallbacks: refs.filter((ref, index) => refs.findIndex((other) => isSame(other, ref)) === index),
        }
      }),
  }
}

/** What somebody entered by hand is newer and more deliberate than what the environment happens to hold. */
async function keyOf(
  { id, title, keyName, keyPage, configuredKey, isBuiltIn }: Provider,
  secrets: Pick<Secrets, 'reveal'>,
): Promise<string | null> {
  if (keyName === null) return null
  const key = (await secrets.reveal(keyName)) ?? configuredKey
  if (key !== null) return key
  const orElse = isBuiltIn ? `, or start Maestro with ${keyName} set` : ''
  throw new MaestroError('not_ready', `${title} needs an API key, and none is set`, {
    hint: `enter ${keyName} under Models (a key comes from ${keyPage ?? title})${orElse}`,
    details: { provider: id, keyName },
  })
}
