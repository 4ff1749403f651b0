// The wires on which Goose can be pointed at a model: how it names them, which key it reads, what moves the
// base URL. Verified against Goose 1.52 through the gateway.

import type { ModelAccess, ProviderApi } from '../adapter.ts'

export interface GooseProvider {
  /** What `--provider` takes. */
  readonly name: string
  /** The entry of secrets.yaml; null when Goose sends no key on this wire. */
  readonly keyName: string | null
  readonly hostVariable: string
  /** What Goose itself appends to the host: cut off a base URL that has it already. */
  readonly appended: string
}

const providers: Readonly<Record<ProviderApi, GooseProvider>> = {
  openrouter: {
    name: 'openrouter',
    keyName: 'OPENROUTER_API_KEY',
    hostVariable: 'OPENROUTER_HOST',
    appended: '/api/v1',
  },
  openai: { name: 'openai', keyName: 'OPENAI_API_KEY', hostVariable: 'OPENAI_BASE_URL', appended: '/v1' },
  anthropic: { name: 'anthropic', keyName: 'ANTHROPIC_API_KEY', hostVariable: 'ANTHROPIC_HOST', appended: '/v1' },
  google: { name: 'google', keyName: 'GOOGLE_API_KEY', hostVariable: 'GOOGLE_HOST', appended: '/v1beta' },
  ollama: { name: 'ollama', keyName: null, hostVariable: 'OLLAMA_HOST', appended: '/v1' },
}

export function gooseProvider(api: ProviderApi): GooseProvider {
  return providers[api]
}

/** The environment that points Goose at `baseUrl`, with or without the part that Goose appends. */
export function hostEnvironment(provider: GooseProvider, baseUrl: string | null): Record<string, string> {
  // Its address holds the token: that one is in a file.
  if (baseUrl === null || provider.keyName === null) return {}
  const plain = baseUrl.replace(/\/+$/, '')
  // OPENAI_BASE_URL is taken word for word, as OpenAI's own clients do; only a bare host needs the `/v1`.
  if (provider.name === 'openai') return { OPENAI_BASE_URL: new URL(plain).pathname === '/' ? `${plain}/v1` : plain }
  return { [provider.hostVariable]: hostOf(provider, plain) }
}

/** secrets.yaml: double-quoted YAML scalars are a superset of JSON strings. */
export function secretsFile(provider: GooseProvider, apiKey: string | null): string {
  return provider.keyName === null || apiKey === null ? '' : `${provider.keyName}: ${JSON.stringify(apiKey)}\n`
}

/** config.yaml, for the wire on which Goose sends no key: the token is in the path of its address. */
export function configFile(provider: GooseProvider, { baseUrl, apiKey }: ModelAccess): string {
  if (provider.keyName !== null || baseUrl === null) return ''
  const host = hostOf(provider, baseUrl.replace(/\/+$/, ''))
  return `${provider.hostVariable}: ${JSON.stringify(apiKey === null ? host : `${host}/t/${apiKey}`)}\n`
}

/** The gateway is on this machine: a proxy that the machine has for the world does not know it. */
export function withoutProxy(env: Readonly<Record<string, string>>): Record<string, string> {
  const [upper, lower] = [env['NO_PROXY'], env['no_proxy']]
  const list = [upper ?? lower, '127.0.0.1'].filter((part) => part !== undefined && part !== '').join(',')
  return { NO_PROXY: list, no_proxy: list }
}

function hostOf(provider: GooseProvider, address: string): string {
  return address.endsWith(provider.appended) ? address.slice(0, -provider.appended.length) : address
}
