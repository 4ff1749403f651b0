// The list of providers as people see and change it: added, moved to another address, renamed, removed.
// Entries live in models.json, keys in the secrets store.

import { MaestroError, parseOrThrow } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import { ProviderId, type ProviderInfo, ProviderInput, type ProviderPatch } from './contract.ts'
import type { ModelSettings } from './models-file.ts'
import type { ModelsStore } from './models-store.ts'
import {
  allProviders,
  isBuiltIn,
  keyNameOf,
  type ModelsConfig,
  type Provider,
  type StoredProvider,
} from './providers.ts'
import { cleanKey, hintOf } from './secrets.ts'

/** A provider and the key that a test of it should use. For the code that calls it, never for a surface. */
export interface ProviderWithKey extends Provider {
  readonly apiKey: string | null
}

export interface ProviderList {
  listProviders(): Promise<ProviderInfo[]>
  /** Without an id: one made of the title. @throws `conflict` for an id that is taken */
  createProvider(input: ProviderInput & { id?: string | undefined; apiKey?: string | undefined }): Promise<ProviderInfo>
  /** @throws `not_found`; `invalid_input` for what a built-in provider cannot change */
  updateProvider(id: string, changes: ProviderPatch): Promise<ProviderInfo>
  /** Its stored key goes too. @throws `not_found`; `invalid_input` for a built-in one; `conflict` while models are its */
  deleteProvider(id: string): Promise<ProviderInfo>
  /** @throws `not_found` */
  getProvider(id: string): Promise<ProviderWithKey>
  describe(settings: ModelSettings): Promise<ProviderInfo[]>
}

interface Deps {
  readonly store: ModelsStore
  readonly config: ModelsConfig
  readonly secrets: Secrets
}

export function createProviderList({ store, config, secrets }: Deps): ProviderList {
  async function describe(settings: ModelSettings): Promise<ProviderInfo[]> {
    const hints = new Map((await secrets.list()).map(({ name, hint }) => [name, hint]))
    return allProviders(settings.providers, config).map((provider) => infoOf(provider, hints, settings))
  }
  async function infoById(settings: ModelSettings, id: string): Promise<ProviderInfo> {
    return existing(await describe(settings), id)
  }

  return {
    describe,
    listProviders: async () => describe(await store.read()),

    async getProvider(id) {
      const provider = existing(allProviders((await store.read()).providers, config), id)
      const stored = provider.keyName === null ? undefined : await secrets.reveal(provider.keyName)
      return { ...provider, apiKey: stored ?? provider.configuredKey }
    },

    async createProvider({ id: wanted, apiKey, ...given }) {
      const input = parseOrThrow(ProviderInput, given, 'the provider')
      const key = apiKey === undefined ? undefined : cleanKey('apiKey', apiKey)
      let made = ''
      const settings = await store.change((before) => {
        const taken = new Set(allProviders(before.providers, config).map((provider) => provider.id))
        const id = wanted === undefined ? freeId(input.title, taken) : parseOrThrow(ProviderId, wanted, 'the id')
        if (taken.has(id)) {
          throw new MaestroError('conflict', `there is a provider "${id}" already`, { hint: 'choose another id' })
        }
        made = id
        const { title, api, baseUrl } = input
        const keyName = input.needsKey ? keyNameOf(id) : null
        return { ...before, providers: [...before.providers, { id, title, api, baseUrl, keyName }] }
      })
      // A key without its provider would be one that nobody finds, so it comes second.
      const keyName = settings.providers.find(({ id }) => id === made)?.keyName ?? null
      if (key !== undefined && keyName !== null) await secrets.set(keyName, key)
      return infoById(settings, made)
    },

    async updateProvider(id, changes) {
      const key = typeof changes.apiKey === 'string' ? cleanKey('apiKey', changes.apiKey) : changes.apiKey
      const settings = await store.change((before) => {
        const provider = existing(allProviders(before.providers, config), id)
        const providers = provider.isBuiltIn
          ? moveBuiltIn(before.providers, provider, changes)
          : before.providers.map((one) => (one.id === id ? changedProvider(one, changes) : one))
        const changed = existing(allProviders(providers, config), id)
        if (typeof key === 'string' && changed.keyName === null) throw needsNoKey(changed)
        return { ...before, providers }
      })
      const { keyName } = existing(allProviders(settings.providers, config), id)
      if (typeof key === 'string' && keyName !== null) await secrets.set(keyName, key)
      if (key === null && keyName !== null) await secrets.delete(keyName)
      return infoById(settings, id)
    },

    async deleteProvider(id) {
      const before = await store.read()
      const info = await infoById(before, id)
      await store.change((settings) => {
        if (isBuiltIn(id)) {
          throw new MaestroError('invalid_input', `${info.title} is built in and cannot be removed`, {
            hint: 'delete its key if you do not want to use it',
          })
        }
        const users = [...settings.models, ...settings.fallbacks].filter(({ provider }) => provider === id)
        if (users.length > 0) {
          const names = [...new Set(users.map((model) => `"${model.id}"`))].join(', ')
          throw new MaestroError('conflict', `${info.title} has models in the list: ${names}`, {
            hint: 'remove them from the list of models and of fallbacks first',
          })
        }
        return { ...settings, providers: settings.providers.filter((one) => one.id !== id) }
      })
      if (info.keyName !== null && info.keyName === keyNameOf(id)) await secrets.delete(info.keyName)
      return info
    },
  }
}

