// Who asks, as one text.

import type { Actor } from './contract.ts'

/** Names a caller for good: `client:<name>`, `token:<id>`. Of the owner and of browsers there is one person behind all. */
export function actorKey(actor: Actor): string {
  switch (actor.kind) {
    case 'owner':
    case 'browser':
      return 'owner'
    case 'client':
      return `client:${actor.name}`
    case 'token':
      return `token:${actor.tokenId}`
    case 'run':
      return `run:${actor.runId}`
    case 'system':
      return 'system'
  }
}
