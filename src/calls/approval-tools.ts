// Approvals as tools: what waits for a person, and the person's answer.

import { z } from 'zod'
import { type Actor, actorKey, type AnyTool, defineTool, listOf, MaestroError } from '#src/core/index.ts'
import type { Approvals } from './approvals.ts'
import { isAgent } from './callers.ts'
import { Approval, approvalStates } from './contract.ts'

export interface ApprovalToolsDeps {
  readonly approvals: Approvals
  /** `[]` for a token without limits, undefined for one that is no longer usable. */
  scopesOf(tokenId: string): Promise<readonly string[] | undefined>
}

export function approvalTools({ approvals, scopesOf }: ApprovalToolsDeps): AnyTool[] {
  /** Agents see what they asked themselves; a token without limits stands for a person. */
  const onlyOf = async (actor: Actor): Promise<string | undefined> => {
    if (!isAgent(actor)) return undefined
    const scopes = actor.kind === 'token' ? await scopesOf(actor.tokenId) : undefined
    const seesAll =
      scopes !== undefined && (scopes.length === 0 || scopes.some((scope) => scope.startsWith('approvals:')))
    return seesAll ? undefined : actorKey(actor)
  }

  const getFor = async (actor: Actor, id: string): Promise<Approval> => {
    const approval = await approvals.get(id)
    const only = await onlyOf(actor)
    if (only === undefined || actorKey(approval.actor) === only) return approval
    throw new MaestroError('not_found', `there is no approval "${id}"`, { hint: 'see `maestro approvals`' })
  }

  return [
    defineTool({
      name: 'approval_list',
      title: 'List approvals',
      description: 'Calls that wait for a person, and what was decided in the last 30 days. Newest first.',
      effect: 'read',
      scope: 'approvals:read',
      input: z.object({
        state: z.enum(approvalStates).optional(),
        limit: z.int().min(1).max(500).default(100),
      }),
      output: listOf(Approval),
      http: { method: 'get', path: '/approvals' },
      subject: () => [],
      run: async (ctx, filter) => ({ items: await approvals.list({ ...filter, caller: await onlyOf(ctx.actor) }) }),
    }),
    defineTool({
      name: 'approval_get',
      title: 'Get an approval',
      description: 'Who wants to do what: tool, everything it touches, and its input with secrets masked.',
      effect: 'read',
      scope: 'approvals:read',
      input: z.object({ approvalId: z.string().max(100) }),
      output: Approval,
      http: { method: 'get', path: '/approvals/{approvalId}' },
      subject: ({ approvalId }) => [`approval:${approvalId}`],
      run: (ctx, { approvalId }) => getFor(ctx.actor, approvalId),
    }),
    defineTool({
      name: 'approval_decide',
      title: 'Decide on an approval',
      description:
        'Yes lets that one call pass once, within ten minutes, when the same caller makes it again; no answers it for ten minutes.',
      effect: 'write',
      scope: 'approvals:write',
      input: z.object({ approvalId: z.string().max(100), approve: z.boolean() }),
      output: Approval,
      http: { method: 'post', path: '/approvals/{approvalId}/decision' },
      subject: ({ approvalId, approve }) => [`approval:${approvalId}`, `decision:${approve ? 'yes' : 'no'}`],
      async run(ctx, { approvalId, approve }) {
        const { actor } = await getFor(ctx.actor, approvalId)
        if (approve && isAgent(ctx.actor) && actorKey(actor) === actorKey(ctx.actor)) {
          throw new MaestroError('forbidden', `${approvalId} is this caller's own: it cannot say yes to itself`, {
            hint: 'a person decides at the page or with `maestro approvals` at the machine',
          })
        }
        return approvals.decide(ctx.actor, approvalId, approve, surfaceOf(ctx.actor))
      },
    }),
  ]
}

function surfaceOf(actor: Actor): NonNullable<Approval['decidedVia']> {
  switch (actor.kind) {
    case 'owner':
      return actor.via === 'socket' ? 'cli' : 'page'
    case 'browser':
      return 'page'
    case 'token':
    case 'client':
    case 'run':
    case 'system':
      return 'api'
  }
}
