// The model providers that Goose can be pointed at: how it names them, which key it reads, which
// variable moves the base URL. Verified against Goose 1.52 with a local server (Google's only up
// to the request).

import { MaestroError } from '#src/core/index.ts'

export interface GooseProvider {
  /** What `--provider` takes. */
  readonly name: string
  /** The entry of secrets.yaml; null when it needs no key. */
  readonly keyName: string | null
  readonly hostVariable: string
  /** What Goose itself appends to the host: cut off a base URL that has it already. */
  readonly appended: string
}

const providers: Readonly<Record<string, GooseProvider>> = {
  openrouter: {
    name: 'openrouter',
    keyName: 'OPENROUTER_API_KEY',
    hostVariable: 'OPENROUTER_HOST',
    appended: '/api/v1',
  },
  openai: { name: 'openai', keyName: 'OPENAI_API_KEY', hostVariable: 'OPENAI_BASE_URL', appended: '/v1' },
  anthropic: { name: 'anthropic', keyName: 'ANTHROPIC_API_KEY', hostVariable: 'ANTHROPIC_HOST', appended: '/v1' },
  google: { name: 'google', keyName: 'GOOGLE_API_KEY', hostVariable: 'GOOGLE_HOST', appended: '/v1beta' },
  gemini: { name: 'google', keyName: 'GOOGLE_API_KEY', hostVariable: 'GOOGLE_HOST', appended: '/v1beta' },
  ollama: { name: 'ollama', keyName: null, hostVariable: 'OLLAMA_HOST', appended: '/v1' },
}

/** @throws `unsupported` for a provider that Goose is not set up for here. */
export function gooseProvider(id: string): GooseProvider {
  const provider = Object.hasOwn(providers, id) ? providers[id] : undefined
  if (provider !== undefined) return provider
  throw new MaestroError('unsupported', `Goose cannot be used with the model provider "${id}"`, {
    hint: `choose one of ${Object.keys(providers).join(', ')}`,
  })
}

/** The environment that points Goose at `baseUrl`, with or without the part that Goose appends. */
export function hostEnvironment(provider: GooseProvider, baseUrl: string | null): Record<string, string> {
  if (baseUrl === null) return {}
  const plain = baseUrl.replace(/\/+$/, '')
  // OPENAI_BASE_URL is taken word for word, as OpenAI's own clients do; only a bare host needs the `/v1`.
  if (provider.name === 'openai') return { OPENAI_BASE_URL: new URL(plain).pathname === '/' ? `${plain}/v1` : plain }
  const host = plain.endsWith(provider.appended) ? plain.slice(0, -provider.appended.length) : plain
  return { [provider.hostVariable]: host }
}

/** secrets.yaml: double-quoted YAML scalars are a superset of JSON strings. */
export function secretsFile(provider: GooseProvider, apiKey: string | null): string {
  return provider.keyName === null || apiKey === null ? '' : `${provider.keyName}: ${JSON.stringify(apiKey)}\n`
}
