// Calls that wait for a person's yes, the oldest first; below, what was decided. What is decided here stays in its
// place until one leaves, and the focus goes to the next card, never to a button.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Approval } from '#src/calls/contract.ts'
import { route } from '../../api/paths.ts'
import { approvalsQuery, useDecide } from '../../api/policy.ts'
import { Page } from '../../app/page.tsx'
import { isTyping } from '../../app/shortcuts.ts'
import { actorSubject } from '../../lib/actor.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { Ago, Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { buttonClass, Kbd } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { describe } from './describe.ts'
import { StateMark } from './state-mark.tsx'

/** A second key right after a decision was meant for the card before. */
const settleMs = 600

export function ApprovalsPage() {
  const list = useQuery(approvalsQuery)
  const decide = useDecide()
  const toasts = useToasts()
  /** Shown as cards in this visit, in their order. */
  const [shown, setShown] = useState<readonly string[]>([])
  const cards = useRef(new Map<string, HTMLElement>())
  const isSettling = useRef(false)

  const items = list.data ?? []
  const waiting = items.filter((each) => each.state === 'pending').sort((a, b) => a.createdAt - b.createdAt)
  const fresh = waiting.filter((each) => !shown.includes(each.id)).map((each) => each.id)
  const freshKey = fresh.join(' ')
  useEffect(() => {
    // New ones come below: nothing that is on show moves.
    if (freshKey !== '') setShown((old) => [...old, ...freshKey.split(' ').filter((id) => !old.includes(id))])
  }, [freshKey])

  const onCards = shown.flatMap((id) => items.find((each) => each.id === id) ?? [])
  const history = items.filter((each) => each.state !== 'pending' && !shown.includes(each.id))

  const focusCard = (id: string | undefined) => {
    if (id === undefined) return
    const card = cards.current.get(id)
    card?.focus()
    card?.scrollIntoView({ block: 'nearest' })
  }

  function onDecide(approval: Approval, approve: boolean) {
    if (decide.isPending || isSettling.current) return
    isSettling.current = true
    setTimeout(() => (isSettling.current = false), settleMs)
    const at = onCards.indexOf(approval)
    const next = [...onCards.slice(at + 1), ...onCards.slice(0, at)].find((each) => each.state === 'pending')
    decide.mutate(
      { id: approval.id, approve },
      {
        onSuccess: () => focusCard(next?.id ?? approval.id),
        onError: (thrown) => toasts.fail(thrown),
      },
    )
  }

  useKeys((event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return
    if (document.querySelector('[role="dialog"]') !== null) return
    const id = document.activeElement?.closest('[data-approval]')?.getAttribute('data-approval')
    const at = onCards.findIndex((each) => each.id === id)
    if (event.key === 'j' || event.key === 'k') {
      event.preventDefault()
      focusCard(
        onCards[at === -1 ? 0 : Math.min(onCards.length - 1, Math.max(0, at + (event.key === 'j' ? 1 : -1)))]?.id,
      )
      return
    }
    const approval = onCards[at]
    if (approval?.state !== 'pending' || !(event.key === 'y' || event.key === 'n')) return
    event.preventDefault()
    onDecide(approval, event.key === 'y')
  })

  return (
    <Page title="Approvals">
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5 md:px-6">
        {list.error !== null && list.data === undefined && (
          <ErrorCard thrown={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.isPending && <Skeleton rows={2} className="h-40" />}
        {waiting.length > 0 && (
          <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-sm text-soft max-sm:hidden">
            <Kbd>j</Kbd>
            <Kbd>k</Kbd> next, previous
            <span className="ml-3 flex items-center gap-1.5">
              <Kbd>y</Kbd> approve
            </span>
            <span className="ml-3 flex items-center gap-1.5">
              <Kbd>n</Kbd> deny the one in focus
            </span>
          </p>
        )}
        {onCards.length > 0 && (
          <section aria-label="Waiting" className="flex flex-col gap-4">
            {onCards.map((approval) => (
              <ApprovalCard
                key={approval.id}
                approval={approval}
                linked
                busy={decide.isPending}
                ref={(element: HTMLElement | null) => {
                  if (element === null) cards.current.delete(approval.id)
                  else cards.current.set(approval.id, element)
                }}
                onDecide={(approve) => onDecide(approval, approve)}
              />
            ))}
          </section>
        )}
        {list.data !== undefined && waiting.length === 0 && onCards.length === 0 && (
          <Empty
            title="Nothing waits for you"
            action={
              <Link to={route.rules} className={buttonClass('plain')}>
                Open the rules
              </Link>
            }
          >
            A rule can say that an agent asks before it does something: run a command, write below a folder, use a tool.
            Such calls wait here for ten minutes, exactly as they would be done.
          </Empty>
        )}
        {history.length > 0 && <History items={history} />}
      </div>
    </Page>
  )
}

function History({ items }: { items: readonly Approval[] }) {
  return (
    <section aria-label="Decided">
      <h2 className="mb-1.5 mt-3 text-sm font-semibold text-soft">Decided</h2>
      <ul className="panel divide-y divide-line">
        {items.map((approval) => (
          <li
            key={approval.id}
            className="relative flex flex-wrap items-center gap-x-4 gap-y-0.5 px-5 py-2.5 hover:bg-hover"
          >
            <StateMark state={approval.state} className="w-40" />
            <Link
              to={route.approval}
              params={{ id: approval.id }}
              className="min-w-0 flex-1 basis-64 truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-brass-line"
            >
              {summary(approval)}
            </Link>
            <Ago at={approval.decidedAt ?? approval.createdAt} className="text-xs text-faint" />
          </li>
        ))}
      </ul>
    </section>
  )
}

function summary(approval: Approval) {
  const { wish, parts } = describe(approval)
  const first = parts[0]?.text.split('\n')[0] ?? ''
  return (
    <>
      {actorSubject(approval.actor)} {wish.replace('wants to', 'wanted to')}
      {first !== '' && <span className="font-mono text-xs text-soft"> {first}</span>}
    </>
  )
}
