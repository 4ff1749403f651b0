// What became of an approval: a shape and a word, and what that means.

import type { Approval } from '#src/calls/contract.ts'
import { Mark } from '../../ui/mark.tsx'
import type { State } from '../../ui/status.ts'

const marks: Record<Approval['state'], { word: string; like: State }> = {
  pending: { word: 'Waits', like: 'waiting' },
  approved: { word: 'Approved', like: 'succeeded' },
  used: { word: 'Approved and used', like: 'succeeded' },
  denied: { word: 'Denied', like: 'failed' },
  expired: { word: 'Expired', like: 'skipped' },
}

export function StateMark({ state, className }: { state: Approval['state']; className?: string }) {
  return <Mark {...marks[state]} className={className} />
}

export function stateWords({ state }: Approval): string {
  switch (state) {
    case 'pending':
      return 'It waits.'
    case 'approved':
      return 'The caller may make this call once within ten minutes; it has not yet.'
    case 'used':
      return 'The caller made the call.'
    case 'denied':
      return 'The caller was told no.'
    case 'expired':
      return 'Its time ran out. When the caller tries again, it asks again.'
  }
}
