// What agents may do and did: approvals, rules, the audit log, the brakes.

import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { Approval, AuditPage, AuditReport, Brakes, Rule, StopAll, type NewRule } from '#src/calls/contract.ts'
import { listOf } from '#src/core/contract.ts'
import { ask } from './api.ts'
import { api, type AuditFilter } from './paths.ts'

const ApprovalList = listOf(Approval)
const RuleList = listOf(Rule)

export const policyKeys = {
  approvals: ['approvals'],
  approval: (id: string) => ['approvals', 'one', id],
  rules: ['rules'],
  audit: (filter: AuditFilter) => ['audit', filter],
  brakes: ['brakes'],
} as const

/** The feed tells of a new approval; this is for while it is away. A hidden tab does not ask. */
const askEveryMs = 4_000

export const pendingQuery = queryOptions({
  queryKey: [...policyKeys.approvals, 'pending'],
  queryFn: async ({ signal }) => (await ask(ApprovalList, 'GET', api.approvals('pending'), undefined, signal)).items,
  refetchInterval: askEveryMs,
})

export const approvalsQuery = queryOptions({
  queryKey: [...policyKeys.approvals, 'all'],
  queryFn: async ({ signal }) => (await ask(ApprovalList, 'GET', api.approvals(), undefined, signal)).items,
  refetchInterval: askEveryMs,
})

export const approvalQuery = (id: string) =>
  queryOptions({
    queryKey: policyKeys.approval(id),
    queryFn: ({ signal }) => ask(Approval, 'GET', api.approval(id), undefined, signal),
    refetchInterval: (query) => (query.state.data?.state === 'pending' ? askEveryMs : false),
  })

/** How many calls wait for a person's yes. */
export function useWaitingCount(): number {
  return useQuery(pendingQuery).data?.length ?? 0
}

export function useDecide() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, approve }: { id: string; approve: boolean }) =>
      ask(Approval, 'POST', api.approvalDecision(id), { approve }),
    onSuccess: (approval) => queries.setQueryData(policyKeys.approval(approval.id), approval),
    onSettled: () => queries.invalidateQueries({ queryKey: policyKeys.approvals }),
  })
}

export const rulesQuery = queryOptions({
  queryKey: policyKeys.rules,
  queryFn: async ({ signal }) => (await ask(RuleList, 'GET', api.rules, undefined, signal)).items,
})

export const rules = {
  add: (rule: NewRule) => ask(Rule, 'POST', api.rules, rule),
  remove: (id: string) => ask(z.unknown(), 'DELETE', api.rule(id)),
}

export function useRuleWrite<In, Out>(write: (value: In) => Promise<Out>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSettled: () => queries.invalidateQueries({ queryKey: policyKeys.rules }),
  })
}

const pageSize = 100

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: policyKeys.audit(filter),
    queryFn: ({ signal, pageParam }) =>
      ask(
        AuditPage,
        'GET',
        api.audit({ ...filter, limit: pageSize, ...(pageParam === 0 ? {} : { before: pageParam }) }),
        undefined,
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  })

export const verifyAudit = () => ask(AuditReport, 'POST', api.auditVerify, {})

export const brakesQuery = queryOptions({
  queryKey: policyKeys.brakes,
  queryFn: ({ signal }) => ask(Brakes, 'GET', api.brakes, undefined, signal),
  refetchInterval: 10_000,
})

export function useSetBrakes() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (next: { paused?: boolean; readOnly?: boolean }) => ask(Brakes, 'PUT', api.brakes, next),
    onSuccess: (brakes) => queries.setQueryData(policyKeys.brakes, brakes),
    onError: () => void queries.invalidateQueries({ queryKey: policyKeys.brakes }),
  })
}

export function useStopAll() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => ask(StopAll, 'POST', api.stopAll, {}),
    onSettled: () => queries.invalidateQueries(),
  })
}
