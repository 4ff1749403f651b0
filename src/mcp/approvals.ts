// A call that needs a person's yes, asked at the client itself where that can show a form. What the client carries
// between its two requests is signed and bound to the caller, the tool, this very input and a time; the yes itself is
// used up by `calls`. Clients exist that announce forms and do not show them: the approval also waits at the page.

import { createHash } from 'node:crypto'
import { acceptedContent, inputRequired, inputResponse } from '@modelcontextprotocol/server'
import { type Ctx, MaestroError, SECOND } from '#src/core/index.ts'
import type { Approval } from '#src/calls/contract.ts'
import { z } from 'zod'
import { canElicit } from './client.ts'
import type { McpPeer, ToolAnswer } from './peer.ts'
import type { McpDeps } from './ports.ts'

const Asked = z.object({
  kind: z.literal('approval'),
  approvalId: z.string(),
  tool: z.string(),
  inputSha256: z.string(),
})
const Yes = z.object({ approve: z.boolean() })
const answerKey = 'approval'

type Peer = Pick<McpPeer, 'clientCan' | 'context' | 'seal'>

/**
 * The question as an answer to the call; undefined when this client cannot show it to anyone.
 * @param error `approval_required`, with `details.approvalId`
 */
export async function askForApproval(
  approvals: McpDeps['approvals'],
  peer: Peer,
  call: { readonly tool: string; readonly input: unknown },
  error: MaestroError,
): Promise<ToolAnswer | undefined> {
  const approvalId = error.details?.['approvalId']
  if (typeof approvalId !== 'string' || !canElicit(peer.clientCan)) return undefined
  const approval = await approvals.get(approvalId)
  return inputRequired({
    inputRequests: {
      [answerKey]: inputRequired.elicit({
        message: questionOf(approval),
        requestedSchema: {
          type: 'object',
          properties: { approve: { type: 'boolean', title: 'Allow this call, once', default: false } },
          required: ['approve'],
        },
      }),
    },
    requestState: await peer.seal({
      kind: 'approval',
      approvalId,
      tool: call.tool,
      inputSha256: hashOf(call.input),
    } satisfies z.infer<typeof Asked>),
  })
}

/**
 * Takes the answer that a repeated call brings; nothing happens for a call that brings none.
 * @throws `forbidden` when the person said no, or the answer is to another call
 */
export async function takeApproval(
  approvals: McpDeps['approvals'],
  ctx: Ctx,
  peer: Peer,
  call: { readonly tool: string; readonly input: unknown },
): Promise<void> {
  // The seal was checked before: by the SDK, with this caller and method.
  const asked = Asked.safeParse(peer.context.mcpReq.requestState())
  if (!asked.success) return
  const { approvalId, tool, inputSha256 } = asked.data
  if (tool !== call.tool || inputSha256 !== hashOf(call.input)) {
    throw new MaestroError('forbidden', 'the approval is for another call than this one', {
      hint: 'repeat the very call that was asked about',
    })
  }
  const responses = peer.context.mcpReq.inputResponses
  if (inputResponse(responses, answerKey).kind !== 'elicit') return
  const isApproved = acceptedContent(responses, answerKey, Yes)?.approve === true
  await approvals.decide(ctx.actor, approvalId, isApproved, 'elicitation')
  if (!isApproved) {
    throw new MaestroError('forbidden', `${tool} was not approved`, { hint: 'do not repeat it; ask the person why' })
  }
}

function questionOf(approval: Approval): string {
  const minutes = Math.max(1, Math.round((approval.expiresAt - approval.createdAt) / (60 * SECOND)))
  return [
    `${approval.title} (${approval.tool}) needs your approval: ${approval.reason}.`,
    ...approval.subject.map((line) => `- ${line}`),
    `Input: ${approval.input.slice(0, 2_000)}${approval.input.length > 2_000 || approval.isInputCut ? '…' : ''}`,
    `It can be decided within ${minutes} min, here or in Maestro.`,
  ].join('\n')
}

function hashOf(input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(input ?? {}))
    .digest('hex')
}
