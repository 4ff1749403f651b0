// The list of models as tools.

import { type AnyTool, defineTool } from '#src/core/index.ts'
import { z } from 'zod'
import { ModelId, ModelList, ModelPrice, ModelRef, ProviderId } from './contract.ts'
import type { Models } from './models.ts'

/** Left out, it is the provider that has the model. */
const AnyProvider = ProviderId.optional()
const modelSubject = (provider: string | undefined, id: string): string[] => [`model:${provider ?? '*'}/${id}`]

export function modelTools(models: Models): AnyTool[] {
  return [
    defineTool({
      name: 'models_view',
      title: 'Show models',
      description:
        'The models to choose from, the default one, and for each provider whether its key is set and from where.',
      effect: 'read',
      scope: 'models:read',
      input: z.object({}),
      output: ModelList,
      http: { method: 'get', path: '/models' },
      subject: () => [],
      run: () => models.view(),
    }),
    defineTool({
      name: 'models_set_default',
      title: 'Set the default model',
      description: 'The model of every prompt that names none. It must be in the list: `not_found` when it is not.',
      effect: 'write',
      scope: 'models:write',
      input: z.object({ provider: AnyProvider, model: ModelId }),
      output: ModelList,
      http: { method: 'put', path: '/models/default' },
      subject: ({ provider, model }) => modelSubject(provider, model),
      run: (_ctx, { provider, model }) => models.setDefault(provider ?? null, model),
    }),
    defineTool({
      name: 'models_add',
      title: 'Add a model',
      description: 'Adds a model of a provider to the list; one that is there already stays as it is.',
      effect: 'write',
      scope: 'models:write',
      // Maistro's models are all OpenRouter's: its clients name no provider.
      input: z.object({
        provider: ProviderId.default('openrouter'),
        id: ModelId,
        price: ModelPrice.nullable().optional(),
      }),
      output: ModelList,
      http: { method: 'post', path: '/models' },
      subject: ({ provider, id }) => modelSubject(provider, id),
      run: (_ctx, { provider, id, price }) => models.addModel(provider, id, price ?? null),
    }),
    defineTool({
      name: 'models_update',
      title: 'Change a model',
      description:
        'Sets what a model costs, in US dollars for a million tokens, for providers that do not tell what a call costs. Null forgets it.',
      effect: 'write',
      scope: 'models:write',
      input: z.object({ provider: AnyProvider, id: ModelId, price: ModelPrice.nullable() }),
      output: ModelList,
      http: { method: 'patch', path: '/models' },
      subject: ({ provider, id }) => modelSubject(provider, id),
      run: (_ctx, { provider, id, price }) => models.updateModel(provider ?? null, id, price),
    }),
    defineTool({
      name: 'models_remove',
      title: 'Remove a model',
      description: 'Takes a model from the list. The default one is refused with `conflict`.',
      effect: 'destructive',
      scope: 'models:write',
      input: z.object({ provider: AnyProvider, id: ModelId }),
      output: ModelList,
      http: { method: 'delete', path: '/models' },
      subject: ({ provider, id }) => modelSubject(provider, id),
      run: (_ctx, { provider, id }) => models.removeModel(provider ?? null, id),
    }),
    defineTool({
      name: 'models_set_fallbacks',
      title: 'Set the fallback models',
      description:
        'The models that are tried, in this order, when a step’s own fails for a reason that another may not have. Replaces the list.',
      effect: 'write',
      scope: 'models:write',
      input: z.object({ fallbacks: z.array(ModelRef).max(10, 'at most 10 models') }),
      output: ModelList,
      http: { method: 'put', path: '/models/fallbacks' },
      subject: ({ fallbacks }) => fallbacks.flatMap(({ provider, id }) => modelSubject(provider, id)),
      run: (_ctx, { fallbacks }) => models.setFallbacks(fallbacks),
    }),
  ]
}
