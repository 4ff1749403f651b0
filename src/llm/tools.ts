// Models and keys as tools. Keys go in and never come out.

import { type AnyTool, defineTool } from '#src/core/index.ts'
import { z } from 'zod'
import { ModelId, ModelList, ProviderId, SecretInfo, SecretName } from './contract.ts'
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
      input: z.object({ provider: ProviderId.default('openrouter'), id: ModelId }),
      output: ModelList,
      http: { method: 'post', path: '/models' },
      subject: ({ provider, id }) => modelSubject(provider, id),
      run: (_ctx, { provider, id }) => models.addModel(provider, id),
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
      name: 'secrets_set',
      title: 'Store a secret',
      description:
        'Stores a key, encrypted. It cannot be read back: the answer has its last four characters and who uses it.',
      effect: 'write',
      scope: 'secrets:write',
      input: z.object({ name: SecretName, value: z.string() }),
      output: SecretInfo,
      http: { method: 'put', path: '/secrets/{name}' },
      subject: ({ name }) => [`secret:${name}`],
      run: (_ctx, { name, value }) => models.setSecret(name, value),
    }),
    defineTool({
      name: 'secrets_delete',
      title: 'Delete a secret',
      description: 'Forgets a stored key. A key of the same name in the environment counts again from now on.',
      effect: 'destructive',
      scope: 'secrets:write',
      input: z.object({ name: SecretName }),
      output: SecretInfo,
      http: { method: 'delete', path: '/secrets/{name}' },
      subject: ({ name }) => [`secret:${name}`],
      run: (_ctx, { name }) => models.deleteSecret(name),
    }),
  ]
}
