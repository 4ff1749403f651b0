// A provider's list of models as the wires give it: ids, and name, context and price where they are told. Pure.

import { isJsonObject, type JsonObject } from '#src/core/index.ts'
import { ModelId, type ModelPrice, type OfferedModel, type ProviderApi } from './contract.ts'

const maxModels = 5_000

/** Null for something that is no such list. Entries that cannot be named are left out. */
export function readOfferedModels(api: ProviderApi, json: unknown): OfferedModel[] | null {
  if (!isJsonObject(json)) return null
  const list = api === 'google' ? json['models'] : json['data']
  if (!Array.isArray(list)) return null
  return list
    .slice(0, maxModels)
    .filter(isJsonObject)
    .flatMap((entry) => readModel(api, entry))
}

function readModel(api: ProviderApi, entry: JsonObject): OfferedModel[] {
  const raw = api === 'google' ? entry['name'] : entry['id']
  const id = ModelId.safeParse(typeof raw === 'string' ? raw.replace(/^models\//, '') : raw)
  if (!id.success) return []
  // Google lists models for other things too.
  const methods = entry['supportedGenerationMethods']
  if (Array.isArray(methods) && !methods.includes('generateContent')) return []
  const name = entry['name'] ?? entry['display_name']
  const title = api === 'google' ? entry['displayName'] : name
  const context =
    entry['context_length'] ?? entry['inputTokenLimit'] ?? entry['max_model_len'] ?? entry['max_input_tokens']
  return [
    {
      id: id.data,
      name: typeof title === 'string' ? title : null,
      contextTokens: typeof context === 'number' && context > 0 ? Math.round(context) : null,
      price: priceIn(entry['pricing']),
    },
  ]
}

/** OpenRouter's: dollars for one token, as text. Negative where it depends on what is chosen. */
function priceIn(pricing: unknown): ModelPrice | null {
  if (!isJsonObject(pricing)) return null
  const perMillion = (value: unknown): number | null => {
    const dollars = typeof value === 'string' || typeof value === 'number' ? Number(value) * 1_000_000 : Number.NaN
    return Number.isFinite(dollars) && dollars >= 0 ? Math.round(dollars * 1e6) / 1e6 : null
  }
  const [input, output] = [perMillion(pricing['prompt']), perMillion(pricing['completion'])]
  if (input === null || output === null) return null
  const [read, write] = [perMillion(pricing['input_cache_read']), perMillion(pricing['input_cache_write'])]
  return {
    inputUsdPerMillion: input,
    outputUsdPerMillion: output,
    ...(read === null ? {} : { cacheReadUsdPerMillion: read }),
    ...(write === null ? {} : { cacheWriteUsdPerMillion: write }),
  }
}
