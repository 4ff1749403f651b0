// MCP servers: asking, writing, testing. A test's answer is kept by the page (last-tests.ts), not by the server.

import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { McpServer, McpServerTest, type McpServerInput } from '#src/agents/contract.ts'
import { listOf } from '#src/core/contract.ts'
import { ask } from './api.ts'
import { ApiError } from './errors.ts'
import { api } from './paths.ts'

const McpServerList = listOf(McpServer)

const key = ['mcp-servers'] as const

export const mcpServersQuery = queryOptions({
  queryKey: key,
  queryFn: async ({ signal }) => (await ask(McpServerList, 'GET', api.mcpServers, undefined, signal)).items,
})

export const mcpServerQuery = (id: string) =>
  queryOptions({
    queryKey: [...key, id],
    queryFn: ({ signal }) => ask(McpServer, 'GET', api.mcpServer(id), undefined, signal),
  })

/** One as it is stored, or one that is being written; of the latter `id` is whose stored secrets count. */
export type TestAsk = { id: string; input?: undefined } | { id?: string | undefined; input: McpServerInput }

export const mcpServers = {
  create: (input: McpServerInput) => ask(McpServer, 'POST', api.mcpServers, input),
  /** @throws `conflict` with `details.current` when the stored version is not `ifVersion`. */
  save: (id: string, input: McpServerInput, ifVersion: string) =>
    ask(McpServer, 'PUT', api.mcpServer(id), { ...input, ifVersion }),
  delete: (id: string) => ask(McpServer, 'DELETE', api.mcpServer(id)),
  test: (what: TestAsk, signal?: AbortSignal) =>
    what.input === undefined
      ? ask(McpServerTest, 'POST', api.mcpServerTest(what.id), {}, signal)
      : ask(
          McpServerTest,
          'POST',
          api.mcpServerTry,
          what.id === undefined ? what.input : { ...what.input, serverId: what.id },
          signal,
        ),
}

const askListAgain = (queries: QueryClient) => queries.invalidateQueries({ queryKey: key, exact: true })

/** A write that answers with the server as it is now stored. */
export function useServerWrite<In>(write: (value: In) => Promise<McpServer>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: (server) => queries.setQueryData(mcpServerQuery(server.id).queryKey, server),
    onSettled: () => void askListAgain(queries),
  })
}

/** What is shown of it stays until one leaves: nothing asks for it again. */
export function useServerDelete() {
  const queries = useQueryClient()
  return useMutation({ mutationFn: mcpServers.delete, onSettled: () => void askListAgain(queries) })
}

/** The server as it is stored now, as a refused save tells it. */
export function conflictingServer(thrown: unknown): McpServer | undefined {
  if (!(thrown instanceof ApiError) || thrown.code !== 'conflict') return undefined
  return McpServer.safeParse(thrown.problem?.details?.['current']).data
}
