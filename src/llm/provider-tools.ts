// Providers as tools: the list, adding, moving, removing, and asking one whether it answers.

import { type AnyTool, defineTool } from '#src/core/index.ts'
import { listOf } from '../core/contract.ts'
import { z } from 'zod'
import {
  BaseUrl,
  OfferedModel,
  ProviderId,
  ProviderInfo,
  ProviderInput,
  ProviderPatch,
  ProviderTest,
} from './contract.ts'
import type { ProviderCheck } from './provider-check.ts'
import type { ProviderList } from './provider-list.ts'

const OneProvider = z.object({ providerId: ProviderId })
const subject = ({ providerId }: { providerId: string }): string[] => [`provider:${providerId}`]

export function providerTools(providers: ProviderList, check: ProviderCheck): AnyTool[] {
  return [
    defineTool({
      name: 'provider_list',
      title: 'List model providers',
      description: 'The providers of models: where each is reached, on which wire, and whether its key is set.',
      effect: 'read',
      scope: 'models:read',
      input: z.object({}),
      output: listOf(ProviderInfo),
      http: { method: 'get', path: '/providers' },
      subject: () => [],
      run: async () => ({ items: await providers.listProviders() }),
    }),
    defineTool({
      name: 'provider_create',
      title: 'Add a model provider',
      description:
        'Adds a provider by its base URL: anything that speaks OpenAI’s chat completions, or one of the other wires. A taken id is `conflict`.',
      effect: 'write',
      scope: 'models:write',
      input: ProviderInput.extend({ id: ProviderId.optional(), apiKey: z.string().optional() }),
      output: ProviderInfo,
      http: { method: 'post', path: '/providers', status: 201 },
      subject: ({ id, baseUrl }) => [`provider:${id ?? '*'}`, `url:${baseUrl}`],
      run: (_ctx, input) => providers.createProvider(input),
    }),
    defineTool({
      name: 'provider_update',
      title: 'Change a model provider',
      description:
        'Moves a provider to another base URL, renames it, sets or deletes its key. Of a built-in one only base URL and key can change; a null base URL is its usual one again.',
      effect: 'write',
      scope: 'models:write',
      input: OneProvider.extend(ProviderPatch.shape),
      output: ProviderInfo,
      http: { method: 'patch', path: '/providers/{providerId}' },
      subject: ({ providerId, baseUrl }) => [
        `provider:${providerId}`,
        ...(typeof baseUrl === 'string' ? [`url:${baseUrl}`] : []),
      ],
      run: (_ctx, { providerId, ...changes }) => providers.updateProvider(providerId, changes),
    }),
    defineTool({
      name: 'provider_delete',
      title: 'Remove a model provider',
      description:
        'Forgets a provider that was added, and its key. Built-in ones stay (`invalid_input`); one with models in the list is `conflict`.',
      effect: 'destructive',
      scope: 'models:write',
      input: OneProvider,
      output: ProviderInfo,
      http: { method: 'delete', path: '/providers/{providerId}' },
      subject,
      run: (_ctx, { providerId }) => providers.deleteProvider(providerId),
    }),
    defineTool({
      name: 'provider_test',
      title: 'Test a model provider',
      description:
        'Asks a provider for the state of the key or its list of models, which costs nothing, and says in words what was found. `apiKey` and `baseUrl` may be values that are not saved yet; a stored key goes to the stored address only.',
      effect: 'read',
      scope: 'models:write',
      input: OneProvider.extend({ apiKey: z.string().optional(), baseUrl: BaseUrl.optional() }),
      output: ProviderTest,
      http: { method: 'post', path: '/providers/{providerId}/test' },
      subject,
      run: (_ctx, { providerId, ...given }) => check.test(providerId, given),
    }),
    defineTool({
      name: 'provider_models',
      title: 'List a provider’s models',
      description:
        'The models that a provider offers, with name, context and price where it tells them. Kept for 10 minutes; `unavailable` says what is wrong.',
      effect: 'read',
      scope: 'models:read',
      input: OneProvider,
      output: listOf(OfferedModel),
      http: { method: 'get', path: '/providers/{providerId}/models' },
      subject,
      run: async (_ctx, { providerId }) => ({ items: await check.models(providerId) }),
    }),
  ]
}
