// Asks a provider what costs nothing: is the key good, which models are there. Bounded in time and size,
// follows no redirect, and a stored key goes to the stored address alone.

import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Clock, isJsonObject, type JsonObject, MaestroError, MINUTE, SECOND } from '#src/core/index.ts'
import type { OfferedModel, ProviderTest } from './contract.ts'
import type { Outgoing } from './gateway/outgoing.ts'
import { readOfferedModels } from './offered-models.ts'
import type { ProviderList, ProviderWithKey } from './provider-list.ts'
import { contentWords, networkWords, statusWords, type Words } from './provider-words.ts'
import { apiRoot, keyHeaders, wireHeaders } from './providers.ts'

export interface ProviderCheck {
  /** Never throws for what is wrong with the provider: that is the answer. @throws `not_found` */
  test(id: string, given: { apiKey?: string | undefined; baseUrl?: string | undefined }): Promise<ProviderTest>
  /** Kept for 10 minutes. @throws `not_found`; `unavailable` with what is wrong and what to do */
  models(id: string): Promise<OfferedModel[]>
}

const timeoutMs = 15 * SECOND
/** OpenRouter's list of models is about 2 MB. */
const maxBytes = 16 * 1024 * 1024
const maxTestModels = 1_000
const keepMs = 10 * MINUTE

type Answer =
  | { readonly ok: true; readonly url: URL; readonly status: number; readonly json: unknown }
  | { readonly ok: false; readonly url: URL; readonly status: number | null; readonly words: Words }

interface Deps {
  readonly providers: Pick<ProviderList, 'getProvider'>
  readonly outgoing: Outgoing
  readonly clock: Clock
}

export function createProviderCheck({ providers, outgoing, clock }: Deps): ProviderCheck {
  const kept = new Map<string, { at: number; models: OfferedModel[] }>()

  async function ask(provider: ProviderWithKey, path: string): Promise<Answer> {
    const url = new URL(apiRoot(provider.api, provider.baseUrl) + path)
    const headers = {
      accept: 'application/json',
      ...wireHeaders(provider.api),
      ...keyHeaders(provider.api, provider.apiKey),
    }
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const answer = await outgoing.send({ method: 'GET', url, headers, body: null, signal })
      const status = answer.statusCode ?? 0
      const text = await readText(answer)
      const json = parse(text)
      if (status >= 200 && status < 300) {
        if (isJsonObject(json)) return { ok: true, url, status, json }
        return { ok: false, url, status, words: contentWords(provider, url, text) }
      }
      const said = hideKey(wordsIn(json), provider.apiKey)
      return {
        ok: false,
        url,
        status,
        words: statusWords(provider, url, status, said, answer.headers.location ?? null),
      }
    } catch (error) {
      return { ok: false, url, status: null, words: networkWords(provider, url, error) }
    }
  }

  async function askModels(provider: ProviderWithKey): Promise<Answer> {
    const all = provider.api === 'google' ? '?pageSize=1000' : provider.api === 'anthropic' ? '?limit=1000' : ''
    return ask(provider, `/models${all}`)
  }

  return {
    async test(id, given) {
      const stored = await providers.getProvider(id)
      const provider = withUnsaved(stored, given)
      const startedAt = clock.now()
      const result = (url: URL, rest: Omit<ProviderTest, 'durationMs' | 'url'>): ProviderTest => ({
        durationMs: clock.now() - startedAt,
        url: url.href,
        ...rest,
      })
      const failed = (url: URL, status: number | null, { message, hint }: Words): ProviderTest =>
        result(url, { ok: false, httpStatus: status, message, hint, models: [] })
      if (provider.keyName !== null && provider.apiKey === null) {
        return failed(new URL(apiRoot(provider.api, provider.baseUrl)), null, missingKey(stored))
      }
      if (provider.api === 'openrouter') {
        const key = await ask(provider, '/key')
        if (key.ok) {
          const message = keyMessage(provider.title, key.json as JsonObject)
          return result(key.url, { ok: true, httpStatus: key.status, message, hint: null, models: [] })
        }
        // Only OpenRouter itself has this; what merely speaks its wire is asked for its models.
        if (key.status !== 404) return failed(key.url, key.status, key.words)
      }
      const answer = await askModels(provider)
      if (!answer.ok) return failed(answer.url, answer.status, answer.words)
      const models = readOfferedModels(provider.api, answer.json)
      if (models === null) {
        return failed(answer.url, answer.status, contentWords(provider, answer.url, ''))
      }
      const message = `${provider.title} answers, and offers ${models.length} model${models.length === 1 ? '' : 's'}`
      const ids = models.slice(0, maxTestModels).map((model) => model.id)
      return result(answer.url, { ok: true, httpStatus: answer.status, message, hint: null, models: ids })
    },

    async models(id) {
      const provider = await providers.getProvider(id)
      const key = createHash('sha256')
        .update(JSON.stringify([provider.baseUrl, provider.api, provider.apiKey]))
        .digest('hex')
      const known = kept.get(key)
      if (known !== undefined && clock.now() - known.at < keepMs) return known.models
      const answer = await askModels(provider)
      const models = answer.ok ? readOfferedModels(provider.api, answer.json) : null
      if (models === null) {
        const { message, hint } = answer.ok ? contentWords(provider, answer.url, '') : answer.words
        throw new MaestroError('unavailable', message, { hint })
      }
      kept.clear()
      kept.set(key, { at: clock.now(), models })
      return models
    },
  }
}

