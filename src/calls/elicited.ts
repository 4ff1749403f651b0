// Approvals that are decided where they were asked for: the client's own program shows a person the question. Maestro
// takes the program's word that it did, so the log says through what it came.

import { type Actor, actorKey, type Clock, type Ids, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Approvals } from './approvals.ts'
import { type Audit, inputSha256 } from './audit.ts'
import type { Approval } from './contract.ts'

export interface ElicitedApprovals {
  /** @throws `not_found` */
  get(id: string): Promise<Approval>
  /** Only of the caller's own question, on record. @throws `not_found`; `conflict` when it was decided already */
  decide(actor: Actor, id: string, isApproved: boolean, via: 'elicitation'): Promise<Approval>
}

export function createElicitedApprovals(deps: {
  store: Store
  approvals: Approvals
  audit: Audit
  clock: Clock
  ids: Ids
}): ElicitedApprovals {
  const { store, approvals, audit, clock, ids } = deps
  return {
    get: (id) => approvals.get(id),
    decide: (actor, id, isApproved, via) =>
      store.tx(async () => {
        const { actor: asker } = await approvals.get(id)
        if (actorKey(asker) !== actorKey(actor)) throw new MaestroError('not_found', `there is no approval "${id}"`)
        const decided = await approvals.decide(actor, id, isApproved, via)
        await audit.append({
          at: clock.now(),
          phase: 'outcome',
          callId: ids('call'),
          traceId: id,
          actor,
          tool: 'approval_decide',
          subject: [`approval:${id}`, `decision:${isApproved ? 'yes' : 'no'}`],
          inputSha256: inputSha256({ approvalId: id, approve: isApproved }),
          decision: 'allow',
          reason: 'a person at the client, by elicitation',
          approvalId: id,
          outcome: 'succeeded',
          errorCode: null,
          durationMs: null,
        })
        return decided
      }),
  }
}
