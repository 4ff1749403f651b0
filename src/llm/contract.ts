// What surfaces show about models and the keys they need. Browser-safe; no key is ever part of it.

import { z } from 'zod'
import { Slug, Timestamp } from '../core/contract.ts'

/** The providers that every Maestro knows. Others are added by their address. */
export const builtInProviderIds = ['openrouter', 'openai', 'anthropic', 'google', 'ollama'] as const
export type BuiltInProviderId = (typeof builtInProviderIds)[number]

/** One of the built-in ids, or the id of a provider that somebody added. */
export const ProviderId = Slug
export type ProviderId = z.infer<typeof ProviderId>

/** The wire a provider speaks: which adapter talks to it, and where the usage stands in its answers. */
export const ProviderApi = z.enum(builtInProviderIds)
export type ProviderApi = z.infer<typeof ProviderApi>

/** A provider's own name for a model, such as `anthropic/claude-3.7-sonnet`. */
export const ModelId = z
  .string()
  .trim()
  .regex(/^[!-~]{1,200}$/, 'a model id such as anthropic/claude-3.7-sonnet: no spaces, at most 200 characters')
export type ModelId = z.infer<typeof ModelId>

export const ModelRef = z.object({ provider: ProviderId, id: ModelId })
export type ModelRef = z.infer<typeof ModelRef>

/** An http or https address, without user, query and fragment. */
export const BaseUrl = z
  .url({ protocol: /^https?$/, error: 'an http:// or https:// address, such as https://api.example.com/v1' })
  .max(2_000)
  .refine((text) => {
    if (!URL.canParse(text)) return true
    const { username, password, search, hash } = new URL(text)
    return username + password + search + hash === ''
  }, 'an address without user, password, ? and #: a key goes into its own field')
export type BaseUrl = z.infer<typeof BaseUrl>

/** As an environment variable is named, so that one name serves settings and environment. */
export const SecretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,63}$/, 'a name such as OPENROUTER_API_KEY: capital letters, digits and _')
export type SecretName = z.infer<typeof SecretName>

export const ProviderInfo = z.object({
  id: ProviderId,
  title: z.string(),
  api: ProviderApi,
  isBuiltIn: z.boolean(),
  /** The name of its secret, also of its environment variable; null when it needs none. */
  keyName: z.string().nullable(),
  keySet: z.boolean(),
  /** The key's last 4 characters, when it has at least 12. */
  keyHint: z.string().nullable(),
  /** A key in the settings wins over one in the environment. */
  keyFrom: z.enum(['settings', 'environment']).nullable(),
  /** Where a person gets a key. */
  keyPage: z.string().nullable(),
  /** Null: the provider's usual address. */
  baseUrl: z.string().nullable(),
  baseUrlFrom: z.enum(['settings', 'environment', 'default']),
  /** How many models of the list are its. */
  modelCount: z.int(),
})
export type ProviderInfo = z.infer<typeof ProviderInfo>

/** A provider of one's own: anything that speaks OpenAI's chat completions (or one of the other wires). */
export const ProviderInput = z.object({
  title: z.string().trim().min(1, 'a name').max(100),
  api: ProviderApi.default('openai'),
  baseUrl: BaseUrl,
  needsKey: z.boolean().default(true),
})
export type ProviderInput = z.input<typeof ProviderInput>

/** What can change of a provider; of a built-in one only its address and its key. */
export const ProviderPatch = z.object({
  title: z.string().trim().min(1, 'a name').max(100).optional(),
  api: ProviderApi.optional(),
  /** Null: a built-in provider's usual address again. */
  baseUrl: BaseUrl.nullable().optional(),
  needsKey: z.boolean().optional(),
  /** Goes in and never comes out. Null deletes the stored one. */
  apiKey: z.string().nullable().optional(),
})
export type ProviderPatch = z.infer<typeof ProviderPatch>

/** What a test of a provider found. Costs nothing: it asks for the key's state or the list of models. */
export const ProviderTest = z.object({
  ok: z.boolean(),
  durationMs: z.int().nonnegative(),
  /** The address that was asked. */
  url: z.string(),
  httpStatus: z.int().nullable(),
  /** One sentence for people: what was found, or what failed and what was seen. */
  message: z.string(),
  hint: z.string().nullable(),
  /** The provider's model ids, when it told them; at most 1,000. */
  models: z.array(z.string()),
})
export type ProviderTest = z.infer<typeof ProviderTest>

