// Which models there are, which one is meant when none is named, and with which key and address each is
// reached. Owns models.json; keys live in the secrets store. Calls no model.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, isNodeError, MaestroError, parseOrThrow } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import { ModelId, type ModelList, type ProviderId, type ProviderInfo, type SecretInfo, SecretName } from './contract.ts'
import {
  formatModelsFile,
  isSame,
  keySecret,
  type ModelRef,
  type ModelsFile,
  outOfTheBox,
  parseModelsFile,
  redactModelsFile,
} from './models-file.ts'
import { addressOf, type ModelsConfig, type Provider, providers } from './providers.ts'

export interface ModelAccess {
  readonly provider: ProviderId
  readonly model: string
  /** Null: the provider's usual address. */
  readonly baseUrl: string | null
  /** Null: the provider needs none. Hand it to its consumer, never to a surface. */
  readonly apiKey: string | null
}

/** Every call throws `corrupt_data` while models.json cannot be read; nothing is written then. */
export interface Models {
  /**
   * Everything needed to call a model. Null stands for the default provider, and its default or first model.
   * @throws `not_ready` when the provider's key is missing, with the hint where to enter it;
   *         `invalid_input` for an unknown provider, or when no model can be meant
   */
  access(provider: string | null, model: string | null): Promise<ModelAccess>
  /** The model a step gets that names none; null when there is no default. Says nothing about its key. */
  defaults(): Promise<{ provider: ProviderId; model: string } | null>
  view(): Promise<ModelList>
  /** Without a provider: the one model of that id. @throws `not_found` when it is not in the list */
  setDefault(provider: string | null, model: string): Promise<ModelList>
  /** A model already there is left as it is. @throws `invalid_input` */
  addModel(provider: string, model: string): Promise<ModelList>
  /** @throws `conflict` for the default model, `not_found` */
  removeModel(provider: string | null, model: string): Promise<ModelList>
  /** @throws `invalid_input` for a name or value that cannot be a secret */
  setSecret(name: string, value: string): Promise<SecretInfo>
  /** @throws `not_found` */
  deleteSecret(name: string): Promise<SecretInfo>
}

export interface ModelsDeps {
  readonly dataDir: string
  readonly config: ModelsConfig
  readonly secrets: Secrets
  readonly clock: Clock
  readonly files: {
    writeFileAtomic(path: string, text: string, options?: { mode?: number }): Promise<void>
    readTextIfExists(path: string): Promise<string | undefined>
  }
}

