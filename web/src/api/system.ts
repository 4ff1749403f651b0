// What a person asks about the installation itself: its health, its tokens, its secrets.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { DoctorReport } from '#src/app/contract.ts'
import { MadeToken, TokenInfo } from '#src/auth/contract.ts'
import { listOf } from '#src/core/contract.ts'
import { StoredSecret } from '#src/llm/contract.ts'
import { ask } from './api.ts'
import { api } from './paths.ts'

const TokenList = listOf(TokenInfo)
const SecretList = listOf(StoredSecret)

export const doctorQuery = queryOptions({
  queryKey: ['doctor'],
  queryFn: async ({ signal }) => (await ask(DoctorReport, 'GET', api.doctor, undefined, signal)).checks,
  // It starts programs to look at them.
  staleTime: 60_000,
})

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await ask(TokenList, 'GET', api.tokens, undefined, signal)).items,
})

export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: async ({ signal }) => (await ask(SecretList, 'GET', api.secrets, undefined, signal)).items,
})

export interface TokenAsk {
  name: string
  days?: number
  readOnly: boolean
}

export const tokens = {
  create: (input: TokenAsk) => ask(MadeToken, 'POST', api.tokens, input),
  revoke: (id: string) => ask(TokenInfo, 'DELETE', api.token(id)),
}

export function useTokenWrite<In, Out>(write: (value: In) => Promise<Out>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: write, onSettled: () => void queries.invalidateQueries({ queryKey: ['tokens'] }) })
}
