// What surfaces show about models and the keys they need. Browser-safe; no key is ever part of it.

import { z } from 'zod'
import { Timestamp } from '../core/contract.ts'

const providerIds = ['openrouter', 'openai', 'anthropic', 'google', 'ollama'] as const
export const ProviderId = z.enum(providerIds)
export type ProviderId = z.infer<typeof ProviderId>

/** A provider's own name for a model, such as `anthropic/claude-3.7-sonnet`. */
export const ModelId = z
  .string()
  .trim()
  .regex(/^[!-~]{1,200}$/, 'a model id such as anthropic/claude-3.7-sonnet: no spaces, at most 200 characters')
export type ModelId = z.infer<typeof ModelId>

export const ProviderInfo = z.object({
  id: ProviderId,
  title: z.string(),
  /** The name of its secret, also of its environment variable; null when it needs none. */
  keyName: z.string().nullable(),
  keySet: z.boolean(),
  /** The key's last 4 characters, when it has at least 12. */
  keyHint: z.string().nullable(),
  /** A key in the settings wins over one in the environment. */
  keyFrom: z.enum(['settings', 'environment']).nullable(),
  /** Null: the provider's usual address. */
  baseUrl: z.string().nullable(),
})
export type ProviderInfo = z.infer<typeof ProviderInfo>

export const ModelList = z.object({
  items: z.array(z.object({ provider: ProviderId, id: z.string(), isDefault: z.boolean() })),
  /** Of the default model; both null when there is none. */
  provider: ProviderId.nullable(),
  defaultModel: z.string().nullable(),
  providers: z.array(ProviderInfo),
})
export type ModelList = z.infer<typeof ModelList>

/** As an environment variable is named, so that one name serves settings and environment. */
export const SecretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,63}$/, 'a name such as OPENROUTER_API_KEY: capital letters, digits and _')
export type SecretName = z.infer<typeof SecretName>

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