/** With what somebody has typed and not yet saved. A stored key is not sent where it was not meant for. */
function withUnsaved(
  stored: ProviderWithKey,
  given: { apiKey?: string | undefined; baseUrl?: string | undefined },
): ProviderWithKey {
  const baseUrl = given.baseUrl ?? stored.baseUrl
  const isSamePlace =
    new URL(apiRoot(stored.api, baseUrl)).origin === new URL(apiRoot(stored.api, stored.baseUrl)).origin
  return { ...stored, baseUrl, apiKey: given.apiKey?.trim() ?? (isSamePlace ? stored.apiKey : null) }
}

function missingKey(stored: ProviderWithKey): Words {
  if (stored.apiKey !== null) {
    return {
      message: `${stored.title}: the stored key is only sent to the stored address`,
      hint: 'enter the key again to test another address with it, or save the address first',
    }
  }
  return {
    message: `${stored.title} needs an API key, and none is set`,
    hint: stored.keyPage === null ? 'enter its key' : `enter its key: it comes from ${stored.keyPage}`,
  }
}

/** OpenRouter's `GET /key`. */
function keyMessage(title: string, json: JsonObject): string {
  const data = isJsonObject(json['data']) ? json['data'] : {}
  const { usage, limit_remaining: left } = data
  const dollars = (value: unknown): string | null => (typeof value === 'number' ? `$${value.toFixed(2)}` : null)
  const parts = [
    dollars(usage) === null ? null : `${dollars(usage)} used`,
    dollars(left) === null ? null : `${dollars(left)} left of its limit`,
  ].filter((part) => part !== null)
  return `The key works at ${title}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      answer.destroy()
      throw new Error(`more than ${maxBytes / 1024 / 1024} MB came, which is no list of models`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The provider's own sentence, short enough for a line. */
function wordsIn(json: unknown): string | null {
  if (!isJsonObject(json)) return null
  const { error, message } = json
  const said = isJsonObject(error) ? error['message'] : (error ?? message)
  return typeof said === 'string' && said.trim() !== '' ? said.trim().replace(/\s+/g, ' ').slice(0, 300) : null
}

function hideKey(text: string | null, key: string | null): string | null {
  return text === null || key === null ? text : text.replaceAll(key, '[the key]')
}
