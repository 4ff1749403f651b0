// The providers that Maestro can name. Their keys and addresses come from the configuration. Pure.

import type { BuiltInProviderId } from './contract.ts'

export interface Provider {
  readonly id: BuiltInProviderId
  readonly title: string
  /** Name of the secret and of the environment variable; null when none is needed. */
  readonly keyName: string | null
  /** Null: whoever calls it knows the usual address. */
  readonly baseUrl: string | null
  /** Where a person gets a key. */
  readonly keyPage: string | null
}

/** In the order they are offered. */
export const providers: readonly Provider[] = [
  {
    id: 'openrouter',
    title: 'OpenRouter',
    keyName: 'OPENROUTER_API_KEY',
    baseUrl: null,
    keyPage: 'https://openrouter.ai/keys',
  },
  {
    id: 'openai',
    title: 'OpenAI',
    keyName: 'OPENAI_API_KEY',
    baseUrl: null,
    keyPage: 'https://platform.openai.com/api-keys',
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    keyName: 'ANTHROPIC_API_KEY',
    baseUrl: null,
    keyPage: 'https://console.anthropic.com/settings/keys',
  },
  {
    id: 'google',
    title: 'Google Gemini',
    keyName: 'GOOGLE_API_KEY',
    baseUrl: null,
    keyPage: 'https://aistudio.google.com/apikey',
  },
  {
    id: 'ollama',
    title: 'Ollama (local)',
    keyName: null,
    baseUrl: 'http://127.0.0.1:11434',
    keyPage: null,
  },
]

/** What the configuration says of one provider: `config.providers` of core. */
export interface ProviderConfig {
  readonly apiKey?: string
  readonly baseUrl?: string
}
export type ModelsConfig = Readonly<Record<BuiltInProviderId, ProviderConfig>>

/** OLLAMA_HOST is often `0.0.0.0`, an address to listen on, not to call. Null: whoever calls it knows the usual one. */
export function addressOf(provider: Provider, config: ModelsConfig): string | null {
  const address = config[provider.id].baseUrl ?? provider.baseUrl
  return address?.replace('//0.0.0.0', '//127.0.0.1').replace(/\/+$/, '') ?? null
}