/** US dollars for a million tokens. */
export const ModelPrice = z.object({
  inputUsdPerMillion: z.number().nonnegative(),
  outputUsdPerMillion: z.number().nonnegative(),
  cacheReadUsdPerMillion: z.number().nonnegative().optional(),
  cacheWriteUsdPerMillion: z.number().nonnegative().optional(),
})
export type ModelPrice = z.infer<typeof ModelPrice>

/** A model as its provider offers it. */
export const OfferedModel = z.object({
  id: z.string(),
  name: z.string().nullable(),
  contextTokens: z.int().positive().nullable(),
  price: ModelPrice.nullable(),
})
export type OfferedModel = z.infer<typeof OfferedModel>

export const ModelList = z.object({
  items: z.array(
    z.object({
      provider: ProviderId,
      id: z.string(),
      isDefault: z.boolean(),
      /** Entered by a person; null: the provider's own figure counts, where it gives one. */
      price: ModelPrice.nullable(),
    }),
  ),
  /** Of the default model; both null when there is none. */
  provider: ProviderId.nullable(),
  defaultModel: z.string().nullable(),
  /** Tried in this order when a step's model fails for a reason that another model may not have. */
  fallbacks: z.array(ModelRef),
  providers: z.array(ProviderInfo),
})
export type ModelList = z.infer<typeof ModelList>

/** Limits on money. Null: no limit. */
export const Budget = z.object({
  /** Of all model calls of a calendar month (UTC). */
  monthlyUsd: z.number().positive().max(1_000_000).nullable(),
  /** Of a run whose workflow names no limit. */
  perRunUsd: z.number().positive().max(1_000_000).nullable(),
})
export type Budget = z.infer<typeof Budget>

/** Sums over model calls. `unknownCalls`: calls whose cost nobody told us; they are not in `costUsd`. */
export const SpendSum = z.object({
  costUsd: z.number().nonnegative(),
  calls: z.int().nonnegative(),
  unknownCalls: z.int().nonnegative(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
})
export type SpendSum = z.infer<typeof SpendSum>

export const Spend = z.object({
  today: SpendSum,
  month: SpendSum,
  budget: Budget,
  /** Oldest first, every day of the range, UTC, as `2026-01-31`. */
  days: z.array(SpendSum.extend({ date: z.string() })),
  models: z.array(SpendSum.extend({ provider: z.string(), model: z.string() })),
  workflows: z.array(SpendSum.extend({ workflowId: z.string().nullable() })),
})
export type Spend = z.infer<typeof Spend>

/** One call of a model through the gateway. */
export const ModelCall = z.object({
  id: z.string(),
  runId: z.string().nullable(),
  turnId: z.string().nullable(),
  provider: z.string(),
  model: z.string(),
  status: z.enum(['open', 'ok', 'failed', 'refused', 'cut_off']),
  httpStatus: z.int().nullable(),
  inputTokens: z.int().nonnegative().nullable(),
  outputTokens: z.int().nonnegative().nullable(),
  cacheReadTokens: z.int().nonnegative().nullable(),
  cacheWriteTokens: z.int().nonnegative().nullable(),
  costUsd: z.number().nonnegative().nullable(),
  /** Who said what it cost: the provider, or the price in the list of models. */
  costFrom: z.enum(['provider', 'price']).nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
})
export type ModelCall = z.infer<typeof ModelCall>

/** What is said about a secret; never its value. */
export const SecretInfo = z.object({
  name: SecretName,
  isSet: z.boolean(),
  hint: z.string().nullable(),
  /** Titles of the providers that use it. Empty: Maestro itself reads it nowhere. */
  usedBy: z.array(z.string()),
})
export type SecretInfo = z.infer<typeof SecretInfo>

/** A row of the list of stored secrets. */
export const StoredSecret = z.object({
  name: z.string(),
  /** Its last 4 characters, when it has at least 12. */
  hint: z.string().nullable(),
  updatedAt: Timestamp,
})
export type StoredSecret = z.infer<typeof StoredSecret>