export function createModels({ dataDir, config, secrets, clock, files }: ModelsDeps): Models {
  const file = join(dataDir, 'models.json')
  let cached: { identity: string; value: ModelsFile } | undefined
  let last: Promise<unknown> = Promise.resolve()

  function queued<R>(work: () => Promise<R>): Promise<R> {
    const result = last.then(work, work)
    last = result.catch(() => undefined)
    return result
  }

  async function load(): Promise<ModelsFile> {
    const identity = await identityOf(file)
    if (cached?.identity === identity) return cached.value
    const text = await files.readTextIfExists(file)
    if (text === undefined) return { raw: {}, settings: outOfTheBox, clearKey: null }
    const value = parseWithHint(text)
    if (value.clearKey !== null) return moveKey(value, value.clearKey)
    cached = { identity, value }
    return value
  }

  function parseWithHint(text: string): ModelsFile {
    try {
      return parseModelsFile(text, file)
    } catch (error) {
      if (!(error instanceof MaestroError)) throw error
      throw new MaestroError(
        error.code,
        `${error.message}. The file is kept as it is and nothing is written until it is mended`,
        {
          hint: 'mend the file by hand, or move it away to begin with the models that come with Maestro',
          ...(error.issues === undefined ? {} : { issues: error.issues }),
          ...(error.details === undefined ? {} : { details: error.details }),
          cause: error,
        },
      )
    }
  }

  /** The secret first: a crash in between leaves the key in both places, never in none. */
  async function moveKey(found: ModelsFile, key: string): Promise<ModelsFile> {
    await secrets.set(keySecret, key)
    const stamp = new Date(clock.now()).toISOString().replace(/[-:]/g, '').replace('.', '-')
    await files.writeFileAtomic(`${file}.${stamp}.bak`, redactModelsFile(found.raw), { mode: 0o600 })
    return save(found, found.settings)
  }

  async function save(before: ModelsFile, settings: ModelsFile['settings']): Promise<ModelsFile> {
    const text = formatModelsFile(before.raw, settings)
    await files.writeFileAtomic(file, text, { mode: 0o600 })
    cached = undefined
    return parseModelsFile(text, file)
  }

  async function providerInfo(
    provider: Provider,
    hints: ReadonlyMap<string, string | null>,
    models: readonly ModelRef[],
  ): Promise<ProviderInfo> {
    const { id, title, keyName, keyPage } = provider
    const { apiKey } = config[id]
    const isStored = keyName !== null && hints.has(keyName)
    const keyFrom = isStored ? 'settings' : apiKey === undefined ? null : 'environment'
    const ownHint = apiKey !== undefined && apiKey.length >= 12 ? apiKey.slice(-4) : null
    const keyHint = keyName === null ? null : isStored ? (hints.get(keyName) ?? null) : ownHint
    return {
      id,
      title,
      api: id,
      isBuiltIn: true,
      keyName,
      keySet: keyFrom !== null,
      keyHint,
      keyFrom,
      keyPage,
      baseUrl: addressOf(provider, config),
      baseUrlFrom: config[id].baseUrl === undefined ? 'default' : 'environment',
      modelCount: models.filter((model) => model.provider === id).length,
    }
  }

  async function viewOf({ settings }: ModelsFile): Promise<ModelList> {
    const hints = new Map((await secrets.list()).map(({ name, hint }) => [name, hint]))
    return {
      items: settings.models.map((model) => ({
        ...model,
        isDefault: isSame(model, settings.defaultModel),
        price: null,
      })),
      provider: settings.defaultModel?.provider ?? null,
      defaultModel: settings.defaultModel?.id ?? null,
      fallbacks: [],
      providers: await Promise.all(providers.map((provider) => providerInfo(provider, hints, settings.models))),
    }
  }

  function change(decide: (found: ModelsFile) => ModelsFile['settings']): Promise<ModelList> {
    return queued(async () => {
      const found = await load()
      const settings = decide(found)
      return viewOf(settings === found.settings ? found : await save(found, settings))
    })
  }

  async function keyOf({ id, title, keyName, keyPage }: Provider): Promise<string | null> {
    if (keyName === null) return null
    // What somebody entered by hand is newer and more deliberate than what the environment happens to hold.
    const key = (await secrets.reveal(keyName)) ?? config[id].apiKey
    if (key !== undefined) return key
    throw new MaestroError('not_ready', `${title} needs an API key, and none is set`, {
      hint: `enter ${keyName} in Settings under Models (a key comes from ${keyPage ?? title}), or start Maestro with ${keyName} set`,
      details: { provider: id, keyName },
    })
  }

  return {
    async access(providerName, modelName) {
      const { settings } = await queued(load)
      const provider = getProvider(providerName ?? settings.defaultModel?.provider ?? 'openrouter')
      const ofProvider = settings.models.filter((model) => model.provider === provider.id)
      const preferred = ofProvider.find((model) => isSame(model, settings.defaultModel)) ?? ofProvider[0]
      const model = modelName ?? preferred?.id
      if (model === undefined) {
        throw new MaestroError(
          'invalid_input',
          `no model of ${provider.title} is named, and none is in the list of models`,
          {
            hint: 'name one in the prompt, or add one in Settings under Models',
          },
        )
      }
      return { provider: provider.id, model, baseUrl: addressOf(provider, config), apiKey: await keyOf(provider) }
    },
    async defaults() {
      const { defaultModel } = (await queued(load)).settings
      return defaultModel === null ? null : { provider: defaultModel.provider, model: defaultModel.id }
    },
    view: async () => viewOf(await queued(load)),

    setDefault: (provider, model) =>
      change(({ settings }) => {
        const ref = getListed(settings.models, provider, model)
        return isSame(ref, settings.defaultModel) ? settings : { ...settings, defaultModel: ref }
      }),
    addModel: (provider, model) =>
      change(({ settings }) => {
        const ref = refOf(provider, model)
        if (settings.models.some((known) => isSame(known, ref))) return settings
        return { models: [...settings.models, ref], defaultModel: settings.defaultModel ?? ref }
      }),
    removeModel: (provider, model) =>
      change(({ settings }) => {
        const ref = getListed(settings.models, provider, model)
        if (isSame(ref, settings.defaultModel)) {
          throw new MaestroError('conflict', `"${ref.id}" is the default model and cannot be removed`, {
            hint: 'make another model the default first',
          })
        }
        return { ...settings, models: settings.models.filter((known) => !isSame(known, ref)) }
      }),

    async setSecret(name, value) {
      const known = parseOrThrow(SecretName, name, 'the name of the secret')
      // Pasted keys come with a line break at their end; one in their middle is a mistake.
      const key = value.trim()
      if (key === '' || key.length > 16_384 || !/^[ -~]+$/.test(key)) {
        throw new MaestroError(
          'invalid_input',
          `the value for ${known} is not one line of printable ASCII, 1 to 16,384 characters`,
          {
            issues: [{ path: 'value', message: 'one line of printable ASCII, 1 to 16,384 characters' }],
          },
        )
      }
      await secrets.set(known, key)
      return secretInfo(known, true, key.length >= 12 ? key.slice(-4) : null)
    },
    async deleteSecret(name) {
      const known = parseOrThrow(SecretName, name, 'the name of the secret')
      if (await secrets.delete(known)) return secretInfo(known, false, null)
      throw new MaestroError('not_found', `no secret named ${known} is stored`)
    },
  }
}

function getProvider(name: string): Provider {
  const provider = providers.find(({ id }) => id === name)
  if (provider !== undefined) return provider
  throw new MaestroError(
    'invalid_input',
    `"${name}" is not a model provider; there are ${providers.map(({ id }) => id).join(', ')}`,
  )
}

function refOf(provider: string, model: string): ModelRef {
  return { provider: getProvider(provider).id, id: parseOrThrow(ModelId, model, 'the model id') }
}

function getListed(models: readonly ModelRef[], provider: string | null, id: string): ModelRef {
  const found = models.filter((model) => model.id === id && (provider === null || model.provider === provider))
  const [only, another] = found
  if (only !== undefined && another === undefined) return only
  if (only !== undefined) {
    const names = found.map((model) => model.provider).join(' and ')
    throw new MaestroError('invalid_input', `"${id}" is a model of ${names}: name the provider`)
  }
  const whose = provider === null ? '' : ` of ${getProvider(provider).title}`
  throw new MaestroError('not_found', `"${id}"${whose} is not in the list of models`, { hint: 'add it first' })
}

function secretInfo(name: string, isSet: boolean, hint: string | null): SecretInfo {
  return { name, isSet, hint, usedBy: providers.filter(({ keyName }) => keyName === name).map(({ title }) => title) }
}

async function identityOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino}:${size}:${mtimeNs}`
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return ''
    throw error
  }
}
