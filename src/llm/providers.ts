// The providers that Maestro can name: the built-in ones, those that somebody added, and where each is
// reached. Addresses come from models.json, else from the configuration, else from the table. Pure.

import type { BuiltInProviderId, ProviderApi } from './contract.ts'

interface BuiltIn {
  readonly id: BuiltInProviderId
  readonly title: string
  /** Name of the secret and of the environment variable; null when none is needed. */
  readonly keyName: string | null
  /** Where a person gets a key. */
  readonly keyPage: string | null
}

/** In the order they are offered. */
const builtIns: readonly BuiltIn[] = [
  {
    id: 'openrouter',
    title: 'OpenRouter',
    keyName: 'OPENROUTER_API_KEY',
    keyPage: 'https://openrouter.ai/keys',
  },
  {
    id: 'openai',
    title: 'OpenAI',
    keyName: 'OPENAI_API_KEY',
    keyPage: 'https://platform.openai.com/api-keys',
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    keyName: 'ANTHROPIC_API_KEY',
    keyPage: 'https://console.anthropic.com/settings/keys',
  },
  {
    id: 'google',
    title: 'Google Gemini',
    keyName: 'GOOGLE_API_KEY',
    keyPage: 'https://aistudio.google.com/apikey',
  },
  { id: 'ollama', title: 'Ollama (local)', keyName: null, keyPage: null },
]

export const isBuiltIn = (id: string): id is BuiltInProviderId => builtIns.some((one) => one.id === id)

/** An entry of `providers` in models.json: one that was added, or a built-in one with another address. */
export interface StoredProvider {
  readonly id: string
  readonly title: string
  readonly api: ProviderApi
  readonly baseUrl: string
  readonly keyName: string | null
}

export interface Provider {
  readonly id: string
  readonly title: string
  readonly api: ProviderApi
  readonly isBuiltIn: boolean
  readonly keyName: string | null
  readonly keyPage: string | null
  /** Null: the wire's usual address. */
  readonly baseUrl: string | null
  readonly baseUrlFrom: 'settings' | 'environment' | 'default'
  /** Of the environment or the configuration file. */
  readonly configuredKey: string | null
}

/** What the configuration says of one provider: `config.providers` of core. */
export interface ProviderConfig {
  readonly apiKey?: string
  readonly baseUrl?: string
}
export type ModelsConfig = Readonly<Record<BuiltInProviderId, ProviderConfig>>

/** The built-in ones first, then the added ones in the order of the file. */
export function allProviders(stored: readonly StoredProvider[], config: ModelsConfig): Provider[] {
  const known = builtIns.map((one): Provider => {
    const moved = stored.find(({ id }) => id === one.id)?.baseUrl
    const configured = config[one.id].baseUrl
    return {
      ...one,
      api: one.id,
      isBuiltIn: true,
      baseUrl: cleanAddress(moved ?? configured ?? (one.id === 'ollama' ? usualAddress.ollama : null)),
      baseUrlFrom: moved !== undefined ? 'settings' : configured !== undefined ? 'environment' : 'default',
      configuredKey: config[one.id].apiKey ?? null,
    }
  })
  const added = stored
    .filter(({ id }) => !isBuiltIn(id))
    .map((one): Provider => ({
      ...one,
      isBuiltIn: false,
      keyPage: null,
      baseUrl: cleanAddress(one.baseUrl),
      baseUrlFrom: 'settings',
      configuredKey: null,
    }))
  return [...known, ...added]
}

/** Where each wire is spoken when nobody says otherwise, without the version part. */
const usualAddress: Readonly<Record<ProviderApi, string>> = {
  openrouter: 'https://openrouter.ai',
  openai: 'https://api.openai.com',
  anthropic: 'https://api.anthropic.com',
  google: 'https://generativelanguage.googleapis.com',
  ollama: 'http://127.0.0.1:11434',
}

/** OLLAMA_HOST is often `0.0.0.0`, an address to listen on, not to call. */
function cleanAddress(address: string | null): string | null {
  return address?.replace('//0.0.0.0', '//127.0.0.1').replace(/\/+$/, '') ?? null
}

const versionPart: Readonly<Record<ProviderApi, string>> = {
  openrouter: '/api/v1',
  openai: '/v1',
  anthropic: '/v1',
  google: '/v1beta',
  ollama: '/v1',
}

/**
 * The address below which a wire's operations are (`/chat/completions`, `/messages`, `/models`), whether
 * the version part was typed or not. OpenAI-compatible servers have all kinds of paths (`/openai/v1`,
 * `/api/paas/v4`): theirs is taken word for word, and only a bare host gets the `/v1`.
 */
export function apiRoot(api: ProviderApi, baseUrl: string | null): string {
  const plain = (baseUrl ?? usualAddress[api]).replace(/\/+$/, '')
  const part = versionPart[api]
  if (api === 'openai' && new URL(plain).pathname !== '/') return plain
  return plain.endsWith(part) ? plain : `${plain}${part}`
}

/** How each wire is shown a key. */
export function keyHeaders(api: ProviderApi, apiKey: string | null): Record<string, string> {
  if (apiKey === null) return {}
  if (api === 'anthropic') return { 'x-api-key': apiKey }
  return api === 'google' ? { 'x-goog-api-key': apiKey } : { authorization: `Bearer ${apiKey}` }
}

/** Every request of Anthropic's wire names the version it was written for. */
export function wireHeaders(api: ProviderApi): Record<string, string> {
  return api === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {}
}

/** The secret of a provider that was added: a name that no other secret has by chance. */
export function keyNameOf(id: string): string {
  return `PROVIDER_${id.toUpperCase().replaceAll('-', '_')}_KEY`.slice(0, 64)
}