function infoOf(provider: Provider, hints: ReadonlyMap<string, string | null>, settings: ModelSettings): ProviderInfo {
  const { configuredKey, keyName, ...shown } = provider
  const isStored = keyName !== null && hints.has(keyName)
  const ownHint = configuredKey === null ? null : hintOf(configuredKey)
  const keyFrom = isStored ? 'settings' : configuredKey === null ? null : 'environment'
  return {
    ...shown,
    keyName,
    keySet: keyFrom !== null,
    keyHint: keyName === null ? null : isStored ? (hints.get(keyName) ?? null) : ownHint,
    keyFrom,
    modelCount: settings.models.filter((model) => model.provider === provider.id).length,
  }
}

function moveBuiltIn(
  stored: readonly StoredProvider[],
  provider: Provider,
  changes: ProviderPatch,
): readonly StoredProvider[] {
  const fixed = (['title', 'api', 'needsKey'] as const).filter((name) => changes[name] !== undefined)
  if (fixed.length > 0) {
    throw new MaestroError('invalid_input', `${provider.title} is built in: its ${fixed.join(', ')} cannot change`, {
      issues: fixed.map((path) => ({ path, message: 'only of a provider that was added' })),
      hint: 'add a provider of your own instead',
    })
  }
  const { baseUrl } = changes
  if (baseUrl === undefined) return stored
  const others = stored.filter(({ id }) => id !== provider.id)
  const { id, title, api, keyName } = provider
  return baseUrl === null ? others : [...others, { id, title, api, keyName, baseUrl }]
}

function changedProvider(before: StoredProvider, changes: ProviderPatch): StoredProvider {
  const { title = before.title, api = before.api, baseUrl = before.baseUrl, needsKey } = changes
  if (baseUrl === null) {
    throw new MaestroError('invalid_input', `${before.title} has no usual address to go back to`, {
      issues: [{ path: 'baseUrl', message: 'an http:// or https:// address' }],
    })
  }
  const keyName = needsKey === undefined ? before.keyName : needsKey ? (before.keyName ?? keyNameOf(before.id)) : null
  return { ...before, title, api, baseUrl, keyName }
}

function needsNoKey(provider: Provider): MaestroError {
  return new MaestroError('invalid_input', `${provider.title} needs no key`, {
    issues: [{ path: 'apiKey', message: 'only for a provider that needs a key' }],
  })
}

function existing<P extends { id: string }>(providers: readonly P[], id: string): P {
  const provider = providers.find((one) => one.id === id)
  if (provider !== undefined) return provider
  throw new MaestroError('not_found', `there is no model provider "${id}"`, {
    hint: `there are ${providers.map((one) => one.id).join(', ')}`,
  })
}

/** @throws `invalid_input`: a name that some other input carries */
export function findProvider(providers: readonly Provider[], name: string): Provider {
  const provider = providers.find(({ id }) => id === name)
  if (provider !== undefined) return provider
  throw new MaestroError(
    'invalid_input',
    `"${name}" is not a model provider; there are ${providers.map(({ id }) => id).join(', ')}`,
  )
}

/** `My LLM` becomes `my-llm`, or `my-llm-2` when that is taken. */
function freeId(title: string, taken: ReadonlySet<string>): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  const base = plain === '' ? 'provider' : plain
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`
    if (!taken.has(id)) return id
  }
}
