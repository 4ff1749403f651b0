// What the page asks for and how answers are kept: keys, queries and mutations. State lives on the
// server; after a write the answer, or a fresh question, replaces what was shown.

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  QueryCache,
  QueryClient,
  MutationCache,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import type { Run, Workflow, WorkflowInput } from '#src/workflows/contract.ts'
import { client } from './api.ts'
import { ApiError } from './errors.ts'
import type { RunFilter } from './paths.ts'

export const keys = {
  session: ['session'],
  workflows: ['workflows'],
  workflow: (id: string) => ['workflow', id],
  runs: (filter: RunFilter) => ['runs', filter],
  run: (id: string) => ['run', id],
  modelCalls: (id: string) => ['run', id, 'calls'],
  agents: ['agents'],
  install: (id: string) => ['install', id],
  models: ['models'],
} as const

/** `onSignedOut` is called whenever any answer says so. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (thrown: unknown) => {
    if (thrown instanceof ApiError && thrown.code === 'unauthenticated') onSignedOut()
  }
  return new QueryClient({
    // The session's own query already knows; telling it would make it ask again, for ever.
    queryCache: new QueryCache({ onError: (thrown, query) => query.queryKey[0] !== keys.session[0] && watch(thrown) }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (count, thrown) => thrown instanceof ApiError && thrown.code === 'offline' && count < 3,
      },
    },
  })
}

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => client.session(signal),
  staleTime: 60_000,
})
export const workflowsQuery = queryOptions({
  queryKey: keys.workflows,
  queryFn: ({ signal }) => client.workflows(signal),
})
export const workflowQuery = (id: string) =>
  queryOptions({ queryKey: keys.workflow(id), queryFn: ({ signal }) => client.workflow(id, signal) })
export const runQuery = (id: string) =>
  queryOptions({ queryKey: keys.run(id), queryFn: ({ signal }) => client.run(id, signal) })
export const modelCallsQuery = (id: string) =>
  queryOptions({ queryKey: keys.modelCalls(id), queryFn: ({ signal }) => client.modelCalls(id, signal) })
export const agentsQuery = queryOptions({ queryKey: keys.agents, queryFn: ({ signal }) => client.agents(signal) })
export const modelsQuery = queryOptions({ queryKey: keys.models, queryFn: ({ signal }) => client.models(signal) })

const pageSize = 100

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: keys.runs(filter),
    queryFn: ({ signal, pageParam }) =>
      client.runs({ ...filter, limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // The live feed keeps these lists fresh; asking again for every page on focus would not be cheap.
    staleTime: 60_000,
  })

export function useStartRun() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (workflowId: string) => client.startRun(workflowId, crypto.randomUUID()),
    onSuccess: (run) => tookUpRun(queries, run),
  })
}

export function useRunDo() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (act: { id: string; verb: 'cancel' | 'resume' | 'rerun'; fromStep?: number }) =>
      client.runDo(act.id, act.verb, act.fromStep),
    onSuccess: (run) => tookUpRun(queries, run),
  })
}

function tookUpRun(queries: QueryClient, run: Run) {
  queries.setQueryData(keys.run(run.id), run)
  void queries.invalidateQueries({ queryKey: ['runs'] })
  void queries.invalidateQueries({ queryKey: keys.workflows })
}

export function useSaveWorkflow() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({
      id,
      input,
      ifVersion,
    }: {
      id: string | undefined
      input: WorkflowInput
      ifVersion: string
    }): Promise<Workflow> =>
      id === undefined ? client.createWorkflow(input) : client.saveWorkflow(id, input, ifVersion),
    onSuccess: (workflow) => {
      queries.setQueryData(keys.workflow(workflow.id), workflow)
      void queries.invalidateQueries({ queryKey: keys.workflows })
    },
  })
}
