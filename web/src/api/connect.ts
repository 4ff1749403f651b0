// How MCP clients reach this Maestro, and whether one has.

import { queryOptions } from '@tanstack/react-query'
import { listOf } from '#src/core/contract.ts'
import { AuditRow } from '#src/calls/contract.ts'
import { ConnectGuide } from '#src/mcp/contract.ts'
import { ask } from './api.ts'
import { api } from './paths.ts'

export const profiles = ['default', 'core', 'full', 'compat', 'workflows'] as const
export type Profile = (typeof profiles)[number]

export const connectQuery = (profile: Profile) =>
  queryOptions({
    queryKey: ['connect', profile],
    queryFn: ({ signal }) => ask(ConnectGuide, 'GET', api.connect(profile), undefined, signal),
    staleTime: 60_000,
  })

const looked = 200

/** Calls of programs on record, newest first: is anybody there? */
export const agentCallsQuery = queryOptions({
  queryKey: ['audit', 'agents'],
  queryFn: async ({ signal }) =>
    (await ask(listOf(AuditRow), 'GET', api.audit({ limit: looked }), undefined, signal)).items.filter(
      ({ actor }) => actor.kind === 'client' || actor.kind === 'token',
    ),
  refetchInterval: 5_000,
})
