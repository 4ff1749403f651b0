// Models, their providers, what they cost and what they may cost. One answer tells most of it, so a write to
// any of it asks for all of it again.

import { keepPreviousData, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import {
  Budget,
  ModelList,
  ModelPrice,
  ProviderInfo,
  ProviderTest,
  Spend,
  type ModelRef,
  type ProviderInput,
} from '#src/llm/contract.ts'
import { ask } from './api.ts'
import { api } from './paths.ts'
import { keys } from './queries.ts'

/** What a provider says it offers. */
const Offer = z.object({
  id: z.string(),
  name: z.string().nullable(),
  contextTokens: z.int().nullable(),
  price: ModelPrice.nullable(),
})
export type Offer = z.infer<typeof Offer>
const Offers = z.object({ items: z.array(Offer) })

export interface ProviderChange {
  title?: string
  /** Null: the usual address again. */
  baseUrl?: string | null
  needsKey?: boolean
}

export const models = {
  setDefault: ({ provider, id }: ModelRef) => ask(ModelList, 'PUT', api.defaultModel, { provider, model: id }),
  add: (model: ModelRef & { price?: ModelPrice | null }) => ask(ModelList, 'POST', api.models, model),
  setPrice: (model: ModelRef & { price: ModelPrice | null }) => ask(ModelList, 'PATCH', api.models, model),
  remove: ({ provider, id }: ModelRef) => ask(ModelList, 'DELETE', api.model(provider, id)),
  setFallbacks: (fallbacks: readonly ModelRef[]) => ask(ModelList, 'PUT', api.fallbackModels, { fallbacks }),
}

export const providers = {
  create: (input: ProviderInput & { apiKey?: string }) => ask(ProviderInfo, 'POST', api.providers, input),
  update: ({ id, ...change }: ProviderChange & { id: string }) => ask(ProviderInfo, 'PATCH', api.provider(id), change),
  delete: (id: string) => ask(ProviderInfo, 'DELETE', api.provider(id)),
  /** Without values: as it is stored. */
  test: (id: string, unsaved: { apiKey?: string; baseUrl?: string } = {}, signal?: AbortSignal) =>
    ask(ProviderTest, 'POST', api.providerTest(id), unsaved, signal),
}

export const setBudget = (budget: Budget) => ask(Budget, 'PUT', api.budget, budget)

export const spendQuery = (days: number) =>
  queryOptions({
    queryKey: ['spend', days],
    queryFn: ({ signal }) => ask(Spend, 'GET', api.spend(days), undefined, signal),
    placeholderData: keepPreviousData,
  })

export const offersQuery = (provider: string) =>
  queryOptions({
    queryKey: ['provider', provider, 'models'],
    queryFn: async ({ signal }) => (await ask(Offers, 'GET', api.providerModels(provider), undefined, signal)).items,
    staleTime: 10 * 60_000,
    retry: false,
  })

/** Also asks again for what models and keys decide elsewhere: agents, the doctor's findings, spend. */
const askModelsAgain = (queries: QueryClient) =>
  Promise.all(
    [keys.models, keys.agents, ['provider'], ['spend'], ['doctor'], ['secrets']].map((queryKey) =>
      queries.invalidateQueries({ queryKey }),
    ),
  )

/** Any write to providers, budgets or secrets. Does not wait for what is asked for again. */
export function useModelsWrite<In, Out>(write: (value: In) => Promise<Out>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: write, onSettled: () => void askModelsAgain(queries) })
}

/** A write that answers with the whole list, which is shown at once. */
export function useListWrite<In>(write: (value: In) => Promise<ModelList>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: (list) => queries.setQueryData(keys.models, list),
    onSettled: () => void askModelsAgain(queries),
  })
}
