// Maistro's models: ids of OpenRouter, one default, one key. Models of other providers are shown by their id too.

import { z } from 'zod'
import { MaestroError, parseOrThrow } from '#src/core/index.ts'
import { ModelId, ModelList } from '#src/llm/contract.ts'
import { readJsonBody } from '../input.ts'
import type { Route } from '../route.ts'
import { type MaistroDeps, maistroRoute, placeholder, unlessMissing } from './maistro-route.ts'
import { isMask, mask, ModelsView, Success } from './shapes.ts'

/** Maistro knew one provider. */
const provider = 'openrouter'
const keyName = 'OPENROUTER_API_KEY'

const sampleModels = ['anthropic/claude-3.7-sonnet', 'openai/o3-mini-high']

const idsOf = ({ items }: ModelList): string[] => [...new Set(items.map(({ id }) => id))]

export function modelRoutes(deps: MaistroDeps): Route[] {
  return [
    maistroRoute(deps, {
      method: 'get',
      path: '/api/models',
      id: 'maistro_models',
      summary: 'List models',
      description: `\`apiKey\` is \`${mask}\` when a key of OpenRouter is stored, else empty; the key itself never comes out.`,
      success: ModelsView,
      example: {
        input: {},
        output: { defaultModel: 'anthropic/claude-3.7-sonnet', availableModels: sampleModels, apiKey: mask },
      },
      async answer(ask) {
        const list = await ask('models_view', {}, ModelList)
        const isSet = list.providers.some(({ id, keySet }) => id === provider && keySet)
        return { defaultModel: list.defaultModel, availableModels: idsOf(list), apiKey: isSet ? mask : '' }
      },
    }),
    maistroRoute(deps, {
      method: 'post',
      path: '/api/models/default',
      id: 'maistro_model_default',
      summary: 'Set the default model',
      description: 'It must be in the list.',
      body: { schema: z.object({ model: ModelId }), isRequired: true },
      success: Success.extend({ defaultModel: z.string() }),
      example: {
        input: { model: 'openai/o3-mini-high' },
        output: { success: true, defaultModel: 'openai/o3-mini-high' },
      },
      async answer(ask, context) {
        const body = await readJsonBody(context.env.incoming)
        const { model } = parseOrThrow(z.object({ model: ModelId }), body, 'the request')
        const { items } = await ask('models_view', {}, ModelList)
        const owners = items.filter(({ id }) => id === model).map((item) => item.provider)
        const owner = owners.find((id) => id === provider) ?? owners[0]
        if (owner === undefined) {
          throw new MaestroError('invalid_input', `model: "${model}" is not in the list of models`, {
            issues: [{ path: 'model', message: 'one of availableModels' }],
          })
        }
        await ask('models_set_default', { provider: owner, model }, z.unknown())
        return { success: true, defaultModel: model }
      },
    }),
    maistroRoute(deps, {
      method: 'post',
      path: '/api/models/apikey',
      id: 'maistro_api_key',
      summary: 'Store the OpenRouter key',
      description: `Encrypted. The mask \`${mask}\` keeps the stored one.`,
      body: { schema: z.object({ apiKey: z.string() }), isRequired: true },
      success: Success.extend({ message: z.string() }),
      example: { input: { apiKey: 'the key itself' }, output: { success: true, message: 'The API key is stored' } },
      async answer(ask, context) {
        const body = await readJsonBody(context.env.incoming)
        const { apiKey } = parseOrThrow(
          z.object({ apiKey: z.string().trim().min(1, 'the key of OpenRouter') }),
          body,
          'the request',
        )
        if (isMask(apiKey)) return { success: true, message: 'The stored API key stays as it is' }
        await ask('secrets_set', { name: keyName, value: apiKey }, z.unknown())
        return { success: true, message: 'The API key is stored' }
      },
    }),
    maistroRoute(deps, {
      method: 'post',
      path: '/api/models',
      id: 'maistro_model_add',
      summary: 'Add a model',
      description: 'A model of OpenRouter, by its id.',
      body: { schema: z.object({ modelId: ModelId }), isRequired: true },
      success: Success.extend({ models: z.array(z.string()) }),
      example: {
        input: { modelId: 'openai/o3-mini-high' },
        output: { success: true, models: sampleModels },
      },
      async answer(ask, context) {
        const body = await readJsonBody(context.env.incoming)
        const { modelId } = parseOrThrow(z.object({ modelId: ModelId }), body, 'the request')
        return { success: true, models: idsOf(await ask('models_add', { provider, id: modelId }, ModelList)) }
      },
    }),
    maistroRoute(deps, {
      method: 'delete',
      path: '/api/models/{modelId}',
      id: 'maistro_model_remove',
      summary: 'Remove a model',
      description: 'The default one is refused. Answers the same when there is none of this id.',
      params: z.object({ modelId: z.string().describe('URL-encoded: openai%2Fo3-mini-high') }),
      success: Success.extend({ models: z.array(z.string()) }),
      example: {
        input: { modelId: 'openai/gpt-4o-2024-11-20' },
        output: { success: true, models: sampleModels },
      },
      async answer(ask, context) {
        const modelId = placeholder(context, 'modelId')
        const list = await ask('models_view', {}, ModelList)
        const owners = list.items.filter(({ id }) => id === modelId).map((item) => item.provider)
        const owner = owners.find((id) => id === provider) ?? owners[0]
        // Asked also for one that is not there: whether the caller may is not known before.
        const ref = { ...(owner === undefined ? {} : { provider: owner }), id: modelId }
        const left = await unlessMissing(() => ask('models_remove', ref, ModelList))
        return { success: true, models: idsOf(left ?? list) }
      },
    }),
  ]
}
