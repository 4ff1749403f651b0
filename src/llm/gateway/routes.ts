// Which requests of an agent the gateway knows: the calls of models that each wire has, the list of models,
// and probes of the address. Everything else is refused, so that a token opens no other part of an account
// (files, keys, fine-tuning). Pure.

import type { ProviderApi } from '../contract.ts'

/** How the body of a call and its answer are written, and so where usage and errors stand in them. */
export type Format = 'chat' | 'responses' | 'messages' | 'gemini'

export type Route =
  | {
      readonly kind: 'call'
      readonly format: Format
      /** Below the wire's root, with the parameters that may go through. */
      readonly path: string
      /** Gemini names its model in the path; null: it is in the body. */
      readonly model: string | null
      /** Counting tokens answers a number and costs nothing. */
      readonly isFree: boolean
    }
  | { readonly kind: 'models'; readonly path: string }
  | { readonly kind: 'probe' }

export interface Target {
  /** From the path, for agents that send no key on this wire: `/t/<token>/v1/...`. */
  readonly pathToken: string | null
  readonly route: Route | null
}

const formats: Readonly<Record<ProviderApi, Readonly<Record<string, Format>>>> = {
  openrouter: { '/chat/completions': 'chat', '/responses': 'responses' },
  openai: { '/chat/completions': 'chat', '/responses': 'responses' },
  ollama: { '/chat/completions': 'chat', '/responses': 'responses' },
  anthropic: { '/messages': 'messages', '/messages/count_tokens': 'messages' },
  google: {},
}

/** Of the query only what means something to a wire: some clients put their key there. */
const parameters = ['alt', 'beta', 'limit', 'after_id', 'before_id', 'pageSize', 'pageToken']

export function readTarget(api: ProviderApi, method: string, url: string): Target {
  if (!URL.canParse(url, 'http://gateway')) return { pathToken: null, route: null }
  const { pathname, searchParams } = new URL(url, 'http://gateway')
  const inPath = /^\/t\/([^/]+)(\/.*)?$/.exec(pathname)
  const pathToken = inPath?.[1] ?? null
  const path = (inPath?.[2] ?? (inPath === null ? pathname : '/')).replace(/^\/(?:api\/v1|v1beta|v1)(?=\/|$)/, '')
  const kept = new URLSearchParams([...searchParams].filter(([name]) => parameters.includes(name)))
  const query = kept.size === 0 ? '' : `?${kept.toString()}`
  return { pathToken, route: routeOf(api, method, path, query) }
}

/** The token of a request before its grant, and so its wire, is known. */
export function pathTokenOf(url: string): string | null {
  return /^\/t\/([^/?]+)/.exec(url)?.[1] ?? null
}

function routeOf(api: ProviderApi, method: string, path: string, query: string): Route | null {
  if (method === 'HEAD') return { kind: 'probe' }
  if (method === 'GET') {
    if (path === '/models' || /^\/models\/[\w.:@/-]+$/.test(path)) return { kind: 'models', path: path + query }
    return path === '' || path === '/' ? { kind: 'probe' } : null
  }
  if (method !== 'POST') return null
  if (api === 'google') {
    const [, model, operation] =
      /^\/models\/([^/:]+):(generateContent|streamGenerateContent|countTokens)$/.exec(path) ?? []
    const name = model === undefined ? null : decoded(model)
    if (name === null) return null
    const isFree = operation === 'countTokens'
    return { kind: 'call', format: 'gemini', path: path + query, model: name, isFree }
  }
  const format = Object.hasOwn(formats[api], path) ? formats[api][path] : undefined
  if (format === undefined) return null
  return { kind: 'call', format, path: path + query, model: null, isFree: path.endsWith('/count_tokens') }
}

/** Null for what is no encoding of anything. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

/**
 * Is this the model that the turn was given? Goose reads a trailing effort off the names of reasoning
 * models and sends it apart: `openai/o3-mini-high` is called as `openai/o3-mini`.
 */
export function isSameModel(asked: string, granted: string): boolean {
  return asked === granted || asked === granted.replace(/-(?:none|minimal|low|medium|high|xhigh|max)$/, '')
}
