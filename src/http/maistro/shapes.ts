// Requests and answers of Maistro's HTTP API as its clients know them, and the mask that stands for a secret.

import { z } from 'zod'
import { Slug } from '#src/core/index.ts'

/** Stands where a stored value is, and means "as it is" when a client sends it back. */
export const mask = '********'

/** Also what other clients write for "hidden". */
export const isMask = (value: string): boolean => /^[*•●]{3,}$/.test(value)

export const ConfigId = Slug.describe('such as config-1700000000000')

/** What a client may call a folder. */
const FolderText = z.string().max(500)

const Prompt = z.object({
  text: z.string(),
  mcpServerIds: z.array(z.string()),
  /** Null: the default model. */
  model: z.string().nullable(),
})
export type Prompt = z.infer<typeof Prompt>

const Trigger = z.object({ enabled: z.boolean(), configId: z.string(), preserveSession: z.boolean() })

/** What GET gives: a workflow in Maistro's words. */
export const Config = z.looseObject({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  prompts: z.array(Prompt),
  trigger: Trigger.optional(),
  schedule: z.looseObject({ enabled: z.boolean().optional() }).optional(),
})
export type Config = z.infer<typeof Config>

const PromptInput = z.union(
  [
    z.string(),
    z.looseObject({
      text: z.string(),
      mcpServerIds: z.array(z.string()).nullish(),
      model: z.string().nullish(),
    }),
  ],
  'a text, or {"text", "mcpServerIds", "model"}',
)
export type PromptInput = z.output<typeof PromptInput>

/** What POST takes. As Maistro's own page sends it; what it does not name is kept or defaulted. */
export const ConfigInput = z.looseObject({
  /** Chosen by the client; without one a new configuration gets one. */
  id: ConfigId.optional(),
  name: z.string().trim().min(1, 'a name').max(500),
  path: FolderText.nullish(),
  prompts: z.array(PromptInput).min(1, 'at least one prompt').max(200),
  trigger: z
    .looseObject({
      enabled: z.boolean().optional(),
      configId: z.string().nullish(),
      preserveSession: z.boolean().optional(),
    })
    .nullish(),
  schedule: z.looseObject({ enabled: z.boolean().optional() }).nullish(),
})
export type ConfigInput = z.output<typeof ConfigInput>

export const FolderRow = z.object({
  name: z.string(),
  path: z.string(),
  parentPath: z.string(),
  isFolder: z.literal(true),
})
export type FolderRow = z.infer<typeof FolderRow>

/** `args` is one line and `env` a map, as Maistro had them; values are masked unless they are no secrets. */
export const ServerRow = z.object({
  id: z.string(),
  name: z.string(),
  command: z.string(),
  args: z.string(),
  env: z.record(z.string(), z.string()),
  description: z.string(),
  defaultEnabled: z.boolean(),
})
export type ServerRow = z.infer<typeof ServerRow>

export const ServerInput = z.looseObject({
  id: Slug.describe('such as mcp-server-1700000000000').optional(),
  name: z.string().trim().min(1, 'a name').max(200),
  command: z.string().trim().max(4_096),
  args: z.union([z.string(), z.array(z.string())], 'one line of arguments, or a list').nullish(),
  env: z.record(z.string(), z.string(), 'a map of names to texts').nullish(),
  description: z.string().max(10_000).nullish(),
  defaultEnabled: z.boolean().nullish(),
})
export type ServerInput = z.output<typeof ServerInput>

export const ModelsView = z.object({
  defaultModel: z.string().nullable(),
  availableModels: z.array(z.string()),
  /** The mask when a key of OpenRouter is there, else empty. */
  apiKey: z.string(),
})

export const Success = z.object({ success: z.literal(true) })
export const Failure = z.object({ error: z.string() })
