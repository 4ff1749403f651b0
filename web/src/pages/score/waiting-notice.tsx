// On the Score while a call waits for a person's yes: who wants what, and how long there is.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ShieldQuestionMark } from 'lucide-react'
import { route } from '../../api/paths.ts'
import { pendingQuery } from '../../api/policy.ts'
import { actorSubject } from '../../lib/actor.ts'
import { ticking } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { buttonClass } from '../../ui/button.tsx'
import { describe } from '../approvals/describe.ts'

export function WaitingNotice() {
  const waiting = useQuery(pendingQuery).data ?? []
  const [first, ...more] = [...waiting].sort((a, b) => a.expiresAt - b.expiresAt)
  const now = useNow(first === undefined ? null : 1_000)
  if (first === undefined) return null
  const { wish, parts } = describe(first)
  return (
    <section
      aria-label="Waiting for your yes"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-waiting-wash py-2 pl-4 pr-2"
    >
      <ShieldQuestionMark className="size-5 shrink-0 text-waiting" aria-hidden="true" />
      <p className="min-w-0 flex-1 basis-60">
        <span className="font-medium">
          {actorSubject(first.actor)} {wish}
        </span>
        {parts[0] !== undefined && parts[0].text !== '' && (
          <span className="block truncate font-mono text-xs text-soft">{parts[0].text.split('\n')[0]}</span>
        )}
        <span className="block text-sm text-soft">
          Waits for your yes, <span className="tabular-nums">{ticking(first.expiresAt - now)}</span> left
          {more.length > 0 && `, and ${more.length} more`}.
        </span>
      </p>
      <Link to={route.approvals} className={buttonClass('plain', true)}>
        Open approvals
      </Link>
    </section>
  )
}
